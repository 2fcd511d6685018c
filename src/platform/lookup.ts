import { validateHeaderName, validateHeaderValue } from 'node:http';
import { toSocketAddress } from '../domain/base-url.js';
import { type ConnectionKey, formatConnectionKey, type OwnerKind } from '../domain/connection-key.js';
import type { ConnectionReading } from '../domain/connection.js';
import type { Breaker, CallOutcome } from './breaker.js';
import type { Concurrency } from './concurrency.js';
import { isPlatformError, type PlatformError, tooLate, toTransportError } from './errors.js';
import { type AttemptObserver, type LookupObserver, notify, type PlatformTarget } from './observer.js';
import { compilePaths, type PathTemplates } from './paths.js';
import { interpretResponse } from './wire.js';
import { findPause, type RetryBudget } from './retry.js';
import type { Task } from './single-flight.js';
import type { Transport, TransportRequest, TransportResponse } from './transport.js';

/** Configures {@link createLookup}. */
interface LookupOptions {
  readonly apiUrl: string;
  readonly paths: PathTemplates;
  /** The Basic credentials. */
  readonly authorization: string;
  readonly deadlineMs: number;
  readonly attemptTimeoutMs: number;
  readonly maxRetries: number;
  readonly budget: RetryBudget;
  readonly transport: Transport;
  readonly concurrency: Concurrency;
  readonly breaker: Breaker;
  readonly onRetry: () => void;
  /** Called with each attempt that ended: its duration, and its status if there was a response. */
  readonly onAttemptEnd: (ms: number, status: number | null) => void;
}

/** What all lookups of a client share. */
interface Common extends LookupOptions {
  readonly targets: Readonly<Record<OwnerKind, PlatformTarget>>;
  readonly toRequest: (key: ConnectionKey, headers: AttemptObserver['headers'] | undefined) => TransportRequest;
}

/** Starts the lookup of a connection. */
export type StartLookup = (key: ConnectionKey, observer: LookupObserver | undefined) => Task<ConnectionReading>;

/** Creates the function that looks connections up: past the breaker, once there is a place, within the deadline. */
export function createLookup(options: LookupOptions): StartLookup {
  const { apiUrl, paths, authorization } = options;
  const pathOf = compilePaths(paths);
  const ownHeaders = { accept: 'application/json', authorization };
  const common: Common = {
    ...options,
    targets: { USER: toTarget(apiUrl, paths.user), GROUP: toTarget(apiUrl, paths.group) },
    toRequest: (key, headers) => ({
      url: apiUrl + pathOf(key),
      headers: headers ? { ...headers, ...ownHeaders } : ownHeaders,
    }),
  };
  return (key, observer) => new LookupTask(common, key, observer);
}

/** One request of a lookup. */
interface Attempt {
  /** By `performance.now()`. */
  readonly startedAt: number;
  /** What was left of the lookup's time when it started, in milliseconds. */
  readonly leftMs: number;
  readonly observer: AttemptObserver | undefined;
}

/** One lookup with all its attempts. */
class LookupTask implements Task<ConnectionReading> {
  readonly result: Promise<ConnectionReading>;
  readonly #common: Common;
  readonly #key: ConnectionKey;
  readonly #observer: LookupObserver | undefined;
  readonly #name: string;
  /** When it must be over, by `performance.now()`. */
  readonly #deadline: number;
  #isAborted = false;
  /** Ends the step that the lookup waits for. */
  #stop: () => void = nothing;

  constructor(common: Common, key: ConnectionKey, observer: LookupObserver | undefined) {
    this.#common = common;
    this.#key = key;
    this.#observer = observer;
    this.#name = formatConnectionKey(key);
    this.#deadline = performance.now() + common.deadlineMs;
    this.result = this.#run();
  }

  abort(): void {
    this.#isAborted = true;
    this.#stop();
  }

  async #run(): Promise<ConnectionReading> {
    const { maxRetries, budget, onRetry } = this.#common;
    for (let retries = 0; ; retries += 1) {
      try {
        return await this.#attempt(retries);
      } catch (error) {
        const pauseMs = retries < maxRetries && !this.#isAborted ? findPause(error, retries) : null;
        if (pauseMs === null || pauseMs >= this.#leftMs() || !budget.spend()) throw error;
        onRetry();
        await this.#pause(pauseMs);
      }
    }
  }

