import type { ConnectionKey } from '../domain/connection-key.js';
import { toSegment } from '../domain/text.js';

/** Where the Platform API serves a user's and a group's connection; each placeholder is one whole path segment. */
export interface PathTemplates {
  /** Holds `{user_id}` and `{connector_slug}`. */
  readonly user: string;
  /** Holds `{group_id}` and `{connector_slug}`. */
  readonly group: string;
}

/** Replaces the path templates of a generation, one or both. */
export interface PathOverrides {
  readonly user?: string | undefined;
  readonly group?: string | undefined;
}

/** Names a generation of the Platform API by the first segment of its user path. */
export type ApiGeneration = 'connections' | 'users' | 'contexts';

/** The paths of the three generations of the Platform API, the one of the server guide first. */
export const API_GENERATIONS: Readonly<Record<ApiGeneration, PathTemplates>> = {
  connections: {
    user: '/connections/{user_id}/{connector_slug}',
    group: '/groups/{group_id}/connections/{connector_slug}',
  },
  users: {
    user: '/users/{user_id}/connections/{connector_slug}',
    group: '/groups/{group_id}/connections/{connector_slug}',
  },
  contexts: {
    user: '/contexts/{user_id}/connections/{connector_slug}',
    group: '/contexts/{group_id}/connections/{connector_slug}',
  },
};

/**
 * Gives the templates of a generation, with the overrides in their place.
 *
 * @throws {TypeError} if there is no such generation
 */
export function toPathTemplates(generation: ApiGeneration, overrides: PathOverrides = {}): PathTemplates {
  if (!Object.hasOwn(API_GENERATIONS, generation)) {
    throw new TypeError(`generation must be ${Object.keys(API_GENERATIONS).join(', ')}.`);
  }
  const { user, group } = API_GENERATIONS[generation];
  return { user: overrides.user ?? user, group: overrides.group ?? group };
}

/** Gives the path of a connection, every id percent-encoded as one segment. */
export type ConnectionPath = (key: ConnectionKey) => string;

/**
 * Compiles path templates.
 *
 * @throws {TypeError} if a template does not start with `/` or lacks, repeats or embeds a placeholder
 */
export function compilePaths(templates: PathTemplates): ConnectionPath {
  const user = compilePath(templates.user, 'user_id');
  const group = compilePath(templates.group, 'group_id');
  return ({ ownerKind, ownerId, connectorSlug }) => (ownerKind === 'USER' ? user : group)(ownerId, connectorSlug);
}

/** Says what is wrong with a path template, or null. */
export function findPathTemplateProblem(template: string, ownerPlaceholder: 'user_id' | 'group_id'): string | null {
  const segments = template.split('/');
  const owner = `{${ownerPlaceholder}}`;
  if (segments.shift() !== '') return 'must start with "/"';
  for (const placeholder of [owner, '{connector_slug}']) {
    if (segments.filter((segment) => segment === placeholder).length !== 1) {
      return `must have ${placeholder} as exactly one of its segments`;
    }
  }
  const literals = segments.filter((segment) => segment !== owner && segment !== '{connector_slug}');
  if (!literals.every((literal) => /^[\w~-][\w.~-]*$/.test(literal))) {
    return 'must have only letters, digits, "-", "_", "." and "~" in its other segments';
  }
  return null;
}

function compilePath(template: string, ownerPlaceholder: 'user_id' | 'group_id') {
  const problem = findPathTemplateProblem(template, ownerPlaceholder);
  if (problem !== null) throw new TypeError(`paths.${ownerPlaceholder === 'user_id' ? 'user' : 'group'} ${problem}.`);
  const owner = `{${ownerPlaceholder}}`;
  const [before = '', between = '', after = ''] = template.split(/\{\w+\}/);
  const isOwnerFirst = template.indexOf(owner) < template.indexOf('{connector_slug}');
  return (ownerId: string, connectorSlug: string) => {
    const [first, second] = isOwnerFirst ? [ownerId, connectorSlug] : [connectorSlug, ownerId];
    return before + toSegment(first) + between + toSegment(second) + after;
  };
}
