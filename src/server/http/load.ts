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
function createInFlight(onNone: () => void): InFlight {
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

/** How often it is looked at how late the event loop is, in milliseconds. */
const TICK_MS = 25;
/** How late it is when the process has more to do than it can, in milliseconds. */
const DEFAULT_MAX_DELAY_MS = 150;
/** How often in a row: a pause for garbage, or of the whole machine, is one. */
const MIN_LATE_TICKS = 3;

/** Tells whether the process has more to do than it can. */
export interface Overload {
  /** @param inFlight requests that are being answered */
  isOverloaded(inFlight: number): boolean;
  /** Gives the latest that the event loop has been since this was called before, in milliseconds. */
  takeMaxDelayMs(): number;
  close(): void;
}

/**
 * Watches the load of this process: how many requests it has at once, and how late its event loop is, which is what
 * too many of them come to in the end.
 *
 * By a timer of its own: `monitorEventLoopDelay` says nothing of the time before its second tick after each reset, so
 * that a loop which is later than the pause between two resets seems to be in time.
 *
 * @param maxDelayMs how late it may be turn by turn, in milliseconds
 */
export function createOverload(maxOperations: number, maxDelayMs = DEFAULT_MAX_DELAY_MS): Overload {
  let lateTicks = 0;
  let lastTickAt = performance.now();
  let latestMs = 0;
  const timer = setInterval(() => {
    const delayMs = performance.now() - lastTickAt - TICK_MS;
    latestMs = Math.max(latestMs, delayMs);
    lastTickAt = performance.now();
    lateTicks = delayMs > maxDelayMs ? lateTicks + 1 : 0;
  }, TICK_MS).unref();
  return {
    isOverloaded: (inFlight) => inFlight > maxOperations || lateTicks >= MIN_LATE_TICKS,
    takeMaxDelayMs: () => {
      // What is late now will have been late at the next tick only.
      const delayMs = Math.max(latestMs, performance.now() - lastTickAt - TICK_MS);
      latestMs = 0;
      return delayMs;
    },
    close: () => clearInterval(timer),
  };
}

/** Why a server refuses every operation for a moment. */
export interface LoadProblem {
  readonly code: 'OVERLOADED' | 'SHUTTING_DOWN';
  /** How many requests are in flight. */
  readonly inFlight: number;
}

/** The load of one server. */
export interface Load {
  readonly inFlight: InFlight;
  /** Returns why no operation may begin now, or null. */
  findProblem(): LoadProblem | null;
  /** Has every operation refused from now on. Is fulfilled once no request is in flight. */
  drain(): Promise<void>;
  /** Returns the longest event-loop lag since the last call, in milliseconds. */
  takeMaxDelayMs(): number;
  /** Stops watching the event loop. */
  stop(): void;
}

/**
 * Creates the load of one server.
 *
 * @param maxOperations requests in flight from which operations are refused
 * @param maxDelayMs event-loop lag from which operations are refused, in milliseconds
 */
export function createLoad(maxOperations = Infinity, maxDelayMs?: number): Load {
  let isClosing = false;
  let onIdle: (() => void) | null = null;
  const inFlight = createInFlight(() => onIdle?.());
  const overload = createOverload(maxOperations, maxDelayMs);
  return {
    inFlight,
    findProblem: () => {
      const count = inFlight.load();
      if (isClosing) return { code: 'SHUTTING_DOWN', inFlight: count };
      return overload.isOverloaded(count) ? { code: 'OVERLOADED', inFlight: count } : null;
    },
    drain: () => {
      isClosing = true;
      if (inFlight.count() === 0) return Promise.resolve();
      return new Promise((resolve) => {
        onIdle = resolve;
      });
    },
    takeMaxDelayMs: overload.takeMaxDelayMs,
    stop: overload.close,
  };
}
