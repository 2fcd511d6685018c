import { type Caller, checkCaller } from '../access/policy.js';
import { type GraphQLResolveInfo, Kind, type OperationDefinitionNode, print } from 'graphql';
import { type AuditEvent, hashDocument } from '../access/audit.js';
import type { ConnectionKey } from '../domain/connection-key.js';
import type { LookupObserver } from '../platform/observer.js';

/** How long a context may serve after it was made, in milliseconds: well above any operation's deadline. */
const MAX_CONTEXT_AGE_MS = 60_000;

/** Configures {@link createConnectionsContext}. */
export interface ConnectionsContextOptions {
  /**
   * Who asks. Without it every answer is UNAUTHENTICATED, unless the schema leaves access to the host.
   * @default nobody
   */
  readonly caller?: Caller | undefined;
  /**
   * Names the request in errors.
   * @default a random UUID
   */
  readonly requestId?: string | undefined;
  /** Aborts what only this request waits for: give the signal of the HTTP request. */
  readonly signal?: AbortSignal | undefined;
  /** Is told what the request comes to: for logs and traces. */
  readonly observer?: RequestObserver | undefined;
}

/** One request of one caller. What the request loads hangs on this object, weakly, and dies with it. */
class ConnectionsRequest {
  readonly requestId: string;
  readonly signal: AbortSignal | undefined;
  readonly caller: Caller | null;
  readonly observer: RequestObserver | undefined;
  readonly #madeAt = performance.now();
  /** By who keeps it. Private, so that no dump of a context shows it. */
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

  /** Gives what somebody keeps for this request, and makes it the first time. */
  keep<Value>(keeper: object, make: (request: ConnectionsRequest) => Value): Value {
    const known = this.#kept.get(keeper);
    // What is under a keeper is what it has made.
    if (known !== undefined) return known as Value;
    const made = make(this);
    this.#kept.set(keeper, made);
    return made;
  }
}

/**
 * Creates what finds something of each request, and makes it when it is first asked for. It dies with the request. Each
 * call is a keeper of its own: two schemas under one context share nothing.
 */
export function perRequest<Value>(
  make: (request: ConnectionsRequest) => Value,
): (request: ConnectionsRequest) => Value {
  const keeper = {};
  return (request) => request.keep(keeper, make);
}

export type { ConnectionsRequest };

/** What the schema needs in the GraphQL context. */
export interface ConnectionsContext {
  readonly connectionsRequest: ConnectionsRequest;
}

/**
 * Creates what the schema needs in the GraphQL context: spread it into the host's own.
 *
 * **Call it once for every request.** Everything that a request loads, tokens included, is shared within its
 * context, also by the copies that a gateway makes of it.
 *
 * @throws {TypeError} if `signal` cannot be listened to, or `caller` is not well-formed
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

/** Finds the request in a GraphQL context, if it is there. */
export function findConnectionsRequest(context: unknown): ConnectionsRequest | null {
  const request: unknown = (context as Partial<ConnectionsContext> | null | undefined)?.connectionsRequest;
  return request instanceof ConnectionsRequest ? request : null;
}

/**
 * Takes the request from a GraphQL context.
 *
 * @throws {ConnectionsMisuseError} if the context lacks it, or was made for an earlier request
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
      `The GraphQL context was made over ${MAX_CONTEXT_AGE_MS / 1000} s ago. ` +
        'Call createConnectionsContext() anew for every request: a reused context would hand out stale tokens.',
    );
  }
  return request;
}

/** Takes any object that works like one: a polyfill's and another realm's are no instances of ours. */
function isAbortSignal(signal: Partial<AbortSignal> | null): boolean {
  return typeof signal?.addEventListener === 'function' && typeof signal.removeEventListener === 'function';
}

/** Longest operation name that is shown; a GraphQL name has no other bound. */
const MAX_NAME_LENGTH = 128;

/** What is logged of an operation. */
export interface OperationDescription {
  readonly name: string | null;
  readonly documentHash: string;
}

const descriptions = new WeakMap<OperationDefinitionNode, OperationDescription>();

/** Describes an operation by its name and the hash of its document as it was sent. */
export function describeOperation({
  operation,
  fragments,
}: Pick<GraphQLResolveInfo, 'operation' | 'fragments'>): OperationDescription {
  const known = descriptions.get(operation);
  if (known) return known;
  // A gateway that delegates builds its documents as trees, which have no source.
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

/** Is told what one request comes to, for whoever logs or traces it. What its functions throw is dropped. */
export interface RequestObserver {
  /** A connection is about to be looked up; what this returns is told what becomes of that. */
  onLookup?(key: ConnectionKey): LookupObserver | undefined;
  /** A token is given out or something refused, and the audit has taken note of it. Without an audit it is never called. */
  onAudited?(outcome: AuditEvent['outcome']): void;
}

/** Tells the developers of a host what they must do differently. Its message is safe to show to any caller. */
export class ConnectionsMisuseError extends Error {
  override readonly name = 'ConnectionsMisuseError';
}
