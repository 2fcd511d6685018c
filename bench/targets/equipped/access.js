// Access control. The SHA-256 of a service key identifies the caller, and each caller has a policy.
import { hash, timingSafeEqual } from 'node:crypto';

import { refuse } from './errors.js';

/** Creates the test of an id from the list of allowed ids, or from `any`. */
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

/** Records a refusal and throws, unless the caller may use the scope on the connection. */
export function requireAllowed({ caller, refused }, scope, key) {
  if (isAllowed(caller, scope, key)) return;
  refused.add(key);
  throw refuse('FORBIDDEN');
}