  async #attempt(retries: number): Promise<ConnectionReading> {
    const { budget, breaker, concurrency } = this.#common;
    budget.earn();
    // Now, and not only once there is a place: no lookup should wait for a refusal.
    breaker.check(this.#name);
    const waiter = concurrency.take();
    if (waiter) await this.#step(waiter.ready, this.#leftMs(), waiter.leave);
    try {
      if (this.#leftMs() <= 0) throw tooLate();
      breaker.admit(this.#name);
      const attempt = this.#startAttempt(retries);
      let response: TransportResponse;
      try {
        response = await this.#send(attempt);
      } catch (cause) {
        throw this.#fail(attempt, cause);
      }
      return this.#interpret(attempt, response);
    } finally {
      concurrency.release();
    }
  }

  #startAttempt(retries: number): Attempt {
    const target = this.#common.targets[this.#key.ownerKind];
    return {
      startedAt: performance.now(),
      leftMs: this.#leftMs(),
      observer: notify(() => this.#observer?.onAttempt?.(target, retries)),
    };
  }

  #send({ leftMs, observer }: Attempt): Promise<TransportResponse> {
    const { attemptTimeoutMs, transport, toRequest } = this.#common;
    const headers = observer && notify(() => readHeaders(observer));
    const { response, abort } = transport.send(toRequest(this.#key, headers));
    return this.#step(response, Math.min(attemptTimeoutMs, leftMs), abort);
  }

  /** Ends an attempt that has no response, and returns its error. */
  #fail(attempt: Attempt, cause: unknown): PlatformError {
    const error = toTransportError(cause);
    // Cut off by the lookup's own deadline, or because no caller waits, an attempt says nothing about the platform.
    const isTimeout = error.code === 'PLATFORM_TIMEOUT' && attempt.leftMs < this.#common.attemptTimeoutMs;
    this.#endAttempt(attempt, this.#isAborted || isTimeout ? 'unknown' : toOutcome(error), error.status ?? null, error);
    return error;
  }

  /** Ends an attempt that has a response, and interprets it. */
  #interpret(attempt: Attempt, response: TransportResponse): ConnectionReading {
    const { status } = response;
    try {
      const reading = interpretResponse(response, this.#key);
      this.#endAttempt(attempt, 'up', status, null);
      return reading;
    } catch (error) {
      this.#endAttempt(attempt, toOutcome(error), status, error);
      throw error;
    }
  }

  #endAttempt({ startedAt, observer }: Attempt, outcome: CallOutcome, status: number | null, error: unknown): void {
    const { breaker, onAttemptEnd } = this.#common;
    breaker.settle(this.#name, outcome);
    onAttemptEnd(performance.now() - startedAt, status);
    if (observer) notify(() => observer.onEnd(status, isPlatformError(error) ? error.code : null));
  }

  #leftMs(): number {
    return this.#deadline - performance.now();
  }

  async #pause(ms: number): Promise<void> {
    let timer: ReturnType<typeof setTimeout> | undefined;
    const over = new Promise<void>((resolve) => {
      timer = setTimeout(resolve, ms);
    });
    await this.#step(over, this.#leftMs(), () => clearTimeout(timer));
  }

  /** Waits for a step until its time is over or the lookup is aborted; then cancels it, and rejects. */
  #step<Value>(step: Promise<Value>, ms: number, cancel: () => void): Promise<Value> {
    return new Promise((resolve, reject) => {
      const stop = () => {
        end();
        cancel();
        reject(tooLate());
      };
      const timer = setTimeout(stop, ms);
      const end = () => {
        clearTimeout(timer);
        // The next step may have begun.
        if (this.#stop === stop) this.#stop = nothing;
      };
      this.#stop = stop;
      step.then(resolve, reject);
      step.then(end, end);
      if (this.#isAborted) stop();
    });
  }
}

const nothing = () => undefined;

function toTarget(apiUrl: string, pathTemplate: string): PlatformTarget {
  const { host: address, port } = toSocketAddress(apiUrl);
  return { address, port, urlTemplate: apiUrl.slice(new URL(apiUrl).origin.length) + pathTemplate };
}

/** Returns what a failed attempt says about the platform: only one without a response, or with a 5xx, is an outage. */
function toOutcome(error: unknown): CallOutcome {
  if (!isPlatformError(error)) return 'unknown';
  return error.code === 'PLATFORM_UNAVAILABLE' || error.code === 'PLATFORM_TIMEOUT' ? 'down' : 'up';
}

/** Reads the headers that an observer has for a request. Those that HTTP does not allow throw: none of them is sent then. */
function readHeaders({ headers }: AttemptObserver): AttemptObserver['headers'] {
  const entries = Object.entries(headers);
  for (const [name, value] of entries) {
    validateHeaderName(name);
    validateHeaderValue(name, value);
  }
  // In lower case, so that none of the client's own is there twice.
  return Object.fromEntries(entries.map(([name, value]) => [name.toLowerCase(), value]));
}
