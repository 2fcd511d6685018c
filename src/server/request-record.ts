import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Span } from '@opentelemetry/api';
import type { ExecutionResult, OperationDefinitionNode } from 'graphql';
import type { AuditEvent } from '../access/audit.js';
import type { ConnectionKey } from '../domain/connection-key.js';
import type { LookupObserver } from '../platform/observer.js';
import { describeOperation, type OperationDescription, type RequestObserver } from '../schema/context.js';
import { limitOf } from '../schema/limit-error.js';
import type { AuthenticatedCaller } from './auth/authenticated.js';

/** Returns the observer of a lookup, if there is one. */
export type ObserveLookup = (record: RequestRecord, key: ConnectionKey) => LookupObserver | undefined;

/**
 * The facts about one HTTP request. Each step of the request pipeline reads them and adds to them. As the observer of
 * the request's GraphQL context, the record also counts the operation's lookups, tokens and refusals.
 */
export class RequestRecord implements RequestObserver {
  /** The `x-request-id` of the request if it is safe to print, or else a new UUID. */
  readonly requestId: string;
  readonly method: string;
  /** The path of the URL, without its query. */
  readonly path: string;
  /** `performance.now()` when the request arrived. */
  readonly startedAt = performance.now();
  /** The caller, once it is authenticated. */
  authenticated: AuthenticatedCaller | null = null;
  /** The operation, once its document is parsed. */
  operation: OperationDefinitionNode | null = null;
  /** Its span, if it is traced. */
  span: Span | null = null;
  /** The id of its trace, if it is traced. */
  traceId: string | undefined;
  lookups = 0;
  platformRequests = 0;
  tokens = 0;
  refusals = 0;
  readonly #observeLookup: ObserveLookup;

  constructor(
    readonly request: IncomingMessage,
    readonly response: ServerResponse,
    observeLookup: ObserveLookup,
  ) {
    this.requestId = toRequestId(request.headers['x-request-id']);
    this.method = request.method ?? '';
    [this.path = ''] = (request.url ?? '').split('?', 1);
    this.#observeLookup = observeLookup;
  }

  /** Returns a header by its name in lower case, or null. */
  header(name: string): string | null {
    const value = this.request.headers[name];
    return (Array.isArray(value) ? value.join(', ') : value) ?? null;
  }

  /** Creates a signal that aborts when the client hangs up before its response is sent. */
  createSignal(): AbortSignal {
    const { response } = this;
    const controller = new AbortController();
    const abortUnlessSent = () => {
      if (!response.writableFinished) controller.abort();
    };
    // The client may already have hung up during the authentication.
    if (response.destroyed) abortUnlessSent();
    else response.once('close', abortUnlessSent);
    return controller.signal;
  }

  onLookup(key: ConnectionKey): LookupObserver {
    this.lookups += 1;
    const observer = this.#observeLookup(this, key);
    if (!observer) return { onAttempt: () => this.#countRequest() };
    return {
      onJoin: () => observer.onJoin?.(),
      onAttempt: (target, retries) => {
        this.#countRequest();
        return observer.onAttempt?.(target, retries);
      },
      onEnd: (reading, error) => observer.onEnd?.(reading, error),
    };
  }

  onAudited(outcome: AuditEvent['outcome']): void {
    if (outcome === 'disclosed') this.tokens += 1;
    else this.refusals += 1;
  }

  /** Returns the operation's name and its document's hash. Call it only to show them, because hashing takes time. */
  describeOperation(): OperationDescription | null {
    return this.operation && describeOperation({ operation: this.operation, fragments: {} });
  }

  /** Returns the codes of a result's errors, without duplicates. */
  static codesOf({ errors = [] }: ExecutionResult): string[] {
    return [...new Set(errors.map(({ extensions }) => String(extensions['code'])))];
  }

  /** Returns the limits that a result's errors are about, without duplicates, or undefined if there are none. */
  static limitsOf({ errors = [] }: ExecutionResult): string[] | undefined {
    const limits = new Set(errors.flatMap((error) => limitOf(error) ?? []));
    return limits.size > 0 ? [...limits] : undefined;
  }

  #countRequest(): undefined {
    this.platformRequests += 1;
  }
}

function toRequestId(given: unknown): string {
  return typeof given === 'string' && /^[\w.:-]{1,64}$/.test(given) ? given : crypto.randomUUID();
}
