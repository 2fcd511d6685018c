import type { ConnectionKey } from '../domain/connection-key.js';

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
  try {
    // Exactly true: a policy that forgot its return says no.
    return (await inTime(Promise.resolve(policy(request)), POLICY_TIMEOUT_MS, () => null)) === true;
  } catch {
    return false;
  }
}

/**
 * Waits for something for so many milliseconds, and rejects if it is late. What has arrived by then counts, also if this
 * process was too busy to hear of it.
 *
 * @param tooLate makes what it rejects with
 */
export function inTime<T>(answer: Promise<T>, ms: number, tooLate: () => unknown): Promise<T> {
  return new Promise((resolve, reject) => {
    // Timers come before what has arrived, and `setImmediate` after it.
    const timer = setTimeout(() => setImmediate(() => reject(tooLate())), ms);
    const stop = () => clearTimeout(timer);
    answer.then(resolve, reject);
    answer.then(stop, stop);
  });
}

/** What a caller may do: read connections, and read their access tokens as well. */
export type Scope = 'connections:read' | 'tokens:read';

/** A `browser` is in the hands of one person: it never gets a group's token, which is another member's own. */
export type CallerKind = 'service' | 'browser';

/** Any one, or only those listed; an empty list is none. */
export type Limit = 'any' | readonly string[];

/** Who asks us. Not the user or group whose connection it is: that is the owner. */
export interface Caller {
  /** Names the caller in the audit log. */
  readonly id: string;
  readonly kind: CallerKind;
  readonly scopes: readonly Scope[];
  /** Ids of the users whose connections it may ask for. */
  readonly users: Limit;
  /** Ids of the groups whose connections it may ask for. */
  readonly groups: Limit;
  /** Slugs of the connectors it may ask for. */
  readonly connectors: Limit;
}

const SCOPES: readonly string[] = ['connections:read', 'tokens:read'] satisfies Scope[];

/**
 * Checks a caller that a host made.
 *
 * @throws {TypeError} naming what is wrong, so that a misspelt limit never counts as none
 */
export function checkCaller(caller: Caller): Caller {
  const problem = findCallerProblem(caller);
  if (problem !== null) throw new TypeError(`caller${problem}.`);
  return caller;
}

function findCallerProblem(caller: Caller): string | null {
  if (typeof caller !== 'object' || caller === null) return ' must be an object';
  const { id, kind, scopes, ...limits } = caller;
  if (typeof id !== 'string' || id === '') return '.id must be a text that is not empty';
  if (kind !== 'service' && kind !== 'browser') return '.kind must be service or browser';
  if (!Array.isArray(scopes) || !scopes.every((scope) => SCOPES.includes(scope))) {
    return `.scopes must be a list of ${SCOPES.join(' and ')}`;
  }
  for (const name of ['users', 'groups', 'connectors'] as const) {
    const limit: unknown = limits[name];
    const isList = Array.isArray(limit) && limit.every((value) => typeof value === 'string');
    if (limit !== 'any' && !isList) return `.${name} must be 'any' or a list of texts`;
  }
  return null;
}

/** Tells whether a limit lets a value through. */
function isWithin(limit: Limit, value: string): boolean {
  return limit === 'any' || limit.includes(value);
}

/** Reports that a request is refused: nobody asks (`UNAUTHENTICATED`), or somebody who may not (`FORBIDDEN`). */
export class AccessError extends Error {
  override readonly name = 'AccessError';
  readonly code: 'UNAUTHENTICATED' | 'FORBIDDEN';
  /** The scope that the caller lacks; null where that is not the reason. */
  readonly missingScope: Scope | null;

  constructor(code: AccessError['code'], missingScope: Scope | null = null) {
    super('Access is refused.');
    this.code = code;
    this.missingScope = missingScope;
  }
}
