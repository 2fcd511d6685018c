import { type PolicyFile, PolicyFileError, readPolicyFile } from '../policy-file.js';
import { type Check, failed, type Finding, ok, warning } from './check.js';

const DAY_MS = 24 * 60 * 60 * 1_000;
/** How long before its end a key is worth a warning, in days. */
const SOON_DAYS = 14;

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
        : judge(policy, Date.now()),
  };
}

function judge({ callers, issuers }: PolicyFile, now: number): Finding {
  const found = callers.flatMap(({ id, keys }, at) => [
    ...keys.flatMap(({ expires }, index) => describeExpiry(`callers[${at}].keys[${index}]`, id, expires, now)),
    ...(keys.every(({ expires }) => isOver(expires, now)) ? [`${id} has no key that is valid: it gets 401.`] : []),
  ]);
  if (found.length === 0) return ok(`Callers that may ask: ${callers.length}. Issuers: ${issuers.length}.`);
  return warning(found, 'xkit-graphql keys create makes another key. Then take the old hash out of the file.');
}

function isOver(expires: number | null, now: number): boolean {
  return expires !== null && expires <= now;
}

function describeExpiry(path: string, caller: string, expires: number | null, now: number): string[] {
  if (expires === null || expires > now + SOON_DAYS * DAY_MS) return [];
  const date = new Date(expires).toISOString().slice(0, 10);
  return [`${path} of ${caller} ${isOver(expires, now) ? 'expired' : 'expires'} on ${date}.`];
}
