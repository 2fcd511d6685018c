import { createLocalJWKSet, createRemoteJWKSet, customFetch, errors, type JSONWebKeySet, type JWK } from 'jose';

import { KEYS_TIMEOUT_MS } from '../../server/auth/json-web-token.js';
import { type IssuerPolicy, PolicyFileError } from '../../server/auth/policy-file.js';
import { type Check, failed, type Finding, ok, skipped } from './check.js';
import { describeConnectionProblem } from './connection-problem.js';
import type { PolicyReading } from './policy.js';

const UNKNOWN_ISSUERS: Check = {
  id: 'issuers',
  title: 'Keys of the issuers',
  after: ['policy'],
  run: () => skipped('The policy file could not be read.'),
};

/** Looks whether the keys of each issuer in the policy file can be fetched, and used. */
export function createIssuerChecks(policy: PolicyReading): Check[] {
  if (policy instanceof PolicyFileError) return [UNKNOWN_ISSUERS];
  return policy.issuers.map((issuer, at) => ({
    id: `issuer-${issuer.id}`,
    title: `Keys of ${issuer.id}`,
    run: () => checkIssuer(issuer, `issuers[${at}].jwks of the policy file`),
  }));
}

async function checkIssuer({ jwks, algorithms }: IssuerPolicy, namedBy: string): Promise<Finding> {
  let status: number | null = null;
  const url = new URL(jwks);
  const keys = createRemoteJWKSet(url, {
    timeoutDuration: KEYS_TIMEOUT_MS,
    [customFetch]: async (input, init) => {
      const response = await fetch(input, init);
      ({ status } = response);
      return response;
    },
  });
  const advice = `Look at ${namedBy}: the issuer's documentation or /.well-known/openid-configuration has the URL.`;
  try {
    await keys.reload();
  } catch (error) {
    if (error instanceof errors.JWKSTimeout) {
      return failed(
        `${url.host} did not answer within ${KEYS_TIMEOUT_MS / 1_000} s.`,
        'See whether it runs, and whether a firewall is in between.',
      );
    }
    if (status === null) return describeConnectionProblem(error, { host: url.host, namedBy });
    return failed(
      status === 200 ? `${url.host} answers no JSON Web Key Set.` : `${url.host} answers ${String(status)}.`,
      advice,
    );
  }
  const usable = await countUsable(keys.jwks()?.keys ?? [], algorithms);
  if (usable > 0) return ok(`Keys that can be used at ${url.host}: ${usable}.`);
  return failed(
    `None of the keys at ${url.host} is for ${algorithms.join(', ')}.`,
    `${advice} Its algorithms stand beside it.`,
  );
}

async function countUsable(keys: JSONWebKeySet['keys'], algorithms: IssuerPolicy['algorithms']): Promise<number> {
  const usable = await Promise.all(keys.map((key) => isUsable(key, algorithms)));
  return usable.filter(Boolean).length;
}

/** Tells whether a signature by any of the algorithms could be checked with a key: as it is done for a token. */
async function isUsable(key: JWK, algorithms: IssuerPolicy['algorithms']): Promise<boolean> {
  const find = createLocalJWKSet({ keys: [key] });
  const found = await Promise.allSettled(algorithms.map((alg) => find({ alg, ...(key.kid && { kid: key.kid }) })));
  return found.some(({ status }) => status === 'fulfilled');
}
