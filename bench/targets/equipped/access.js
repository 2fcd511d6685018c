// Who may do what: callers are known by the SHA-256 of their service keys, and each has a policy.
import { hash, timingSafeEqual } from 'node:crypto';

import { refuse } from './errors.js';

/** A list of ids that are allowed, or `any`. */
const toTest = (allowed) => {
  if (allowed === 'any') return () => true;
  const ids = new Set(allowed);
  return (id) => ids.has(id);
};

const keys = JSON.parse(process.env.POLICY).callers.flatMap((policy) => {
  const caller = {
    id: policy.id,
    scopes: new Set(policy.scopes),
    mayReadUser: toTest(policy.users),
    mayReadGroup: toTest(policy.groups),
    mayReadConnector: toTest(policy.connectors),
  };
  return policy.keys.map((key) => ({ digest: Buffer.from(key.hash.slice('sha256:'.length), 'hex'), caller }));
});

/** Returns the caller of an `Authorization` header, or null. Compares every key, each in constant time. */
export function findCaller(authorization) {
  if (!authorization?.startsWith('Bearer ')) return null;
  const digest = hash('sha256', authorization.slice('Bearer '.length), 'buffer');
  let found = null;
  for (const key of keys) if (timingSafeEqual(key.digest, digest)) found = key.caller;
  return found;
}

/** Returns whether the caller has the scope, and the connection is within its policy. */
export function isAllowed(caller, scope, { ownerKind, ownerId, connectorSlug }) {
  return (
    caller.scopes.has(scope) &&
    (ownerKind === 'USER' ? caller.mayReadUser(ownerId) : caller.mayReadGroup(ownerId)) &&
    caller.mayReadConnector(connectorSlug)
  );
}

/** Throws unless the caller may do this with the connection, and has the refusal recorded. */
export function requireAllowed({ caller, refused }, scope, key) {
  if (isAllowed(caller, scope, key)) return;
  refused.add(key);
  throw refuse('FORBIDDEN');
}
