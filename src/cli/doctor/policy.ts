import { isExpired } from '../../server/auth/service-key.js';
import { type PolicyFile, PolicyFileError, readPolicyFile } from '../../server/auth/policy-file.js';
import { type Check, failed, type Finding, ok, warning } from './check.js';
import { endsSoon, toDay } from './expiry.js';

/** A policy, or what is wrong with its file. */
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

/** Looks for mistakes in the policy file, and for keys that expire. */
export function createPolicyCheck(policy: PolicyReading): Check {
  return {
    id: 'policy',
    title: 'Policy file',
    variables: ['XKIT_POLICY_FILE'],
    run: () =>
      policy instanceof PolicyFileError
        ? failed(policy.problems, 'Put the file of XKIT_POLICY_FILE right: docs/policy.md says what it may hold.')
        : judge(policy),
  };
}

function judge({ callers, issuers }: PolicyFile): Finding {
  const found = callers.flatMap(({ id, keys }, at) => [
    ...keys.flatMap(({ expires }, index) => describeExpiry(`callers[${at}].keys[${index}]`, id, expires)),
    ...(keys.every(({ expires }) => isExpired(expires)) ? [`${id} has no key that is valid: it gets 401.`] : []),
  ]);
  if (found.length === 0) return ok(`Callers that may ask: ${callers.length}. Issuers: ${issuers.length}.`);
  return warning(found, 'xkit-graphql keys create makes another key. Then take the old hash out of the file.');
}

function describeExpiry(path: string, caller: string, expires: number | null): string[] {
  if (expires === null || !endsSoon(expires)) return [];
  return [`${path} of ${caller} ${isExpired(expires) ? 'expired' : 'expires'} on ${toDay(expires)}.`];
}
