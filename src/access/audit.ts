import { createHmac, hash } from 'node:crypto';
import type { AccessToken } from '../domain/access-token.js';
import type { ConnectionKey, OwnerKind } from '../domain/connection-key.js';
import { type AccessError, type Caller, type CallerKind, inTime, type Scope } from './policy.js';

/** A token disclosure or a refusal. Contains no token and no owner id, so it is safe to store. */
export interface AuditEvent {
  /** ISO 8601, UTC. */
  readonly time: string;
  readonly outcome: 'disclosed' | 'refused';
  readonly requestId: string;
  /** The caller's id, or null if the request has no caller. */
  readonly caller: string | null;
  readonly callerKind: CallerKind | null;
  readonly ownerKind: OwnerKind;
  /** The first 32 hex digits of the HMAC-SHA-256 of the owner's id. Identifies the owner to holders of the key. */
  readonly ownerHash: string;
  readonly connectorSlug: string;
  /** Null for an anonymous operation. */
  readonly operationName: string | null;
  /** SHA-256 of the document in hex. graphql-codegen can use the same value as the id of a trusted document. */
  readonly documentHash: string;
  /** The first 16 hex digits of the token's SHA-256, or null for a refusal. */
  readonly tokenFingerprint: string | null;
  /** The reason for a refusal, or null for a disclosure. */
  readonly code: AccessError['code'] | null;
  readonly missingScope: Scope | null;
}

/** Stores an event. The event counts as stored when the function returns or its promise resolves. */
export type AuditSink = (event: AuditEvent) => void | Promise<void>;

/** If the sink fails, `required` withholds the token, and `best-effort` discloses it. */
export type AuditMode = 'required' | 'best-effort';

/** Configures the audit. */
export interface AuditOptions {
  /** Called with each event. Times out after 2 s. */
  readonly sink: AuditSink;
  /** @default 'required' */
  readonly mode?: AuditMode | undefined;
  /** Secret key of the owner hashes: at least 16 characters, the same in every replica. */
  readonly ownerHashKey: string;
}

/** Reports that the audit sink failed or timed out. */
export class AuditError extends Error {
  override readonly name = 'AuditError';
}

/** The request that an event describes. */
export interface AuditedRequest {
  readonly requestId: string;
  readonly caller: Caller | null;
  readonly key: ConnectionKey;
  readonly operation: { readonly name: string | null; readonly documentHash: string };
}

/** Records token disclosures and refusals. */
export interface Audit {
  /** Call it before you disclose a token. Rejects with an {@link AuditError} if the token must be withheld. */
  recordDisclosure(request: AuditedRequest, token: AccessToken): Promise<void>;
  /** Never rejects, because a refusal stands even if the sink fails. */
  recordRefusal(request: AuditedRequest, refusal: AccessError): Promise<void>;
}

const SINK_TIMEOUT_MS = 2_000;

/**
 * Creates the audit.
 * @param onLost called when an event is lost and no token is withheld
 * @throws {TypeError} if an option is invalid
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

/** Rejects with an {@link AuditError} if the sink fails or times out. */
async function give(sink: AuditSink, event: AuditEvent): Promise<void> {
  try {
    const taken = sink(event);
    const late = () => new AuditError('The audit sink did not store an event in time.');
    // The sink may return any thenable.
    if (taken !== undefined) await inTime(Promise.resolve(taken), SINK_TIMEOUT_MS, late);
  } catch (error) {
    throw error instanceof AuditError
      ? error
      : new AuditError('The audit sink failed to store an event.', { cause: error });
  }
}

/** Returns the SHA-256 of a GraphQL document's text, in hex. */
export function hashDocument(text: string): string {
  return hash('sha256', text, 'hex');
}

const MIN_KEY_LENGTH = 16;

/**
 * Creates the function that hashes owner ids for logs: the first 32 hex digits of their HMAC-SHA-256. The hash needs a
 * key because ids are few and guessable: trying all ids would reverse a plain hash.
 * @throws {TypeError} if the key is too short
 */
export function createOwnerHash(key: string): (ownerId: string) => string {
  if (typeof key !== 'string' || key.length < MIN_KEY_LENGTH) {
    throw new TypeError(`ownerHashKey must be a string of at least ${MIN_KEY_LENGTH} characters.`);
  }
  return (ownerId) => createHmac('sha256', key).update(ownerId).digest('hex').slice(0, 32);
}
