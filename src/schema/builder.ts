import SchemaBuilder, { type SchemaTypes } from '@pothos/core';
import type { Scope } from '../access/policy.js';
import type { ConnectionsContext } from './context.js';

interface BuilderOptions {
  /** What the names of our own types begin with. */
  readonly typePrefix?: string | undefined;
  /** Plugins of Pothos, which have to be imported where they are named. */
  readonly plugins?: (keyof PothosSchemaTypes.Plugins<SchemaTypes>)[];
  /** Whether the schema tells a federation's router of scopes. */
  readonly scopeDirectives?: boolean;
}

/** Names of types that GraphQL has, or a federation. */
const NAMES_OF_OTHERS = 'Query Mutation Subscription ID String Int Float Boolean _Any _Entity _Service'.split(' ');

/** Creates a builder without any type; each file of this folder adds its own. */
export function createBuilder({ typePrefix = '', plugins = [], scopeDirectives = false }: BuilderOptions) {
  const builder = new SchemaBuilder<{
    Context: Partial<ConnectionsContext>;
    DefaultFieldNullability: false;
    Scalars: { ID: { Input: string; Output: string }; URL: { Input: string; Output: string } };
  }>({ defaultFieldNullability: false, plugins });
  const named = new Set(NAMES_OF_OTHERS);
  return Object.assign(builder, {
    /** Names a type of our own. */
    typeName: (name: string) => {
      named.add(typePrefix + name);
      return typePrefix + name;
    },
    /** Options of a field that needs a scope: they tell a router; `access` is what enforces it. */
    needsScope: (scope: Scope) => (scopeDirectives ? { authenticated: true, requiresScopes: [[scope]] } : {}),
    /** Tells whether a type has that name. */
    hasType: (name: string) => named.has(name),
  });
}

/** What each file of this folder adds its types to, each of our own named by `typeName`. */
export type Builder = ReturnType<typeof createBuilder>;
