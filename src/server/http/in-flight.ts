import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';

/** How long a request may be on its way and yet count, in milliseconds. */
const MAX_ARRIVAL_MS = 1_000;
/** How often it is looked at how long each has been there, in milliseconds: two timers for each took a hundredth of a small operation. */
const LOOK_INTERVAL_MS = 200;
/** How long a request may be there at all, in milliseconds: to arrive, to be answered, and to have its answer read. */
const MAX_LIFE_MS = 60_000;
/** Requests of one connection that wait for their answers at most. No client of GraphQL sends the next one so early. */
const MAX_PIPELINED = 10;

/** Counts the requests that are being answered. */
export interface InFlight {
  /** Counts a request until it is answered, or its connection is gone. */
  add(request: IncomingMessage, response: ServerResponse): void;
  /** How many there are. */
  count(): number;
  /** How many there are that this server works on: not those whose body does not come, nor whose answer is done and not read. */
  load(): number;
}

/**
 * Creates the count.
 *
 * By connection, since Node says nothing of the end of responses that wait behind another one on a connection
 * (pipelining) when it breaks.
 *
 * @param onNone is called whenever there are none left
 */
export function createInFlight(onNone: () => void): InFlight {
  /** When each request came, by `performance.now()`. */
  const bySocket = new Map<Socket, Map<IncomingMessage, number>>();
  /** Whose client is what it takes its time for. */
  const lingering = new Set<IncomingMessage>();
  let total = 0;
  let looking: ReturnType<typeof setInterval> | null = null;

  const look = () => {
    const now = performance.now();
    for (const [socket, requests] of bySocket) {
      for (const [request, cameAt] of requests) {
        if (now - cameAt >= MAX_LIFE_MS) socket.destroy();
        else if (now - cameAt >= MAX_ARRIVAL_MS && !request.complete && !lingering.has(request)) {
          lingering.add(request);
          request.once('end', () => lingering.delete(request));
        }
      }
    }
    if (total > 0 || looking === null) return;
    clearInterval(looking);
    looking = null;
  };

  const remove = (socket: Socket, requests: readonly IncomingMessage[]) => {
    const open = bySocket.get(socket);
    for (const request of requests) {
      lingering.delete(request);
      if (open?.delete(request)) total -= 1;
    }
    if (total === 0) onNone();
  };

  const requestsOf = (socket: Socket): Map<IncomingMessage, number> => {
    const known = bySocket.get(socket);
    if (known) return known;
    const requests = new Map<IncomingMessage, number>();
    bySocket.set(socket, requests);
    socket.once('close', () => {
      remove(socket, [...requests.keys()]);
      bySocket.delete(socket);
    });
    return requests;
  };

  return {
    add: (request, response) => {
      const { socket } = request;
      const requests = requestsOf(socket).set(request, performance.now());
      total += 1;
      if (requests.size > MAX_PIPELINED) socket.destroy();
      looking ??= setInterval(look, LOOK_INTERVAL_MS).unref();
      // Handed over to the connection, whole: what is left is the client's to read.
      response.once('prefinish', () => requests.has(request) && lingering.add(request));
      response.once('close', () => remove(socket, [request]));
    },
    count: () => total,
    load: () => total - lingering.size,
  };
}
