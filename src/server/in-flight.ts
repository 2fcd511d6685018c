import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';

/** How long a request may be on its way and yet count, in milliseconds. */
const MAX_ARRIVAL_MS = 1_000;

/** Counts the requests that are being answered. */
export interface InFlight {
  /** Counts a request until it is answered, or its connection is gone. */
  add(request: IncomingMessage, response: ServerResponse): void;
  /** How many there are. */
  count(): number;
  /** How many there are that this server works on: those whose body does not come are not its load. */
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
  const arriving = new Set<IncomingMessage>();
  let total = 0;

  const remove = (socket: Socket, requests: readonly IncomingMessage[]) => {
    const open = bySocket.get(socket);
    for (const request of requests) {
      arriving.delete(request);
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
      requestsOf(socket).add(request);
      total += 1;
      response.once('close', () => remove(socket, [request]));
      const late = setTimeout(() => {
        if (request.complete || !bySocket.get(socket)?.has(request)) return;
        arriving.add(request);
        request.once('end', () => arriving.delete(request));
      }, MAX_ARRIVAL_MS).unref();
      response.once('close', () => clearTimeout(late));
    },
    count: () => total,
    load: () => total - arriving.size,
  };
}
