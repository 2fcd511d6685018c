import { type FileHandle, open } from 'node:fs/promises';
import { write } from 'node:fs';
import { promisify } from 'node:util';

import type { AuditEvent } from '../../access/audit.js';
import { ConfigurationError } from '../configuration/environment.js';

/** Events that may wait to be written at most; any more are refused at once. */
const MAX_WAITING = 10_000;
/** A write to a pipe is whole up to this many bytes, whatever else writes to it: PIPE_BUF of POSIX on Linux. */
const MAX_PIPE_WRITE_BYTES = 4_096;
/** One to a file is whole whatever its size. It goes through another thread, which costs more than what it writes. */
const MAX_FILE_WRITE_BYTES = 1_048_576;
/** Time between the beginnings of two writes at least, in milliseconds: what comes meanwhile is written together. */
const MIN_INTERVAL_MS = 1;
/** Pause before a full pipe is tried again, in milliseconds. */
const FULL_PIPE_PAUSE_MS = 20;

const writeTo = promisify(write);

/** Writes audit events as JSON, one on a line. */
export interface AuditLog {
  /** Is fulfilled once the operating system has the event. */
  readonly write: (event: AuditEvent) => Promise<void>;
  /** Opens the file anew, after somebody has moved it away (log rotation). */
  readonly reopen: () => Promise<void>;
  readonly close: () => Promise<void>;
}

interface Waiting {
  /** In ASCII, so that its length is its bytes. */
  readonly line: string;
  readonly resolve: () => void;
  readonly reject: (error: unknown) => void;
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
  let waiting: Waiting[] = [];
  let isLineOpen = await endsWithinLine(file);
  let writing: Promise<void> | null = null;
  let wroteAt = -Infinity;

  /** Writes as much as it can: says how many bytes that were, and what hindered the rest, or null. */
  const writeWhole = async (bytes: Buffer): Promise<{ readonly written: number; readonly error: unknown }> => {
    let written = 0;
    while (written < bytes.length) {
      try {
        const { bytesWritten } = await writeTo(file?.fd ?? 1, bytes, written);
        written += bytesWritten;
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code !== 'EAGAIN') return { written, error };
        await new Promise((resolve) => setTimeout(resolve, FULL_PIPE_PAUSE_MS));
      }
    }
    return { written, error: null };
  };

  /** Goes on with the file that was opened anew: between two writes, so that neither gets a part of a line. */
  const moveOn = async (): Promise<true> => {
    const former = file;
    [file, reopened] = [reopened, null];
    isLineOpen = await endsWithinLine(file);
    // What was written is written; there is nothing to do about a file that cannot be closed.
    await former?.close().catch(() => undefined);
    return true;
  };

  const writeAll = async (): Promise<void> => {
    for (;;) {
      // A write goes through another thread: one for each event would cost more than all else about it.
      const pauseMs = wroteAt + MIN_INTERVAL_MS - performance.now();
      // Always later than the call: whoever began this has to be able to tell that it is under way.
      await (pauseMs > 0 ? new Promise((resolve) => setTimeout(resolve, pauseMs)) : undefined);
      const moved = reopened !== null && (await moveOn());
      const batch = takeBatch(waiting, file ? MAX_FILE_WRITE_BYTES : MAX_PIPE_WRITE_BYTES);
      if (batch.length === 0 && !moved) break;
      waiting = waiting.slice(batch.length);
      const begin = isLineOpen ? '\n' : '';
      wroteAt = performance.now();
      const text = begin + batch.map(({ line }) => line).join('');
      const { written, error } = await writeWhole(Buffer.from(text, 'latin1'));
      // Of this process or of another one, which found the disk full as well.
      isLineOpen = error !== null;
      let end = begin.length;
      for (const { line, resolve, reject } of batch) {
        end += line.length;
        // Those that are there as a whole are recorded, whatever became of the ones behind them.
        if (end <= written) resolve();
        else reject(error);
      }
    }
    writing = null;
  };

  return {
    write: (event) => {
      if (waiting.length >= MAX_WAITING) {
        return Promise.reject(new Error('Too many audit events are waiting to be written.'));
      }
      return new Promise((resolve, reject) => {
        waiting.push({ line: toLine(event), resolve, reject });
        writing ??= writeAll();
      });
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
    throw new ConfigurationError([`XKIT_AUDIT_LOG cannot be opened: ${code}`]);
  });
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

/** Takes as many events as one write holds, and at least one. */
function takeBatch(waiting: readonly Waiting[], maxBytes: number): Waiting[] {
  let bytes = 0;
  const count = waiting.findIndex(({ line }) => (bytes += line.length) > maxBytes);
  return waiting.slice(0, count === -1 ? waiting.length : Math.max(count, 1));
}

const NOT_ASCII = /[\u007f-\uffff]/g;

/** Writes an event in ASCII, so that no id of somebody else's can act on a terminal or look like another line. */
function toLine(event: AuditEvent): string {
  const json = `{"event":"audit",${JSON.stringify(event).slice(1)}\n`;
  if (json.search(NOT_ASCII) === -1) return json;
  return json.replace(NOT_ASCII, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`);
}
