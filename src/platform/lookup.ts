import { createFetch } from 'ofetch';

import { toSocketAddress } from '../domain/base-url.js';
import type { ConnectionKey, OwnerKind } from '../domain/connection-key.js';
import type { ConnectionReading } from '../domain/connection.js';
import { tell } from '../domain/tell.js';
import { type Answer, interpret } from './answer.js';
import type { Asked } from './asked.js';
import type { Breaker, CallOutcome } from './breaker.js';
import { Deadlines, type Limited } from './deadlines.js';
import { isPlatformError, tooLate } from './errors.js';
import { type AttemptObserver, type PlatformTarget, readHeaders } from './lookup-observer.js';
import { compilePaths, type PathTemplates } from './paths.js';
import { findPause, type RetryBudget } from './retry.js';
import { Aborter } from './signal.js';
import type { Flight, Journey } from './single-flight.js';
import type { Slots, Waiter } from './slots.js';
import type { OutgoingRequest, Transport } from './transport.js';
import { toTransportError } from './transport-error.js';

/** Configures {@link createLookUp}. */
interface LookUpOptions {
  readonly apiUrl: string;
  readonly paths: PathTemplates;
  readonly authorization: string;
  readonly deadlineMs: number;
  readonly attemptTimeoutMs: number;
  readonly maxRetries: number;
  readonly budget: RetryBudget;
  readonly transport: Transport;
  readonly slots: Slots;
  readonly breaker: Breaker;
  readonly onRetry: () => void;
  /** Is told of each request that ended: how long it took, and its status if it had an answer. */
  readonly onEnd: (ms: number, status: number | null) => void;
}

/** What all lookups of a client share. */
interface Common extends Omit<LookUpOptions, 'paths' | 'transport' | 'authorization' | 'apiUrl'> {
  readonly targets: Readonly<Record<OwnerKind, PlatformTarget>>;
  /** Of those that wait for a place: for as long as a lookup may take. */
  readonly waits: Deadlines;
  /** Of those that are sent: for as long as a request may take. */
  readonly requests: Deadlines;
  readonly send: (
    key: ConnectionKey,
    signal: Aborter,
    headers: AttemptObserver['headers'] | undefined,
  ) => Promise<Answer>;
}

/** Creates what looks a connection up for a flight: past the breaker, once there is a place, within its time. */
export function createLookUp(options: LookUpOptions): (asked: Asked, flight: Flight<ConnectionReading>) => Journey {
  const { apiUrl, paths, authorization, transport, ...rest } = options;
  const request = createFetch(transport);
  const pathOf = compilePaths(paths);
  const ownHeaders = { accept: 'application/json', authorization };
  const init = {
    headers: ownHeaders,
    // The credentials must not travel to another host, nor to another user's path on the same one.
    redirect: 'manual',
    // ofetch's retry knows neither deadlines nor Retry-After, and its errors quote the URL and the body.
    retry: false,
    ignoreResponseError: true,
    responseType: 'stream',
  } as const;
  const common: Common = {
    ...rest,
    waits: new Deadlines(),
    requests: new Deadlines(),
    targets: { USER: toTarget(apiUrl, paths.user), GROUP: toTarget(apiUrl, paths.group) },
    send: (key, signal, observerHeaders) => {
      const outgoing: OutgoingRequest = { url: apiUrl + pathOf(key), signal };
      // ofetch hands a request that is no string on as it is, and what our transports give back as well.
      const headed = observerHeaders ? { ...init, headers: { ...observerHeaders, ...ownHeaders } } : init;
      return request.raw(outgoing as Request, headed) as unknown as Promise<Answer>;
    },
  };
  return (asked, flight) => {
    const lookup = new Lookup(common, asked, flight);
    lookup.begin();
    return lookup;
  };
}

/**
 * A lookup on its way: it waits for a place, is sent, or pauses before it is sent again, until its flight lands. It is
 * the signal of its request as well.
 *
 * All in one object: a promise, a timer and a few functions for each step took more than the steps, and were kept for as
 * long as the platform takes.
 */
class Lookup extends Aborter implements Journey, Waiter, Limited {
  before: Waiter | null = null;
  behind: Waiter | null = null;
  earlier: Limited | null = null;
  later: Limited | null = null;
  endsAt = 0;
  readonly #common: Common;
  readonly #asked: Asked;
  readonly #flight: Flight<ConnectionReading>;
  /** When it has to be over, by `performance.now()`. */
  readonly #deadline: number;
  #step: 'waits' | 'sent' | 'pauses' | 'over' = 'waits';
  #retries = 0;
  #pause: ReturnType<typeof setTimeout> | undefined;
  #sentAt = 0;
  /** Whether its request has all of the time that one may take. */
  #hasWholeTime = true;
  #observed: AttemptObserver | undefined;

