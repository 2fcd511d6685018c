import { createLocalJWKSet, createRemoteJWKSet, customFetch, errors, type JWK } from 'jose';
import { KEYS_TIMEOUT_MS } from '../../server/auth/json-web-token.js';
import { type IssuerPolicy, type PolicyFile, PolicyFileError, readPolicyFile } from '../../server/auth/policy-file.js';
import { isExpired } from '../../server/auth/service-key.js';
import { type Check, failed, type Finding, ok, skipped, warning } from './check.js';
import { describeConnectionProblem } from './connection-problem.js';

/** A policy, or the problems of its file. */
export type PolicyReading = PolicyFile | PolicyFileError;

/** Reads the policy file for several checks. */
export function readPolicy(path: string): PolicyReading {
  try {
    return readPolicyFile(path);
  } catch (error) {
    if (error instanceof PolicyFileError) return error;
    throw error;
  }
}

/** Checks the policy file for problems, and for keys that expire. */
export function createPolicyCheck(policy: PolicyReading): Check {
  return {
    id: 'policy',
    title: 'Policy file',
    variables: ['XKIT_POLICY_FILE'],
    run: () =>
      policy instanceof PolicyFileError
        ? failed(policy.problems, 'Fix the file in XKIT_POLICY_FILE. docs/policy.md describes its format.')
        : judge(policy),
  };
}

function judge({ callers, issuers }: PolicyFile): Finding {
  const found = callers.flatMap(({ id, keys }, at) => [
    ...keys.flatMap(({ expires }, index) => describeExpiry(`callers[${at}].keys[${index}]`, id, expires)),
    ...(keys.every(({ expires }) => isExpired(expires))
      ? [`${id} has no valid key, so its operations get HTTP 401.`]
      : []),
  ]);
  if (found.length === 0) return ok(`Callers: ${callers.length}. Issuers: ${issuers.length}.`);
  return warning(found, 'Create a new key with xkit-graphql keys create. Then remove the old hash from the file.');
}

function describeExpiry(path: string, caller: string, expires: number | null): string[] {
  if (expires === null || !expiresSoon(expires)) return [];
  return [`${path} of ${caller} ${isExpired(expires) ? 'expired' : 'expires'} on ${toDay(expires)}.`];
}

/** How early an expiry gets a warning: 14 days. */
const SOON_MS = 14 * 24 * 60 * 60 * 1_000;

/** Returns whether a key or a certificate expires soon, or has expired. */
export function expiresSoon(expires: number): boolean {
  return expires <= Date.now() + SOON_MS;
}

/** Formats the day of a time, in UTC. */
export function toDay(time: number): string {
  return new Date(time).toISOString().slice(0, 10);
}

/** Checks whether the keys of each issuer in the policy file can be fetched and used. */
export function createIssuerChecks(policy: PolicyReading): Check[] {
  if (policy instanceof PolicyFileError) {
    const finding = skipped('The policy file could not be read.');
    return [{ id: 'issuers', title: 'Issuer keys', after: ['policy'], run: () => finding }];
  }
  return policy.issuers.map((issuer, at) => ({
    id: `issuer-${issuer.id}`,
    title: `Issuer keys of ${issuer.id}`,
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
  const advice = `Check ${namedBy}. The issuer's documentation or its /.well-known/openid-configuration shows the URL.`;
  try {
    await keys.reload();
  } catch (error) {
    if (error instanceof errors.JWKSTimeout) {
      return failed(
        `${url.host} did not respond within ${KEYS_TIMEOUT_MS / 1_000} s.`,
        'Check that it is running, and that no firewall blocks the connection.',
      );
    }
    if (status === null) return describeConnectionProblem(error, { host: url.host, namedBy });
    return failed(
      status === 200
        ? `The response of ${url.host} is not a JSON Web Key Set.`
        : `${url.host} responds with HTTP ${String(status)}.`,
      advice,
    );
  }
  const usable = await Promise.all((keys.jwks()?.keys ?? []).map((key) => isUsable(key, algorithms)));
  const count = usable.filter(Boolean).length;
  if (count > 0) return ok(`Usable keys at ${url.host}: ${count}.`);
  return failed(
    `No key at ${url.host} can be used with ${algorithms.join(', ')}.`,
    `${advice} Also check the algorithms of that issuer.`,
  );
}

/** Returns whether a key can verify a signature by any of the algorithms, as the server verifies a token. */
async function isUsable(key: JWK, algorithms: IssuerPolicy['algorithms']): Promise<boolean> {
  const find = createLocalJWKSet({ keys: [key] });
  const found = await Promise.allSettled(algorithms.map((alg) => find({ alg, ...(key.kid && { kid: key.kid }) })));
  return found.some(({ status }) => status === 'fulfilled');
}
