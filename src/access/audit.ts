import { createHmac, createSecretKey, hash } from 'node:crypto';
import type { AccessToken } from '../domain/access-token.js';
import type { ConnectionKey, OwnerKind } from '../domain/connection-key.js';
import { type AccessError, type Caller, type CallerKind, inTime, type Scope } from './policy.js';

/** One token handed out, or one refusal. Holds neither a token nor an owner's id: all of it may be kept. */
export interface AuditEvent {
  /** ISO 8601, UTC. */
  readonly time: string;
  readonly outcome: 'disclosed' | 'refused';
  readonly requestId: string;
  /** Id of the caller; null where the request had none. */
  readonly caller: string | null;
  readonly callerKind: CallerKind | null;
  readonly ownerKind: OwnerKind;
  /** The first 32 hex digits of the HMAC-SHA-256 of the owner's id: tells owners apart, for whoever has the key. */
  readonly ownerHash: string;
  readonly connectorSlug: string;
  /** Null for an anonymous operation. */
  readonly operationName: string | null;
  /** SHA-256 of the operation's document in hex, which graphql-codegen also takes for the id of a trusted document. */
  readonly documentHash: string;
  /** The first 16 hex digits of the SHA-256 of the token; null for a refusal. */
  readonly tokenFingerprint: string | null;
  /** Why it was refused; null for a disclosure. */
  readonly code: AccessError['code'] | null;
  readonly missingScope: Scope | null;
}

/** Takes an event: it counts as taken when the function returns, or its promise is fulfilled. */
export type AuditSink = (event: AuditEvent) => void | Promise<void>;

/** What happens to a token whose event the sink did not take: it is held back, or given out all the same. */
export type AuditMode = 'required' | 'best-effort';

/** Configures the audit. */
export interface AuditOptions {
  /** Takes each event within 2 seconds; otherwise it failed. */
  readonly sink: AuditSink;
  /** @default 'required' */
  readonly mode?: AuditMode | undefined;
  /** Key of the owners' hashes: a secret of at least 16 characters, the same in every replica. */
  readonly ownerHashKey: string;
}

/** Reports that the audit sink did not take an event. */
export class AuditError extends Error {
  override readonly name = 'AuditError';
}

/** What an event tells of: who asked for what, and in which operation. */
export interface AuditedRequest {
  readonly requestId: string;
  readonly caller: Caller | null;
  readonly key: ConnectionKey;
  readonly operation: { readonly name: string | null; readonly documentHash: string };
}

/** Records what the schema gives out and what it refuses. */
export interface Audit {
  /** Records that a token is about to be given out; rejects with an {@link AuditError} if it must not be. */
  recordDisclosure(request: AuditedRequest, token: AccessToken): Promise<void>;
  /** Records a refusal. Never rejects: a refusal stands, whatever the sink says. */
  recordRefusal(request: AuditedRequest, refusal: AccessError): Promise<void>;
}

/** How long a sink may take, in milliseconds. */
const SINK_TIMEOUT_MS = 2_000;

/**
 * Creates the audit.
 *
 * @param onLost is told of an event that was lost without holding anything back
 * @throws {TypeError} if an option cannot serve
 */
export function createAudit(options: AuditOptions, onLost: (requestId: string, error: AuditError) => void): Audit {
  const { sink, mode = 'required' } = options;
  if (mode !== 'required' && mode !== 'best-effort') throw new TypeError('audit.mode must be required or best-effort.');
  if (typeof sink !== 'function') throw new TypeError('audit.sink must be a function.');
  const hashOwner = createOwnerHash(options.ownerHashKey);

  const toEvent = (
    { caller, key, operation, requestId }: AuditedRequest,
    tokenFingerprint: string | null,
    refusal: AccessError | null,
  ): AuditEvent => ({
    time: new Date().toISOString(),
    outcome: refusal ? 'refused' : 'disclosed',
    requestId,
    caller: caller?.id ?? null,
    callerKind: caller?.kind ?? null,
    ownerKind: key.ownerKind,
    ownerHash: hashOwner(key.ownerId),
    connectorSlug: key.connectorSlug,
    operationName: operation.name,
    documentHash: operation.documentHash,
    tokenFingerprint,
    code: refusal?.code ?? null,
    missingScope: refusal?.missingScope ?? null,
  });

  return {
    recordDisclosure: (request, { fingerprint }) => {
      const given = give(sink, toEvent(request, fingerprint, null));
      return mode === 'required' ? given : given.catch((error: AuditError) => onLost(request.requestId, error));
    },
    recordRefusal: (request, refusal) =>
      give(sink, toEvent(request, null, refusal)).catch((error: AuditError) => onLost(request.requestId, error)),
  };
}

/** Gives an event to a sink. Rejects with an {@link AuditError} unless it is taken in time. */
async function give(sink: AuditSink, event: AuditEvent): Promise<void> {
  try {
    const taken = sink(event);
    const late = () => new AuditError('The audit sink did not take an event in time.');
    // It may be any object with a method `then`.
    if (taken !== undefined) await inTime(Promise.resolve(taken), SINK_TIMEOUT_MS, late);
  } catch (error) {
    throw error instanceof AuditError ? error : new AuditError('The audit sink refused an event.', { cause: error });
  }
}

/** Hashes the text of a GraphQL document: SHA-256, in hex. */
export function hashDocument(text: string): string {
  return hash('sha256', text, 'hex');
}

const MIN_KEY_LENGTH = 16;

/**
 * Creates the function that hashes the ids of owners for logs: the first 32 hex digits of their HMAC-SHA-256.
 *
 * Ids are few and guessable, so a plain hash would reveal them to anyone who tries them all. Hence the key.
 *
 * @throws {TypeError} if the key is too short
 */
export function createOwnerHash(key: string): (ownerId: string) => string {
  if (typeof key !== 'string' || key.length < MIN_KEY_LENGTH) {
    throw new TypeError(`ownerHashKey must be a text of at least ${MIN_KEY_LENGTH} characters.`);
  }
  const secret = createSecretKey(key, 'utf8');
  return (ownerId) => createHmac('sha256', secret).update(ownerId).digest('hex').slice(0, 32);
}
