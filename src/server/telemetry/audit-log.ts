import { type FileHandle, open } from 'node:fs/promises';
import { write } from 'node:fs';
import { promisify } from 'node:util';
import type { AuditEvent } from '../../access/audit.js';
import { ConfigurationError } from '../config/environment.js';

/** Maximum number of events that wait to be written. Any more are rejected immediately. */
const MAX_WAITING = 10_000;
/** A write to a pipe is atomic up to 4,096 bytes (PIPE_BUF on Linux). One byte is for a leading line break. */
const MAX_PAGE_BYTES = 4_095;
/** A write to a file is atomic at any size. Its thread switch costs more than its data, so it takes many pages. */
const MAX_PAGES_AT_ONCE = 256;
/** Event-loop turns to wait for more events: a write is the main cost of an event. An idle turn takes microseconds. */
const MAX_TURNS = 4;
/** Time in milliseconds after which a write waits for no further turn: long turns queue enough events. */
const MAX_WAIT_MS = 0.5;
/** Pause before the next write to a full pipe, in milliseconds. */
const FULL_PIPE_PAUSE_MS = 20;
/** Pause after a failed write, before a line break probes whether writing works again, in milliseconds. */
const PROBE_PAUSE_MS = 1_000;
/** Time in milliseconds after which a write counts as stuck: then its tokens are withheld. */
const STUCK_MS = 2_000;

const writeTo = promisify(write);

/** DEL, and every non-ASCII UTF-16 code unit. */
const NOT_ASCII = /[\u007f-\uffff]/g;

/** Writes audit events as JSON, one per line. */
export interface AuditLog {
  /** Resolves once the operating system has the event. The events of one page share the promise. */
  readonly write: (event: AuditEvent) => Promise<void>;
  /** Returns whether the last write succeeded, and none is stuck. */
  readonly isWritable: () => boolean;
  /** Reopens the file after log rotation has moved it. */
  readonly reopen: () => Promise<void>;
  readonly close: () => Promise<void>;
}

/** Lines that are written together. If any part is missing, none of their events is recorded. */
class Page {
  /** ASCII, so its length is its size in bytes. */
  text = '';
  events = 0;
  resolve!: () => void;
  reject!: (error: unknown) => void;
  readonly written = new Promise<void>((resolve, reject) => {
    this.resolve = resolve;
    this.reject = reject;
  });

  hasRoomFor(line: string): boolean {
    // A line that is longer than the maximum has its own page.
    return this.events === 0 || this.text.length + line.length <= MAX_PAGE_BYTES;
  }
}

/**
 * Opens an audit log: an append-only file, or standard output. It writes queued events together. After a failed write,
 * the next one starts with a line break, so that a partial line never swallows the next event. Until a write succeeds,
 * this line break is written every second, to find out when writing works again.
 *
 * @param path null for standard output
 * @param onChange called with the error of the first failed write, and with null at the next successful one
 */
