import type { GraphQLResolveInfo } from 'graphql';

import { AccessError } from '../access/access-error.js';
import type { Audit, AuditedRequest } from '../access/audit.js';
import type { Scope } from '../access/caller.js';
import { createAuthorize, type Policy } from '../access/policy.js';
import type { AccessToken } from '../domain/access-token.js';
import { type ConnectionKey, formatConnectionKey } from '../domain/connection-key.js';
import { type ConnectionsRequest, requireConnectionsRequest } from './context.js';
import { describeOperation } from './operation.js';

/** Who decides about access: the schema, by the caller in the context, or the host alone. */
export type AuthorizationMode = 'callers' | 'host-trusted';

/** What a field is asked for, and by whom. */
export interface FieldRequest {
  readonly context: unknown;
  readonly key: ConnectionKey;
  readonly info: GraphQLResolveInfo;
}

/** Stands before every lookup and every token. */
export interface Access {
  /** Rejects with an {@link AccessError} unless the caller in the context may do this with this connection. */
  require(request: FieldRequest, scope: Scope): Promise<void>;
  /** Gives the secret itself, once the audit has taken note of it. */
  reveal(request: FieldRequest, token: AccessToken): Promise<string>;
}

interface AccessOptions {
  readonly authorization: AuthorizationMode;
  readonly policy: Policy | undefined;
  readonly audit: Audit | undefined;
}

/** Creates what decides about access, and has it recorded. */
export function createAccess({ authorization, policy, audit }: AccessOptions): Access {
  const authorize = createAuthorize(policy);
  const recordOnce = createRecordOnce();

  const findRefusal = async ({ context, key }: FieldRequest, scope: Scope): Promise<AccessError | null> => {
    if (authorization === 'host-trusted') return null;
    const { caller } = requireConnectionsRequest(context);
    if (!caller) return new AccessError('UNAUTHENTICATED');
    const decision = await authorize({ caller, key, scope });
    return decision.allowed ? null : new AccessError('FORBIDDEN', decision.missingScope);
  };

  return {
    require: async (field, scope) => {
      const refusal = await findRefusal(field, scope);
      if (!refusal) return;
      if (audit) await recordOnce(field, scope, (audited) => audit.recordRefusal(audited, refusal));
      throw refusal;
    },
    reveal: async (field, token) => {
      if (audit) await recordOnce(field, token.fingerprint, (audited) => audit.recordDisclosure(audited, token));
      return token.reveal();
    },
  };
}

/** Creates the function that records each thing once for a request, however many aliases ask for it. */
function createRecordOnce() {
  const recorded = new WeakMap<ConnectionsRequest, Map<string, Promise<void>>>();
  return async (
    { context, key, info }: FieldRequest,
    what: string,
    record: (audited: AuditedRequest) => Promise<void>,
  ): Promise<void> => {
    const request = requireConnectionsRequest(context);
    const ofRequest = recorded.get(request) ?? new Map<string, Promise<void>>();
    recorded.set(request, ofRequest);
    const name = `${what}:${formatConnectionKey(key)}`;
    const { requestId, caller } = request;
    const promise = ofRequest.get(name) ?? record({ requestId, caller, key, operation: describeOperation(info) });
    ofRequest.set(name, promise);
    return promise;
  };
}
