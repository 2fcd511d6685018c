import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';

/** How long a request may be on its way and yet count, in milliseconds. */
const MAX_ARRIVAL_MS = 1_000;
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
  const bySocket = new Map<Socket, Set<IncomingMessage>>();
  /** Whose client is what it takes its time for. */
  const lingering = new Set<IncomingMessage>();
  let total = 0;

  const remove = (socket: Socket, requests: readonly IncomingMessage[]) => {
    const open = bySocket.get(socket);
    for (const request of requests) {
      lingering.delete(request);
      if (open?.delete(request)) total -= 1;
    }
    if (total === 0) onNone();
  };

  const requestsOf = (socket: Socket): Set<IncomingMessage> => {
    const known = bySocket.get(socket);
    if (known) return known;
    const requests = new Set<IncomingMessage>();
    bySocket.set(socket, requests);
    socket.once('close', () => {
      remove(socket, [...requests]);
      bySocket.delete(socket);
    });
    return requests;
  };

  return {
    add: (request, response) => {
      const { socket } = request;
      const requests = requestsOf(socket).add(request);
      total += 1;
      if (requests.size > MAX_PIPELINED) socket.destroy();
      const late = setTimeout(() => {
        if (request.complete || !requests.has(request)) return;
        lingering.add(request);
        request.once('end', () => lingering.delete(request));
      }, MAX_ARRIVAL_MS).unref();
      const tooLate = setTimeout(() => socket.destroy(), MAX_LIFE_MS).unref();
      // Handed over to the connection, whole: what is left is the client's to read.
      response.once('prefinish', () => requests.has(request) && lingering.add(request));
      response.once('close', () => {
        clearTimeout(late);
        clearTimeout(tooLate);
        remove(socket, [request]);
      });
    },
    count: () => total,
    load: () => total - lingering.size,
  };
}
