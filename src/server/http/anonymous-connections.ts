import { readdirSync, readFileSync, statSync } from 'node:fs';
import type { Socket } from 'node:net';

/** Share of the process's file descriptors from which on connections are closed. */
const MAX_SHARE = 0.8;
/** Share from which on connections are closed that are younger than {@link FIRST_REQUEST_MS}. */
const URGENT_SHARE = 0.9;
/** Time that a new connection has for its first request, in milliseconds. */
const FIRST_REQUEST_MS = 1_000;
/** Interval of counting the file descriptors, in milliseconds. */
const COUNT_INTERVAL_MS = 1_000;
/** Assumed number of file descriptors on a system without `/proc`. */
const DEFAULT_LIMIT = 1_024;

/** The HTTP connections of a server that never carried a valid credential. */
export interface AnonymousConnections {
  /** Adds a new connection. */
  add(socket: Socket): void;
  /** Stops counting file descriptors. */
  stop(): void;
}

/**
 * Creates the list of a server's anonymous connections. While the process uses at least 80 % of its file descriptors,
 * it closes the idle ones, oldest first. Otherwise, clients without a credential could take all file descriptors, and
 * no caller could connect. A new caller has not sent its credential yet, so below 90 %, a connection stays open for at
 * least a second.
 *
 * A system without `/proc` counts only the connections of this server, of at most 1,024.
 *
 * @param isIdle returns whether a connection has no in-flight request
 * @param isKnown returns whether a connection has carried a valid credential
 */
export function createAnonymousConnections(
  isIdle: (socket: Socket) => boolean,
  isKnown: (socket: Socket) => boolean,
): AnonymousConnections {
  const limit = readLimit();
  const open = new Set<Socket>();
  /** `performance.now()` when each connection was opened, oldest first. */
  const anonymous = new Map<Socket, number>();
  /** File descriptors that are not connections of this server, at the last count. */
  let others = 0;

  const forget = (socket: Socket) => {
    open.delete(socket);
    anonymous.delete(socket);
  };
  const closeOldest = () => {
    const now = performance.now();
    for (const [socket, openedAt] of anonymous) {
      const share = (others + open.size) / limit;
      if (share < MAX_SHARE || (share < URGENT_SHARE && now - openedAt < FIRST_REQUEST_MS)) return;
      if (isKnown(socket)) anonymous.delete(socket);
      else if (isIdle(socket)) {
        socket.destroy();
        forget(socket);
      }
    }
  };
  const count = () => {
    others = Math.max(0, countDescriptors(limit) - open.size);
    closeOldest();
  };
  count();
  const timer = setInterval(count, COUNT_INTERVAL_MS).unref();

  return {
    add: (socket) => {
      open.add(socket);
      socket.once('close', () => forget(socket));
      closeOldest();
      anonymous.set(socket, performance.now());
    },
    stop: () => clearInterval(timer),
  };
}

/** Reads the maximum number of file descriptors of this process. */
function readLimit(): number {
  try {
    const [, limit] = /^Max open files +(\d+)/m.exec(readFileSync('/proc/self/limits', 'latin1')) ?? [];
    return Number(limit ?? DEFAULT_LIMIT);
  } catch {
    return DEFAULT_LIMIT;
  }
}

/** Returns the number of file descriptors of this process, `limit` if none is left to count them, or 0 if unknown. */
function countDescriptors(limit: number): number {
  try {
    // The size is the number since Linux 6.2. The list of 10,000 takes 14 ms.
    return statSync('/proc/self/fd').size || readdirSync('/proc/self/fd').length;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EMFILE' ? limit : 0;
  }
}
