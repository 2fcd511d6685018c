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
export function isWithin(limit: Limit, value: string): boolean {
  return limit === 'any' || limit.includes(value);
}
