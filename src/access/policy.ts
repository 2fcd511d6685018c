import type { ConnectionKey } from '../domain/connection-key.js';
import { type Caller, isWithin, type Scope } from './caller.js';

/** What is to be decided: may this caller do this with this connection? */
export interface AccessRequest {
  readonly caller: Caller;
  readonly key: ConnectionKey;
  readonly scope: Scope;
}

/** The answer. A refusal names the scope that the caller lacks, and says nothing about the connection. */
export type Decision = { readonly allowed: true } | { readonly allowed: false; readonly missingScope: Scope | null };

/**
 * A host's own policy. It sees what the rules decided, and its answer counts: `({ decision }) => decision.allowed && …`
 * extends the rules, one that ignores `decision` replaces them. If it throws, rejects or hangs, the answer is no.
 */
export type Policy = (request: AccessRequest & { readonly decision: Decision }) => boolean | Promise<boolean>;

/** Decides before any lookup: at once, unless a host's policy has to be waited for. Never rejects: whatever goes wrong is a no. */
export type Authorize = (request: AccessRequest) => Decision | Promise<Decision>;

/** How long a host's policy may take, in milliseconds. */
const POLICY_TIMEOUT_MS = 1_000;

/** Creates the function that decides: by the rules, or by the host's policy with the rules' word on it. */
export function createAuthorize(policy: Policy | undefined): Authorize {
  if (!policy) return applyRules;
  return async (request) => {
    const decision = applyRules(request);
    const allowed = await askPolicy(policy, { ...request, decision });
    if (allowed) return { allowed: true };
    return decision.allowed ? { allowed: false, missingScope: null } : decision;
  };
}

/** The rules: the caller has the scope, and the connection is within all of its limits. */
function applyRules({ caller, key, scope }: AccessRequest): Decision {
  if (!caller.scopes.includes(scope)) return { allowed: false, missingScope: scope };
  const isGroup = key.ownerKind === 'GROUP';
  const allowed =
    isWithin(isGroup ? caller.groups : caller.users, key.ownerId) &&
    isWithin(caller.connectors, key.connectorSlug) &&
    // A group's token is one member's own.
    !(isGroup && scope === 'tokens:read' && caller.kind === 'browser');
  return allowed ? { allowed } : { allowed, missingScope: null };
}

async function askPolicy(policy: Policy, request: Parameters<Policy>[0]): Promise<boolean> {
  let timer: NodeJS.Timeout | undefined;
  const tooLate = new Promise<false>((resolve) => {
    timer = setTimeout(resolve, POLICY_TIMEOUT_MS, false);
  });
  try {
    // Exactly true: a policy that forgot its return says no.
    return (await Promise.race([policy(request), tooLate])) === true;
  } catch {
    return false;
  } finally {
    clearTimeout(timer);
  }
}