export async function openAuditLog(
  path: string | null,
  onChange: (error: unknown) => void = () => undefined,
): Promise<AuditLog> {
  // Only the owner may read the file: it shows who uses what.
  const openFile = async (): Promise<FileHandle | null> => (path === null ? null : open(path, 'a+', 0o600));
  let file = await openFile();
  let reopened: FileHandle | null = null;
  let pages: Page[] = [];
  let waiting = 0;
  let isLineOpen = await endsWithinLine(file);
  let writing: Promise<void> | null = null;
  let writesSince = 0;
  let hasFailed = false;
  let probe: NodeJS.Timeout | undefined;

  const settle = (error: unknown): void => {
    if ((error !== null) !== hasFailed) onChange(error);
    hasFailed = error !== null;
    if (hasFailed) probe = setTimeout(() => void (writing ??= writeAll()), PROBE_PAUSE_MS).unref();
  };

  /** Writes as much as possible. Returns the number of bytes written, and the error that stopped it or null. */
  const writeWhole = async (text: string): Promise<{ readonly written: number; readonly error: unknown }> => {
    let written = 0;
    while (written < text.length) {
      try {
        const { bytesWritten } = await writeTo(file?.fd ?? 1, text.slice(written), null, 'latin1');
        written += bytesWritten;
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code !== 'EAGAIN') return { written, error };
        await new Promise((resolve) => setTimeout(resolve, FULL_PIPE_PAUSE_MS));
      }
    }
    return { written, error: null };
  };

  /** Switches to the reopened file. Runs between two writes, so that no line is split. */
  const moveOn = async (): Promise<void> => {
    const former = file;
    [file, reopened] = [reopened, null];
    isLineOpen = await endsWithinLine(file);
    // The lines of the old file are written, so a failure to close it has no effect on them.
    await former?.close().catch(() => undefined);
  };

  const hasMore = () => pages.length > 0 || reopened !== null;
  const writeAll = async (): Promise<void> => {
    do {
      clearTimeout(probe);
      writesSince = performance.now();
      await waitForMore();
      if (reopened !== null) await moveOn();
      const batch = pages.splice(0, file ? MAX_PAGES_AT_ONCE : 1);
      for (const { events } of batch) waiting -= events;
      const begin = isLineOpen ? '\n' : '';
      const { written, error } = await writeWhole(begin + batch.map(({ text }) => text).join(''));
      // Even if nothing was written: another process may have broken off a line because the disk is full.
      isLineOpen = error !== null;
      settle(error);
      let end = begin.length;
      for (const page of batch) {
        end += page.text.length;
        // A completely written page is recorded, even if a later one failed.
        if (end <= written) page.resolve();
        else page.reject(error);
      }
    } while (hasMore());
    writing = null;
  };

  return {
    write: (event) => {
      if (waiting >= MAX_WAITING) {
        return Promise.reject(new Error('Too many audit events are waiting to be written.'));
      }
      const line = toLine(event);
      let page = pages.at(-1);
      if (!page?.hasRoomFor(line)) pages.push((page = new Page()));
      page.text += line;
      page.events += 1;
      waiting += 1;
      writing ??= writeAll();
      return page.written;
    },
    isWritable: () => !hasFailed && (writing === null || performance.now() - writesSince < STUCK_MS),
    reopen: async () => {
      const next = await openFile();
      const unused = reopened;
      reopened = next;
      await unused?.close();
      await (writing ??= writeAll());
    },
    close: async () => {
      await writing;
      // After the last write, which may have failed and started the timer.
      clearTimeout(probe);
      await file?.close();
    },
  };
}

/**
 * Opens the audit log that `XKIT_AUDIT_LOG` names, or standard output.
 *
 * @throws {ConfigurationError} if it cannot be opened
 */
export async function requireAuditLog(path: string | null, onChange?: (error: unknown) => void): Promise<AuditLog> {
  return openAuditLog(path, onChange).catch(({ code }: NodeJS.ErrnoException) => {
    throw new ConfigurationError([
      `XKIT_AUDIT_LOG cannot be opened: ${code}. Name a file that this program can append to`,
    ]);
  });
}

async function waitForMore(): Promise<void> {
  const latest = performance.now() + MAX_WAIT_MS;
  for (let turn = 0; turn < MAX_TURNS; turn += 1) {
    await new Promise((resolve) => setImmediate(resolve));
    if (performance.now() >= latest) return;
  }
}

/** Returns whether the last line of a file was cut off, for example by a crash. */
async function endsWithinLine(file: FileHandle | null): Promise<boolean> {
  try {
    const { size = 0 } = (await file?.stat()) ?? {};
    if (!file || size === 0) return false;
    const { buffer } = await file.read(Buffer.alloc(1), 0, 1, size - 1);
    return buffer.toString() !== '\n';
  } catch {
    // An extra line break does no harm.
    return true;
  }
}

/** Formats an event in ASCII, so that no id can control a terminal or forge a line. */
function toLine(event: AuditEvent): string {
  const json = JSON.stringify({ event: 'audit', ...event });
  return `${json.replace(NOT_ASCII, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`)}\n`;
}
