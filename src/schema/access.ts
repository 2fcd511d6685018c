import { AccessError } from '../access/access-error.js';
import type { Scope } from '../access/caller.js';
import { createAuthorize, type Policy } from '../access/policy.js';
import type { ConnectionKey } from '../domain/connection-key.js';
import { requireConnectionsRequest } from './context.js';

/** Rejects with an {@link AccessError} unless the caller in the context may do this with this connection. */
export type RequireAccess = (context: unknown, key: ConnectionKey, scope: Scope) => Promise<void>;

/** Who decides about access: the schema, by the caller in the context, or the host alone. */
export type AuthorizationMode = 'callers' | 'host-trusted';

/** Creates the check that stands before every lookup and every token. */
export function createRequireAccess(mode: AuthorizationMode, policy: Policy | undefined): RequireAccess {
  if (mode === 'host-trusted') return async () => undefined;
  const authorize = createAuthorize(policy);
  return async (context, key, scope) => {
    const { caller } = requireConnectionsRequest(context);
    if (!caller) throw new AccessError('UNAUTHENTICATED');
    const decision = await authorize({ caller, key, scope });
    if (!decision.allowed) throw new AccessError('FORBIDDEN', decision.missingScope);
  };
}
