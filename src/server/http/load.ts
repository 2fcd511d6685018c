import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import { type AnonymousConnections, createAnonymousConnections } from './anonymous-connections.js';
import type { HttpLimit } from './http-limits.js';

/** Age at which a request that has not fully arrived no longer counts as load, in milliseconds. */
const MAX_ARRIVAL_MS = 1_000;
/** Interval of checking the age of the requests, in milliseconds. */
const CHECK_INTERVAL_MS = 200;
/** Maximum duration of a request, until its client has read the response, in milliseconds. */
const MAX_LIFE_MS = 60_000;
/** Maximum requests of one connection that wait for their responses. No GraphQL client pipelines more. */
const MAX_PIPELINED = 10;

/** The in-flight requests of a server. */
export interface InFlight {
  /** Counts a request until its response is sent or its connection is closed. */
  add(request: IncomingMessage, response: ServerResponse): void;
  /** Returns the latest request of a connection that is still in flight. */
  latestOf(socket: Socket): IncomingMessage | undefined;
  /** Returns whether a response has begun on a connection, and is not complete. */
  isAnswering(socket: Socket): boolean;
  /** Returns the number of requests. */
  count(): number;
  /** Returns the number of requests that this server works on. Does not count a request that waits for its client. */
  load(): number;
}

interface Entry {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  /** `performance.now()` when the request arrived. */
  readonly startedAt: number;
  /** Whether the client still has to send the request, or to read the response. */
  isWaitingForClient: boolean;
}

/**
 * Creates the counter of in-flight requests. It counts by connection, because Node reports no end of pipelined
 * responses when their connection breaks.
 *
 * @param onNone called each time that no request is left
 * @param onLimit called each time that a connection is closed because of a limit
 */
function createInFlight(onNone: () => void, onLimit: (limit: HttpLimit) => void): InFlight {
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

  const close = (socket: Socket, limit: HttpLimit) => {
    if (!socket.destroyed) onLimit(limit);
    socket.destroy();
  };
  const check = () => {
    const now = performance.now();
    for (const [socket, entries] of bySocket) {
      for (const entry of entries) {
        const { request, startedAt } = entry;
        if (now - startedAt >= MAX_LIFE_MS) close(socket, 'duration');
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
      const entry: Entry = { request, response, startedAt: performance.now(), isWaitingForClient: false };
      entries.push(entry);
      total += 1;
      if (entries.length > MAX_PIPELINED) close(socket, 'pipelined-requests');
      checking ??= setInterval(check, CHECK_INTERVAL_MS).unref();
      // The connection has the complete response, which the client still has to read.
      response.once('prefinish', () => entries.includes(entry) && setWaiting(entry, true));
      response.once('close', () => remove(entries, entry));
    },
    latestOf: (socket) => bySocket.get(socket)?.at(-1)?.request,
    isAnswering: (socket) => bySocket.get(socket)?.some(({ response }) => response.headersSent) ?? false,
    count: () => total,
    load: () => total - waitingForClient,
  };
}

/** Interval of measuring the event-loop lag, in milliseconds. */
const TICK_MS = 25;
/** Event-loop lag above which a tick is late, in milliseconds. */
const DEFAULT_MAX_DELAY_MS = 150;
/** Consecutive late ticks of an overloaded process. A garbage collection or a pause of the machine causes only one. */
const MIN_LATE_TICKS = 3;

/** Detects that the process is overloaded. */
export interface Overload {
  /** @param inFlight the number of requests that this server works on */
  isOverloaded(inFlight: number): boolean;
  /** Returns the longest event-loop lag since the last call, in milliseconds. */
  takeMaxDelayMs(): number;
  close(): void;
}

/**
 * Creates the overload detector of this process. It checks the number of concurrent requests and the event-loop lag,
 * which grows if there are too many.
 *
 * It measures the lag with its own timer. `monitorEventLoopDelay` reports nothing before its second tick after each
 * reset, so it would miss a lag that is longer than the time between two resets.
 *
 * @param maxDelayMs event-loop lag above which a tick is late, in milliseconds
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
      // Includes the current lag, which the timer records only at its next tick.
      const delayMs = Math.max(latestMs, performance.now() - lastTickAt - TICK_MS);
      latestMs = 0;
      return delayMs;
    },
    close: () => clearInterval(timer),
  };
}

/** The reason why a server currently refuses every operation. */
export interface LoadProblem {
  readonly code: 'OVERLOADED' | 'SHUTTING_DOWN';
  /** The limit of an overload, for the log. */
  readonly reason?: 'operations' | 'event-loop-lag';
  /** The number of requests that this server works on. */
  readonly inFlight: number;
}

/** The load of one server. */
export interface Load {
  readonly inFlight: InFlight;
  readonly anonymous: AnonymousConnections;
  /** Called each time that a connection is closed because of a limit of HTTP. */
  readonly onLimit: (limit: HttpLimit) => void;
  /** Remembers that a connection has carried a valid credential. */
  identify(socket: Socket): void;
  /**
   * Returns the reason why no operation may start now, or null.
   *
   * @param isReadiness whether the request asks if the server is ready, which it is not once its end is announced
   */
  findProblem(isReadiness: boolean): LoadProblem | null;
  /** Announces the end of the server, which still serves every operation. */
  announceClose(): void;
  /** Returns whether the end of the server is announced. */
  isEnding(): boolean;
  /** Refuses every operation from now on. Resolves when no request is in flight. */
  drain(): Promise<void>;
  /** Returns the longest event-loop lag since the last call, in milliseconds. */
  takeMaxDelayMs(): number;
  /** Stops watching the event loop and the file descriptors. */
  stop(): void;
}

/**
 * Creates the load of one server.
 *
 * @param maxOperations number of concurrent requests above which operations are refused
 * @param maxDelayMs event-loop lag above which operations are refused, in milliseconds
 * @param onLimit called each time that a connection is closed because of a limit of HTTP
 */
export function createLoad(
  maxOperations = Infinity,
  maxDelayMs?: number,
  onLimit: Load['onLimit'] = () => undefined,
): Load {
  let isEnding = false;
  let isClosing = false;
  let onIdle: (() => void) | null = null;
  const inFlight = createInFlight(() => onIdle?.(), onLimit);
  const known = new WeakSet<Socket>();
  const isIdle = (socket: Socket) => inFlight.latestOf(socket) === undefined;
  const anonymous = createAnonymousConnections(isIdle, (socket) => known.has(socket));
  const overload = createOverload(maxOperations, maxDelayMs);
  return {
    inFlight,
    anonymous,
    onLimit,
    identify: (socket) => known.add(socket),
    findProblem: (isReadiness) => {
      const count = inFlight.load();
      if (isClosing || (isReadiness && isEnding)) return { code: 'SHUTTING_DOWN', inFlight: count };
      const reason = count > maxOperations ? 'operations' : 'event-loop-lag';
      return overload.isOverloaded(count) ? { code: 'OVERLOADED', reason, inFlight: count } : null;
    },
    announceClose: () => {
      isEnding = true;
    },
    isEnding: () => isEnding,
    drain: () => {
      isEnding = true;
      isClosing = true;
      if (inFlight.count() === 0) return Promise.resolve();
      return new Promise((resolve) => {
        onIdle = resolve;
      });
    },
    takeMaxDelayMs: overload.takeMaxDelayMs,
    stop: () => {
      overload.close();
      anonymous.stop();
    },
  };
}
