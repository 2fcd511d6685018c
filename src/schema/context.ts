import { type Caller, checkCaller } from '../access/policy.js';
import { type GraphQLResolveInfo, Kind, type OperationDefinitionNode, print } from 'graphql';
import { type AuditEvent, hashDocument } from '../access/audit.js';
import type { ConnectionKey } from '../domain/connection-key.js';
import type { LookupObserver } from '../platform/observer.js';

/** Well above any operation's deadline. */
const MAX_CONTEXT_AGE_MS = 60_000;

/** Configures {@link createConnectionsContext}. */
export interface ConnectionsContextOptions {
  /** Without a caller, lookups fail with `UNAUTHENTICATED`, unless the schema is `host-trusted`. @default none */
  readonly caller?: Caller | undefined;
  /** Identifies the request in errors. @default a random UUID */
  readonly requestId?: string | undefined;
  /** Aborts lookups that only this request waits for. Pass the signal of the HTTP request. */
  readonly signal?: AbortSignal | undefined;
  /** Observes the request, for logs and traces. */
  readonly observer?: RequestObserver | undefined;
}

/** One request of one caller. Holds everything that the request loads, and is garbage-collected with it. */
class ConnectionsRequest {
  readonly requestId: string;
  readonly signal: AbortSignal | undefined;
  readonly caller: Caller | null;
  readonly observer: RequestObserver | undefined;
  readonly #madeAt = performance.now();
  /** Values by keeper. Private, so that a dump of the context does not show them. */
  readonly #kept = new Map<object, unknown>();

  constructor({ requestId = crypto.randomUUID(), signal, caller, observer }: ConnectionsContextOptions) {
    this.requestId = requestId;
    this.signal = signal;
    this.caller = caller === undefined ? null : checkCaller(caller);
    this.observer = observer;
  }

  get ageMs(): number {
    return performance.now() - this.#madeAt;
  }

  /** Returns a keeper's value for this request, and creates it on first use. */
  keep<Value>(keeper: object, make: (request: ConnectionsRequest) => Value): Value {
    const known = this.#kept.get(keeper);
    // A keeper stores only what its own `make` returns.
    if (known !== undefined) return known as Value;
    const made = make(this);
    this.#kept.set(keeper, made);
    return made;
  }
}

/**
 * Creates the function that returns a value of a request, created on first use and garbage-collected with the request.
 * Each call of `perRequest` has its own values, so two schemas under one context share nothing.
 */
export function perRequest<Value>(
  make: (request: ConnectionsRequest) => Value,
): (request: ConnectionsRequest) => Value {
  const keeper = {};
  return (request) => request.keep(keeper, make);
}

export type { ConnectionsRequest };

/** The part of the GraphQL context that the schema needs. */
export interface ConnectionsContext {
  readonly connectionsRequest: ConnectionsRequest;
}

/**
 * Creates the part of the GraphQL context that the schema needs. Spread it into the host's context.
 *
 * **Call it once per operation.** Everything that an operation loads, including tokens, is shared within its context and
 * the copies that a gateway makes of it, and the limits count for each context. In a batch of operations, Apollo Server
 * and mercurius create one context for all of them: call this function in `requestDidStart` or `preExecution`.
 * @throws {TypeError} if `signal` is not an abort signal, or `caller` is invalid
 * @example
 * const yoga = createYoga({
 *   schema,
 *   context: ({ request }) => createConnectionsContext({ signal: request.signal, caller: callerOf(request) }),
 * });
 */
export function createConnectionsContext(options: ConnectionsContextOptions = {}): ConnectionsContext {
  const { signal } = options;
  if (signal !== undefined && !isAbortSignal(signal)) throw new TypeError('signal must be an AbortSignal.');
  return { connectionsRequest: new ConnectionsRequest(options) };
}

/** Returns the request in a GraphQL context, or null. */
export function findConnectionsRequest(context: unknown): ConnectionsRequest | null {
  const request: unknown = (context as Partial<ConnectionsContext> | null | undefined)?.connectionsRequest;
  return request instanceof ConnectionsRequest ? request : null;
}

/**
 * Returns the request in a GraphQL context.
 * @throws {ConnectionsMisuseError} if there is none, or it is older than 60 s and so from an earlier request
 */
export function requireConnectionsRequest(context: unknown): ConnectionsRequest {
  const request = findConnectionsRequest(context);
  if (request === null) {
    throw new ConnectionsMisuseError(
      'The GraphQL context has no connections request. Spread createConnectionsContext() of xkit-graphql into it.',
    );
  }
  if (request.ageMs > MAX_CONTEXT_AGE_MS) {
    throw new ConnectionsMisuseError(
      `The GraphQL context was created more than ${MAX_CONTEXT_AGE_MS / 1000} s ago. ` +
        'Call createConnectionsContext() for every request: a reused context would return stale tokens.',
    );
  }
  return request;
}

/** Not `instanceof`: the signal may come from a polyfill or another realm. */
function isAbortSignal(signal: Partial<AbortSignal> | null): boolean {
  return typeof signal?.addEventListener === 'function' && typeof signal.removeEventListener === 'function';
}

/** GraphQL does not limit the length of a name. */
const MAX_NAME_LENGTH = 128;

/** Describes an operation in logs and audit events. */
export interface OperationDescription {
  readonly name: string | null;
  readonly documentHash: string;
}

const descriptions = new WeakMap<OperationDefinitionNode, OperationDescription>();

/** Returns an operation's name, cut to 128 characters, and the hash of its document as sent. */
export function describeOperation({
  operation,
  fragments,
}: Pick<GraphQLResolveInfo, 'operation' | 'fragments'>): OperationDescription {
  const known = descriptions.get(operation);
  if (known) return known;
  // A delegating gateway builds documents as syntax trees, without a source.
  const text =
    operation.loc?.source.body ??
    print({
      kind: Kind.DOCUMENT,
      definitions: [operation, ...Object.values(fragments).filter((node) => node !== undefined)],
    });
  const description = {
    name: operation.name?.value.slice(0, MAX_NAME_LENGTH) ?? null,
    documentHash: hashDocument(text),
  };
  descriptions.set(operation, description);
  return description;
}

/** Observes one request, for logs and traces. Errors of its methods are dropped. */
export interface RequestObserver {
  /** Called before each lookup. Returns its observer. */
  onLookup?(key: ConnectionKey): LookupObserver | undefined;
  /** Called with each disclosure and refusal, after the audit has handled it. Never called without an audit. */
  onAudited?(outcome: AuditEvent['outcome']): void;
}

/** Reports misuse of this module to the host's developers. The message is safe to show to any caller. */
export class ConnectionsMisuseError extends Error {
  override readonly name = 'ConnectionsMisuseError';
}
