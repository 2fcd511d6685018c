import { type FileHandle, open } from 'node:fs/promises';
import { write } from 'node:fs';
import { promisify } from 'node:util';
import type { AuditEvent } from '../../access/audit.js';
import { ConfigurationError } from '../config/environment.js';

/** Events that may wait to be written at most; any more are refused at once. */
const MAX_WAITING = 10_000;
/**
 * A write to a pipe is whole up to 4,096 bytes, whatever else writes to it: PIPE_BUF of POSIX on Linux. One byte is for
 * the line break that may come first.
 */
const MAX_PAGE_BYTES = 4_095;
/** A write to a file is whole whatever its size. It goes through another thread, which costs more than what it writes. */
const MAX_PAGES_AT_ONCE = 256;
/**
 * A write waits for what else comes, since one for each event would cost more than all else about it: for so many turns
 * of the event loop, which are over in microseconds where there is nothing to do.
 */
const MAX_TURNS = 4;
/** The next turn is waited for within so many milliseconds: turns that take longer have brought enough. */
const MAX_WAIT_MS = 0.5;
/** Pause before a full pipe is tried again, in milliseconds. */
const FULL_PIPE_PAUSE_MS = 20;

const writeTo = promisify(write);

/** All that is not ASCII, and DEL. */
const NOT_ASCII = /[\u007f-\uffff]/g;

/** Writes audit events as JSON, one on a line. */
export interface AuditLog {
  /** Is fulfilled once the operating system has the event. Those that stand on one page share the promise. */
  readonly write: (event: AuditEvent) => Promise<void>;
  /** Opens the file anew, after somebody has moved it away (log rotation). */
  readonly reopen: () => Promise<void>;
  readonly close: () => Promise<void>;
}

/** Lines that are there as a whole or count for none of their events. */
class Page {
  /** In ASCII, so that its length is its bytes. */
  text = '';
  events = 0;
  resolve!: () => void;
  reject!: (error: unknown) => void;
  readonly written = new Promise<void>((resolve, reject) => {
    this.resolve = resolve;
    this.reject = reject;
  });

  hasRoomFor(line: string): boolean {
    // A line that is longer than any page has one to itself.
    return this.events === 0 || this.text.length + line.length <= MAX_PAGE_BYTES;
  }
}

/**
 * Opens an audit log: a file that is only ever appended to, or standard output.
 *
 * What waits is written together. If a write fails in the middle of a line, the next one begins with a line break, so
 * that a broken line never swallows the event behind it.
 *
 * @param path null for standard output
 */
export async function openAuditLog(path: string | null): Promise<AuditLog> {
  // Readable by its owner alone: it tells who uses what.
  const openFile = async (): Promise<FileHandle | null> => (path === null ? null : open(path, 'a+', 0o600));
  let file = await openFile();
  let reopened: FileHandle | null = null;
  let pages: Page[] = [];
  let waiting = 0;
  let isLineOpen = await endsWithinLine(file);
  let writing: Promise<void> | null = null;

  /** Writes as much as it can: says how many bytes that were, and what hindered the rest, or null. */
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

  /** Goes on with the file that was opened anew: between two writes, so that neither gets a part of a line. */
  const moveOn = async (): Promise<void> => {
    const former = file;
    [file, reopened] = [reopened, null];
    isLineOpen = await endsWithinLine(file);
    // What was written is written; there is nothing to do about a file that cannot be closed.
    await former?.close().catch(() => undefined);
  };

  const hasMore = () => pages.length > 0 || reopened !== null;
  const writeAll = async (): Promise<void> => {
    do {
      await waitForMore();
      if (reopened !== null) await moveOn();
      const batch = pages.splice(0, file ? MAX_PAGES_AT_ONCE : 1);
      for (const { events } of batch) waiting -= events;
      const begin = isLineOpen ? '\n' : '';
      const { written, error } = await writeWhole(begin + batch.map(({ text }) => text).join(''));
      // Of this process or of another one, which found the disk full as well.
      isLineOpen = error !== null;
      let end = begin.length;
      for (const page of batch) {
        end += page.text.length;
        // Those that are there as a whole are recorded, whatever became of the ones behind them.
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
    reopen: async () => {
      const next = await openFile();
      const unused = reopened;
      reopened = next;
      await unused?.close();
      await (writing ??= writeAll());
    },
    close: async () => {
      await writing;
      await file?.close();
    },
  };
}

/**
 * Opens the audit log that `XKIT_AUDIT_LOG` names, or standard output.
 *
 * @throws {ConfigurationError} if it cannot be opened
 */
export async function requireAuditLog(path: string | null): Promise<AuditLog> {
  return openAuditLog(path).catch(({ code }: NodeJS.ErrnoException) => {
    throw new ConfigurationError([`XKIT_AUDIT_LOG cannot be opened: ${code}. Name a file that can be appended to`]);
  });
}

async function waitForMore(): Promise<void> {
  const latest = performance.now() + MAX_WAIT_MS;
  for (let turn = 0; turn < MAX_TURNS; turn += 1) {
    await new Promise((resolve) => setImmediate(resolve));
    if (performance.now() >= latest) return;
  }
}

/** Tells whether somebody, a crash say, broke off the last line of a file. */
async function endsWithinLine(file: FileHandle | null): Promise<boolean> {
  try {
    const { size = 0 } = (await file?.stat()) ?? {};
    if (!file || size === 0) return false;
    const { buffer } = await file.read(Buffer.alloc(1), 0, 1, size - 1);
    return buffer.toString() !== '\n';
  } catch {
    // One line break too many does no harm.
    return true;
  }
}

/** Writes an event in ASCII, so that no id in it can act on a terminal or look like another line. */
function toLine(event: AuditEvent): string {
  const json = JSON.stringify({ event: 'audit', ...event });
  return `${json.replace(NOT_ASCII, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`)}\n`;
}
