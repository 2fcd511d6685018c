import { createFetch } from 'ofetch';

import { toSocketAddress } from '../domain/base-url.js';
import type { ConnectionKey, OwnerKind } from '../domain/connection-key.js';
import type { ConnectionReading } from '../domain/connection.js';
import { type Answer, interpret, readAnswer } from './answer.js';
import type { Breaker, CallOutcome } from './breaker.js';
import { isPlatformError } from './errors.js';
import type { AttemptObserver, LookupObserver, PlatformTarget } from './lookup-observer.js';
import { compilePaths, type PathTemplates } from './paths.js';
import type { Signal } from './signal.js';
import type { Slots } from './slots.js';
import type { Transport } from './transport.js';
import { toTransportError } from './transport-error.js';
import { withinTime } from './within-time.js';

/** One lookup, whoever waits for it. */
export interface Lookup {
  readonly key: ConnectionKey;
  /** The key as one text. */
  readonly name: string;
  /** When it has to be over, by `performance.now()`. */
  readonly deadline: number;
  /** Aborts when nobody waits any more. */
  readonly signal: Signal;
  readonly observer: LookupObserver | undefined;
}

interface AttemptOptions {
  readonly apiUrl: string;
  readonly paths: PathTemplates;
  readonly authorization: string;
  readonly attemptTimeoutMs: number;
  readonly transport: Transport;
  readonly slots: Slots;
  readonly breaker: Breaker;
  /** Is told of each request that ended: how long it took, and its status if it had an answer. */
  readonly onEnd: (ms: number, status: number | null) => void;
}

/**
 * Creates what sends one request for a lookup: past the breaker, once there is a place, within its time.
 *
 * @returns rejects with a {@link PlatformError}
 */
export function createAttempt(
  options: AttemptOptions,
): (lookup: Lookup, retries: number) => Promise<ConnectionReading> {
  const { apiUrl, paths, authorization, attemptTimeoutMs, transport, slots, breaker, onEnd } = options;
  const request = createFetch(transport);
  const pathOf = compilePaths(paths);
  const targets: Readonly<Record<OwnerKind, PlatformTarget>> = {
    USER: toTarget(apiUrl, paths.user),
    GROUP: toTarget(apiUrl, paths.group),
  };
  const ownHeaders = { accept: 'application/json', authorization };

  const exchange = (path: string, signal: Signal, observed: AttemptObserver | undefined): Promise<Answer> =>
    request
      .raw(apiUrl + path, {
        headers: observed ? { ...observed.headers, ...ownHeaders } : ownHeaders,
        // Our transport takes it as it is, a host's own fetch is given one that is whole.
        signal: signal as AbortSignal,
        // The credentials must not travel to another host, nor to another user's path on the same one.
        redirect: 'manual',
        // ofetch's retry knows neither deadlines nor Retry-After, and its errors quote the URL and the body.
        retry: false,
        ignoreResponseError: true,
        responseType: 'stream',
      })
      .then(readAnswer, (error: unknown) => {
        throw toTransportError(error);
      });

  const send = (lookup: Lookup, retries: number, giveBack: () => void): Promise<ConnectionReading> => {
    const { key, name, deadline, signal, observer } = lookup;
    const timeoutMs = Math.min(attemptTimeoutMs, deadline - performance.now());
    // 0 if it was not sent: there was no time left.
    let sentAt = 0;
    let observed: AttemptObserver | undefined;
    let settle: ReturnType<typeof breaker.admit> | null = null;
    const end = (status: number | null, error: unknown) => {
      if (sentAt > 0) onEnd(performance.now() - sentAt, status);
      observed?.onEnd(status, isPlatformError(error) ? error.code : null);
    };
    const fail = (error: unknown): never => {
      giveBack();
      // Cut off by its caller, or by the rest of the lookup's time, it tells nothing.
      const isCut = signal.aborted || (timeoutMs < attemptTimeoutMs && isTimeout(error));
      settle?.(isCut ? 'unknown' : toOutcome(error));
      end((isPlatformError(error) && error.status) || null, error);
      throw error;
    };
    const succeed = (answer: Answer): ConnectionReading => {
      let reading: ConnectionReading;
      try {
        reading = interpret(answer, key);
      } catch (error) {
        return fail(error);
      }
      giveBack();
      settle?.('up');
      end(answer.status, null);
      return reading;
    };
    try {
      settle = breaker.admit(name);
      const answered = withinTime(timeoutMs, signal, (attemptSignal) => {
        sentAt = performance.now();
        observed = observer?.onAttempt?.(targets[key.ownerKind], retries);
        return exchange(pathOf(key), attemptSignal, observed);
      });
      return answered.then(succeed, fail);
    } catch (error) {
      // There is no place for a probe: nothing was sent.
      giveBack();
      return Promise.reject(error);
    }
  };

  // Not async, here and above: a promise for each step takes more than the steps, and is kept for as long as the
  // platform takes.
  return (lookup, retries) => {
    try {
      // Now, and not only once there is a place: nobody should wait for that.
      breaker.check(lookup.name);
    } catch (error) {
      return Promise.reject(error);
    }
    const giveBack = slots.tryTake();
    if (giveBack) return send(lookup, retries, giveBack);
    const { deadline, signal } = lookup;
    const place = withinTime(deadline - performance.now(), signal, (waitSignal) => slots.take(waitSignal));
    return place.then((taken) => send(lookup, retries, taken));
  };
}

function toTarget(apiUrl: string, pathTemplate: string): PlatformTarget {
  const { host: address, port } = toSocketAddress(apiUrl);
  return { address, port, urlTemplate: apiUrl.slice(new URL(apiUrl).origin.length) + pathTemplate };
}

function isTimeout(error: unknown): boolean {
  return isPlatformError(error) && error.code === 'PLATFORM_TIMEOUT';
}

/** Says what a failed attempt tells about the platform: only one without an answer, or with a 5xx, is an outage. */
function toOutcome(error: unknown): CallOutcome {
  if (!isPlatformError(error)) return 'unknown';
  return error.code === 'PLATFORM_UNAVAILABLE' || error.code === 'PLATFORM_TIMEOUT' ? 'down' : 'up';
}
