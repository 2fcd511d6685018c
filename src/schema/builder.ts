import SchemaBuilder, { type SchemaTypes } from '@pothos/core';
import type { Scope } from '../access/policy.js';
import type { ConnectionsContext } from './context.js';

interface BuilderOptions {
  readonly typePrefix?: string | undefined;
  readonly fieldPrefix?: string | undefined;
  /** Pothos plugins. The caller must import them. */
  readonly plugins?: (keyof PothosSchemaTypes.Plugins<SchemaTypes>)[];
  /** Whether fields have `@authenticated` and `@requiresScopes`, for Federation routers. */
  readonly scopeDirectives?: boolean;
}

/** Type names that GraphQL and Federation use. */
const NAMES_OF_OTHERS = 'Query Mutation Subscription ID String Int Float Boolean _Any _Entity _Service'.split(' ');

/**
 * Returns the name of a field with its prefix, in camel case. With the prefix `xkit`, `userConnection` becomes
 * `xkitUserConnection`, and `_userOwners` becomes `_xkitUserOwners`.
 */
export function toFieldName(name: string, prefix = ''): string {
  return prefix === '' ? name : name.replace(/[a-z]/, (first) => prefix + first.toUpperCase());
}

/** Creates a builder without types. Each file of this folder adds its own. */
export function createBuilder(options: BuilderOptions) {
  const { typePrefix = '', fieldPrefix, plugins = [], scopeDirectives = false } = options;
  const builder = new SchemaBuilder<{
    Context: Partial<ConnectionsContext>;
    DefaultFieldNullability: false;
    Scalars: { ID: { Input: string; Output: string }; URL: { Input: string; Output: string } };
  }>({ defaultFieldNullability: false, plugins });
  const named = new Set(NAMES_OF_OTHERS);
  return Object.assign(builder, {
    /** Reserves the name of one of our types, and returns it with its prefix. */
    typeName: (name: string) => {
      named.add(typePrefix + name);
      return typePrefix + name;
    },
    /** Returns the name of a field that we add to a type of others, with its prefix. */
    fieldName: (name: string) => toFieldName(name, fieldPrefix),
    /** Returns the options of a field that needs a scope. They only inform a router: `access` enforces the scope. */
    needsScope: (scope: Scope) => (scopeDirectives ? { authenticated: true, requiresScopes: [[scope]] } : {}),
    hasType: (name: string) => named.has(name),
  });
}

/** The schema builder. Name each of our types with `typeName`, and our fields of other types with `fieldName`. */
export type Builder = ReturnType<typeof createBuilder>;
