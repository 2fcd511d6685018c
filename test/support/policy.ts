import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createOwnerHash } from '../../src/access/audit.js';
import { type Authenticate, createAuthenticate } from '../../src/server/auth/authenticate.js';
import { hashServiceKey } from '../../src/server/auth/service-key.js';
import { parsePolicyFile } from '../../src/server/auth/policy-file.js';

export const OWNER_HASH_KEY = 'owner-hash-key-of-the-tests';

/** The keys of the callers in {@link POLICY}. */
export const KEYS = {
  /** May read everything. */
  bff: 'xkgk_test-bff-canary-key',
  /** May not read tokens. */
  statusPage: 'xkgk_test-status-page-canary-key',
  /** Alice's browser. */
  browser: 'xkgk_test-browser-canary-key',
  /** May read only bob's Slack connection. */
  bob: 'xkgk_test-bob-canary-key',
  /** Has expired. */
  expired: 'xkgk_test-expired-canary-key',
} as const;

const all = { users: 'any', groups: 'any', connectors: 'any' };
const both = ['connections:read', 'tokens:read'];

/** A policy with a caller of each kind. */
export const POLICY = {
  callers: [
    {
      id: 'bff',
      ...all,
      scopes: both,
      operationsPerMinute: 1_000_000,
      keys: [{ hash: hashServiceKey(KEYS.bff) }, { hash: hashServiceKey(KEYS.expired), expires: '2020-01-01' }],
    },
    { id: 'status-page', ...all, scopes: ['connections:read'], keys: [{ hash: hashServiceKey(KEYS.statusPage) }] },
    {
      id: 'browser',
      kind: 'browser',
      users: ['alice'],
      groups: 'any',
      connectors: 'any',
      scopes: both,
      keys: [{ hash: hashServiceKey(KEYS.browser) }],
    },
    {
      id: 'bob',
      users: ['bob'],
      groups: [],
      connectors: ['slack'],
      scopes: both,
      keys: [{ hash: hashServiceKey(KEYS.bob) }],
    },
  ],
};

/** Creates the authentication of the callers of a policy. */
export function authenticateBy(policy: object): Authenticate {
  return createAuthenticate(parsePolicyFile(JSON.stringify(policy)), createOwnerHash(OWNER_HASH_KEY));
}

/** Writes a policy file, which the test must remove. */
export function writePolicyFile(policy: unknown = POLICY) {
  const folder = mkdtempSync(join(tmpdir(), 'xkit-graphql-policy-'));
  const path = join(folder, 'policy.yaml');
  const write = (next: unknown) => writeFileSync(path, typeof next === 'string' ? next : JSON.stringify(next));
  write(policy);
  return { path, folder, write, remove: () => rmSync(folder, { recursive: true, force: true }) };
}
