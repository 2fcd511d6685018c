import type { ConnectionKey } from '../domain/connection-key.js';

/** The question whether a caller may use a scope on a connection. */
export interface AccessRequest {
  readonly caller: Caller;
  readonly key: ConnectionKey;
  readonly scope: Scope;
}

/** The result. A refusal names the missing scope, if that is the reason, and reveals nothing about the connection. */
export type Decision = { readonly allowed: true } | { readonly allowed: false; readonly missingScope: Scope | null };

/**
 * A host's own policy. It receives the rules' decision and overrides it: `({ decision }) => decision.allowed && …`
 * extends the rules, and a policy that ignores `decision` replaces them. If it throws, rejects, or takes longer than
 * 1 s, access is denied.
 */
export type Policy = (request: AccessRequest & { readonly decision: Decision }) => boolean | Promise<boolean>;

/** Decides about access, synchronously unless there is a host policy. Never rejects: an error denies access. */
export type Authorize = (request: AccessRequest) => Decision | Promise<Decision>;

const POLICY_TIMEOUT_MS = 1_000;

/** Creates the function that decides by the rules, or by a host policy that receives the rules' decision. */
export function createAuthorize(policy: Policy | undefined): Authorize {
  if (!policy) return applyRules;
  return async (request) => {
    const decision = applyRules(request);
    const allowed = await askPolicy(policy, { ...request, decision });
    if (allowed) return { allowed: true };
    return decision.allowed ? { allowed: false, missingScope: null } : decision;
  };
}

/** Requires that the caller has the scope and that the connection is within all its limits. */
function applyRules({ caller, key, scope }: AccessRequest): Decision {
  if (!caller.scopes.includes(scope)) return { allowed: false, missingScope: scope };
  const isGroup = key.ownerKind === 'GROUP';
  const allowed =
    isWithin(isGroup ? caller.groups : caller.users, key.ownerId) &&
    isWithin(caller.connectors, key.connectorSlug) &&
    // A group's token belongs to one member, and a browser to one person.
    !(isGroup && scope === 'tokens:read' && caller.kind === 'browser');
  return allowed ? { allowed } : { allowed, missingScope: null };
}

async function askPolicy(policy: Policy, request: Parameters<Policy>[0]): Promise<boolean> {
  try {
    // Strictly true: a policy without a return value denies access.
    return (await inTime(Promise.resolve(policy(request)), POLICY_TIMEOUT_MS, () => null)) === true;
  } catch {
    return false;
  }
}

/**
 * Waits at most `ms` milliseconds for a promise. A result that arrived in time counts even if the event loop was busy.
 * @param tooLate creates the rejection reason
 */
export function inTime<T>(answer: Promise<T>, ms: number, tooLate: () => unknown): Promise<T> {
  return new Promise((resolve, reject) => {
    // The event loop runs timers before pending I/O, and `setImmediate` after it.
    const timer = setTimeout(() => setImmediate(() => reject(tooLate())), ms);
    answer.then(resolve, reject).finally(() => clearTimeout(timer));
  });
}

/** A caller's permission. Reading an access token needs both scopes. */
export type Scope = 'connections:read' | 'tokens:read';

/** A `browser` belongs to one person. It never gets a group's token, which may belong to another member. */
export type CallerKind = 'service' | 'browser';

/** Any value, or only the listed ones. An empty list allows none. */
export type Limit = 'any' | readonly string[];

/** The program that sends operations. Not the owner, which is the user or group of a connection. */
export interface Caller {
  /** Identifies the caller in the audit log. */
  readonly id: string;
  readonly kind: CallerKind;
  readonly scopes: readonly Scope[];
  /** Ids of the users whose connections it may request. */
  readonly users: Limit;
  /** Ids of the groups whose connections it may request. */
  readonly groups: Limit;
  /** Slugs of the connectors it may request. */
  readonly connectors: Limit;
}

const SCOPES: readonly string[] = ['connections:read', 'tokens:read'] satisfies Scope[];

/** Returns a valid caller. @throws {TypeError} with the invalid field: a misspelled limit must not mean no limit */
export function checkCaller(caller: Caller): Caller {
  const problem = findCallerProblem(caller);
  if (problem !== null) throw new TypeError(`caller${problem}.`);
  return caller;
}

function findCallerProblem(caller: Caller): string | null {
  if (typeof caller !== 'object' || caller === null) return ' must be an object';
  const { id, kind, scopes, ...limits } = caller;
  if (typeof id !== 'string' || id === '') return '.id must be a non-empty string';
  if (kind !== 'service' && kind !== 'browser') return '.kind must be service or browser';
  if (!Array.isArray(scopes) || !scopes.every((scope) => SCOPES.includes(scope))) {
    return `.scopes must be a list of ${SCOPES.join(' and ')}`;
  }
  for (const name of ['users', 'groups', 'connectors'] as const) {
    const limit: unknown = limits[name];
    const isList = Array.isArray(limit) && limit.every((value) => typeof value === 'string');
    if (limit !== 'any' && !isList) return `.${name} must be 'any' or a list of strings`;
  }
  return null;
}

function isWithin(limit: Limit, value: string): boolean {
  return limit === 'any' || limit.includes(value);
}

/** Refuses a request that has no caller (`UNAUTHENTICATED`) or exceeds the caller's rights (`FORBIDDEN`). */
export class AccessError extends Error {
  override readonly name = 'AccessError';
  readonly code: 'UNAUTHENTICATED' | 'FORBIDDEN';
  /** The scope that the caller lacks, or null if that is not the reason. */
  readonly missingScope: Scope | null;

  constructor(code: AccessError['code'], missingScope: Scope | null = null) {
    super('Access is refused.');
    this.code = code;
    this.missingScope = missingScope;
  }
}
