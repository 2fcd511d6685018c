import type { ConnectionKey } from '../domain/connection-key.js';
import { toSegment } from '../domain/text.js';

/** The paths of a user's and a group's connection. Each placeholder is one whole path segment. */
export interface PathTemplates {
  /** Contains `{user_id}` and `{connector_slug}`. */
  readonly user: string;
  /** Contains `{group_id}` and `{connector_slug}`. */
  readonly group: string;
}

/** Replaces one or both path templates of a generation. */
export interface PathOverrides {
  readonly user?: string | undefined;
  readonly group?: string | undefined;
}

/** A generation of the Platform API, named by the first segment of its user path. */
export type ApiGeneration = 'connections' | 'users' | 'contexts';

/** The paths of the three generations of the Platform API. The first is the one of the server guide. */
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

/** Returns the paths of a generation, with the overrides applied. @throws {TypeError} if the generation is unknown */
export function toPathTemplates(generation: ApiGeneration, overrides: PathOverrides = {}): PathTemplates {
  if (!Object.hasOwn(API_GENERATIONS, generation)) {
    throw new TypeError(`generation must be one of ${Object.keys(API_GENERATIONS).join(', ')}.`);
  }
  const { user, group } = API_GENERATIONS[generation];
  return { user: overrides.user ?? user, group: overrides.group ?? group };
}

/** Returns the path of a connection. Each id is percent-encoded as one segment. */
export type ConnectionPath = (key: ConnectionKey) => string;

/**
 * Compiles path templates.
 * @throws {TypeError} if a template does not start with `/`, or lacks, repeats, or embeds a placeholder
 */
export function compilePaths(templates: PathTemplates): ConnectionPath {
  const user = compilePath(templates.user, 'user_id');
  const group = compilePath(templates.group, 'group_id');
  return ({ ownerKind, ownerId, connectorSlug }) => (ownerKind === 'USER' ? user : group)(ownerId, connectorSlug);
}

/** Returns the problem of a path template, or null. */
export function findPathTemplateProblem(template: string, ownerPlaceholder: 'user_id' | 'group_id'): string | null {
  const segments = template.split('/');
  const owner = `{${ownerPlaceholder}}`;
  if (segments.shift() !== '') return 'must start with "/"';
  for (const placeholder of [owner, '{connector_slug}']) {
    if (segments.filter((segment) => segment === placeholder).length !== 1) {
      return `must have exactly one segment ${placeholder}`;
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
