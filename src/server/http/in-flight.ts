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
  /** Gives the request of a connection that came last, if it is still being answered. */
  latestOf(socket: Socket): IncomingMessage | undefined;
  /** How many there are. */
  count(): number;
  /** How many there are that this server works on: not those whose body does not come, nor whose answer is done and not read. */
  load(): number;
}

/** A request that is being answered. */
interface Visit {
  readonly request: IncomingMessage;
  /** By `performance.now()`. */
  readonly cameAt: number;
  /** Whether its client is what it takes its time for. */
  isLingering: boolean;
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
  const bySocket = new Map<Socket, Visit[]>();
  let total = 0;
  let lingering = 0;
  let looking: ReturnType<typeof setInterval> | null = null;

  const remove = (visits: Visit[], visit: Visit) => {
    const index = visits.indexOf(visit);
    if (index < 0) return;
    visits.splice(index, 1);
    total -= 1;
    setLingering(visit, false);
    if (total === 0) onNone();
  };
  const setLingering = (visit: Visit, isLingering: boolean) => {
    if (visit.isLingering === isLingering) return;
    visit.isLingering = isLingering;
    lingering += isLingering ? 1 : -1;
  };

  const look = () => {
    const now = performance.now();
    for (const [socket, visits] of bySocket) {
      for (const visit of visits) {
        const { request, cameAt } = visit;
        if (now - cameAt >= MAX_LIFE_MS) socket.destroy();
        else if (now - cameAt >= MAX_ARRIVAL_MS && !request.complete && !visit.isLingering) {
          setLingering(visit, true);
          request.once('end', () => setLingering(visit, false));
        }
      }
    }
    if (total > 0 || looking === null) return;
    clearInterval(looking);
    looking = null;
  };

  const visitsOf = (socket: Socket): Visit[] => {
    const known = bySocket.get(socket);
    if (known) return known;
    const visits: Visit[] = [];
    bySocket.set(socket, visits);
    socket.once('close', () => {
      while (visits[0]) remove(visits, visits[0]);
      bySocket.delete(socket);
    });
    return visits;
  };

  return {
    add: (request, response) => {
      const { socket } = request;
      const visits = visitsOf(socket);
      const visit: Visit = { request, cameAt: performance.now(), isLingering: false };
      visits.push(visit);
      total += 1;
      if (visits.length > MAX_PIPELINED) socket.destroy();
      looking ??= setInterval(look, LOOK_INTERVAL_MS).unref();
      // Handed over to the connection, whole: what is left is the client's to read.
      response.once('prefinish', () => visits.includes(visit) && setLingering(visit, true));
      response.once('close', () => remove(visits, visit));
    },
    latestOf: (socket) => bySocket.get(socket)?.at(-1)?.request,
    count: () => total,
    load: () => total - lingering,
  };
}
