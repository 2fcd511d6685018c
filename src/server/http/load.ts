import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';

/** How long a request may take to arrive and yet count as load, in milliseconds. */
const MAX_ARRIVAL_MS = 1_000;
/** How often the age of the requests is checked, in milliseconds. */
const CHECK_INTERVAL_MS = 200;
/** How long a request may last at all, in milliseconds: until it has arrived, is answered, and its response is read. */
const MAX_LIFE_MS = 60_000;
/** Requests of one connection that may wait for their responses. No client of GraphQL pipelines more. */
const MAX_PIPELINED = 10;

/** The requests in flight. */
export interface InFlight {
  /** Counts a request until its response is sent, or its connection is closed. */
  add(request: IncomingMessage, response: ServerResponse): void;
  /** Returns the latest request of a connection that is still in flight. */
  latestOf(socket: Socket): IncomingMessage | undefined;
  /** How many there are. */
  count(): number;
  /** How many of them this server works on: not those that wait for their client to send or to read. */
  load(): number;
}

interface Entry {
  readonly request: IncomingMessage;
  /** By `performance.now()`. */
  readonly startedAt: number;
  /** Whether it waits for its client. */
  isWaitingForClient: boolean;
}

/**
 * Creates the count of requests in flight. It counts by connection, since Node reports no end of pipelined responses when
 * their connection breaks.
 *
 * @param onNone called whenever none is left
 */
export function createInFlight(onNone: () => void): InFlight {
  const bySocket = new Map<Socket, Entry[]>();
  let total = 0;
  let waitingForClient = 0;
  let checking: ReturnType<typeof setInterval> | null = null;

  const setWaiting = (entry: Entry, isWaiting: boolean) => {
    if (entry.isWaitingForClient === isWaiting) return;
    entry.isWaitingForClient = isWaiting;
    waitingForClient += isWaiting ? 1 : -1;
  };
  const remove = (entries: Entry[], entry: Entry) => {
    const index = entries.indexOf(entry);
    if (index < 0) return;
    entries.splice(index, 1);
    total -= 1;
    setWaiting(entry, false);
    if (total === 0) onNone();
  };

  const check = () => {
    const now = performance.now();
    for (const [socket, entries] of bySocket) {
      for (const entry of entries) {
        const { request, startedAt } = entry;
        if (now - startedAt >= MAX_LIFE_MS) socket.destroy();
        else if (now - startedAt >= MAX_ARRIVAL_MS && !request.complete && !entry.isWaitingForClient) {
          setWaiting(entry, true);
          request.once('end', () => setWaiting(entry, false));
        }
      }
    }
    if (total > 0 || checking === null) return;
    clearInterval(checking);
    checking = null;
  };

  const entriesOf = (socket: Socket): Entry[] => {
    const known = bySocket.get(socket);
    if (known) return known;
    const entries: Entry[] = [];
    bySocket.set(socket, entries);
    socket.once('close', () => {
      while (entries[0]) remove(entries, entries[0]);
      bySocket.delete(socket);
    });
    return entries;
  };

  return {
    add: (request, response) => {
      const { socket } = request;
      const entries = entriesOf(socket);
      const entry: Entry = { request, startedAt: performance.now(), isWaitingForClient: false };
      entries.push(entry);
      total += 1;
      if (entries.length > MAX_PIPELINED) socket.destroy();
      checking ??= setInterval(check, CHECK_INTERVAL_MS).unref();
      // The response is handed over to the connection: the rest is for the client to read.
      response.once('prefinish', () => entries.includes(entry) && setWaiting(entry, true));
      response.once('close', () => remove(entries, entry));
    },
    latestOf: (socket) => bySocket.get(socket)?.at(-1)?.request,
    count: () => total,
    load: () => total - waitingForClient,
  };
}
