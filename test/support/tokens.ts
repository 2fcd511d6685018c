import { readFileSync } from 'node:fs';

import type { JWTPayload } from 'jose';

import { createOwnerHash } from '../../src/access/audit.js';
import { type Authenticate, createAuthenticate } from '../../src/server/auth/authenticate.js';
import { parsePolicyFile } from '../../src/server/auth/policy-file.js';
import { OWNER_HASH_KEY } from './policy.js';

export const hashSubject = createOwnerHash(OWNER_HASH_KEY);

/** The examples of issuers in the documentation: a host gateway, and a browser. */
export const [, gatewayExample = '', browserExample = ''] = [
  ...readFileSync('docs/policy.md', 'utf8').matchAll(/```yaml\n([\s\S]*?)```/g),
].map(([, text]) => text ?? '');

/** Creates the authentication of an example, with the keys at another URL. */
export function authenticateByExample(example: string, jwks: string): Authenticate {
  return createAuthenticate(parsePolicyFile(example.replace(/jwks: \S+/, `jwks: ${jwks}`)), hashSubject);
}

export const MINUTE_S = 60;

/** Returns the claims of a valid token, with these changes. */
export function claim(changes: Record<string, unknown> = {}): JWTPayload {
  const exp = Math.floor(Date.now() / 1000) + MINUTE_S;
  const scope = 'openid connections:read tokens:read';
  return { iss: 'https://login.example.com/', aud: 'xkit-graphql', sub: 'alice', exp, scope, ...changes } as JWTPayload;
}