  constructor(common: Common, asked: Asked, flight: Flight<ConnectionReading>) {
    super();
    this.#common = common;
    this.#asked = asked;
    this.#flight = flight;
    this.#deadline = performance.now() + common.deadlineMs;
  }

  begin(): void {
    const { budget, breaker, slots, waits } = this.#common;
    budget.earn();
    this.#step = 'waits';
    let isPlaceFree: boolean;
    try {
      // Now, and not only once there is a place: nobody should wait for that.
      breaker.check(this.#asked.name);
      isPlaceFree = slots.take(this);
    } catch (error) {
      this.#flight.crash(error);
      return;
    }
    if (isPlaceFree) {
      this.#send();
      return;
    }
    this.endsAt = this.#deadline;
    waits.add(this);
  }

  enter(): void {
    this.#common.waits.remove(this);
    this.#send();
  }

  #send(): void {
    const { attemptTimeoutMs, slots, breaker, targets, requests, send } = this.#common;
    const { key, name, observer } = this.#asked;
    const now = performance.now();
    const leftMs = this.#deadline - now;
    try {
      if (leftMs <= 0) throw tooLate();
      breaker.admit(name);
    } catch (error) {
      // There is no place for a probe, or no time: nothing was sent.
      slots.give();
      this.#flight.crash(error);
      return;
    }
    this.#step = 'sent';
    this.#sentAt = now;
    this.#hasWholeTime = leftMs >= attemptTimeoutMs;
    this.endsAt = this.#hasWholeTime ? now + attemptTimeoutMs : this.#deadline;
    requests.add(this);
    const observed = tell(() => observer?.onAttempt?.(targets[key.ownerKind], this.#retries));
    this.#observed = observed;
    const headers = observed && tell(() => readHeaders(observed));
    send(key, this, headers).then(
      (answer) => this.#succeed(answer),
      (error: unknown) => this.#fail(toTransportError(error)),
    );
  }

  /** Nobody waits any more. */
  override abort(): void {
    this.#stop('unknown');
  }

  #succeed(answer: Answer): void {
    if (this.aborted) return;
    let reading: ConnectionReading;
    try {
      reading = interpret(answer, this.#asked.key);
    } catch (error) {
      this.#fail(error);
      return;
    }
    this.#end('up', answer.status, null);
    this.#flight.land(reading);
  }

  #fail(error: unknown): void {
    // Its end came earlier, and this is the transport's word for it.
    if (this.aborted) return;
    this.#end(toOutcome(error), (isPlatformError(error) && error.status) || null, error);
    // Who was told of it may have left.
    if (this.aborted) return;
    const { maxRetries, budget, onRetry } = this.#common;
    const pauseMs = this.#retries < maxRetries ? findPause(error, this.#retries) : null;
    if (pauseMs === null || performance.now() + pauseMs >= this.#deadline || !budget.spend()) {
      this.#flight.crash(error);
      return;
    }
    this.#retries += 1;
    this.#step = 'pauses';
    this.#pause = setTimeout(() => this.begin(), pauseMs);
    onRetry();
  }

  /** Its time is over. Cut off by the rest of the lookup's time, a request tells nothing. */
  expire(): void {
    this.#stop(this.#hasWholeTime ? 'down' : 'unknown');
    this.#flight.crash(tooLate());
  }

  /** Ends it, whether or not its request heeds that. */
  #stop(outcome: CallOutcome): void {
    const step = this.#step;
    // Whoever is told below may have it stop again.
    this.#step = 'over';
    super.abort();
    clearTimeout(this.#pause);
    if (step === 'waits') {
      this.#common.waits.remove(this);
      this.#common.slots.leave(this);
    }
    if (step === 'sent') this.#end(outcome, null, tooLate());
  }

  /** Ends its request. */
  #end(outcome: CallOutcome, status: number | null, error: unknown): void {
    const { breaker, slots, requests, onEnd } = this.#common;
    this.#step = 'over';
    requests.remove(this);
    breaker.settle(this.#asked.name, outcome);
    onEnd(performance.now() - this.#sentAt, status);
    const observed = this.#observed;
    if (observed) tell(() => observed.onEnd(status, isPlatformError(error) ? error.code : null));
    slots.give();
  }
}

function toTarget(apiUrl: string, pathTemplate: string): PlatformTarget {
  const { host: address, port } = toSocketAddress(apiUrl);
  return { address, port, urlTemplate: apiUrl.slice(new URL(apiUrl).origin.length) + pathTemplate };
}

/** Says what a failed attempt tells about the platform: only one without an answer, or with a 5xx, is an outage. */
function toOutcome(error: unknown): CallOutcome {
  if (!isPlatformError(error)) return 'unknown';
  return error.code === 'PLATFORM_UNAVAILABLE' || error.code === 'PLATFORM_TIMEOUT' ? 'down' : 'up';
}
