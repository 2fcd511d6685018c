import { validateHeaderName, validateHeaderValue } from 'node:http';
import { toSocketAddress } from '../domain/base-url.js';
import { type ConnectionKey, formatConnectionKey, type OwnerKind } from '../domain/connection-key.js';
import type { ConnectionReading } from '../domain/connection.js';
import type { Breaker, CallOutcome } from './breaker.js';
import type { Concurrency } from './concurrency.js';
import { describeCause, isPlatformError, type PlatformError, tooLate, toTransportError } from './errors.js';
import { type AttemptObserver, type LookupObserver, notify, type PlatformTarget } from './observer.js';
import { compilePaths, type PathTemplates } from './paths.js';
import { interpretResponse } from './wire.js';
import { findPause, type RetryBudget } from './retry.js';
import type { Task } from './single-flight.js';
import type { Transport, TransportRequest, TransportResponse } from './transport.js';

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
  /** Called at the end of each attempt with its duration, and its status if there was a response. */
  readonly onAttemptEnd: (ms: number, status: number | null) => void;
}

/** Shared by all lookups of a client. */
interface Common extends LookupOptions {
  readonly targets: Readonly<Record<OwnerKind, PlatformTarget>>;
  readonly toRequest: (key: ConnectionKey, headers: AttemptObserver['headers'] | undefined) => TransportRequest;
}

/** Starts the lookup of a connection. */
export type StartLookup = (key: ConnectionKey, observer: LookupObserver | undefined) => Task<ConnectionReading>;

/** Creates the function that looks up connections, subject to the breaker, the concurrency limit, and the deadline. */
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

interface Attempt {
  /** `performance.now()` at its start. */
  readonly startedAt: number;
  /** Remaining time of the lookup at its start, in milliseconds. */
  readonly leftMs: number;
  readonly observer: AttemptObserver | undefined;
}

class LookupTask implements Task<ConnectionReading> {
  readonly result: Promise<ConnectionReading>;
  readonly #common: Common;
  readonly #key: ConnectionKey;
  readonly #observer: LookupObserver | undefined;
  readonly #name: string;
  /** In terms of `performance.now()`. */
  readonly #deadline: number;
  #isAborted = false;
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
    // Also before the queue: no lookup should wait in it only to be rejected.
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

  /** Ends an attempt that failed without a usable response, and returns its error. */
  #fail(attempt: Attempt, cause: unknown): PlatformError {
    const error = toTransportError(cause);
    // An attempt cut off by the lookup's deadline, or because no caller waits, says nothing about the platform.
    const isTimeout = error.code === 'PLATFORM_TIMEOUT' && attempt.leftMs < this.#common.attemptTimeoutMs;
    this.#endAttempt(attempt, this.#isAborted || isTimeout ? 'unknown' : toOutcome(error), error.status ?? null, error);
    return error;
  }

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
    const failure = error !== null && isPlatformError(error) ? error : null;
    breaker.settle(this.#name, outcome, failure && describeCause(failure));
    onAttemptEnd(performance.now() - startedAt, status);
    if (observer) notify(() => observer.onEnd(status, failure && failure.code));
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

  /** Waits for a step. On timeout or abort, cancels the step and rejects. */
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
        // The next step may have started.
        if (this.#stop === stop) this.#stop = nothing;
      };
      this.#stop = stop;
      step.then(resolve, reject).finally(end);
      if (this.#isAborted) stop();
    });
  }
}

const nothing = () => undefined;

function toTarget(apiUrl: string, pathTemplate: string): PlatformTarget {
  const { host: address, port } = toSocketAddress(apiUrl);
  return { address, port, urlTemplate: apiUrl.slice(new URL(apiUrl).origin.length) + pathTemplate };
}

/** Returns the outcome of a failed attempt. Only no response, 408, and 5xx count as an outage. */
function toOutcome(error: unknown): CallOutcome {
  if (!isPlatformError(error)) return 'unknown';
  return error.code === 'PLATFORM_UNAVAILABLE' || error.code === 'PLATFORM_TIMEOUT' ? 'down' : 'up';
}

/** Returns an observer's request headers. Throws if HTTP does not allow one of them, so that none is sent. */
function readHeaders({ headers }: AttemptObserver): AttemptObserver['headers'] {
  const entries = Object.entries(headers);
  for (const [name, value] of entries) {
    validateHeaderName(name);
    validateHeaderValue(name, value);
  }
  // In lower case, so that the client's own headers override them.
  return Object.fromEntries(entries.map(([name, value]) => [name.toLowerCase(), value]));
}
