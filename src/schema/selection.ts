import {
  type FragmentDefinitionNode,
  getDirectiveValues,
  GraphQLIncludeDirective,
  type GraphQLResolveInfo,
  GraphQLSkipDirective,
  type InlineFragmentNode,
  isObjectType,
  type NamedTypeNode,
  type SelectionNode,
  type SelectionSetNode,
} from 'graphql';
import { type ConnectionKey, formatConnectionKey } from '../domain/connection-key.js';
import { type ConnectionsRequest, perRequest } from './context.js';
import { LimitError } from './limit-error.js';

/**
 * Returns whether a field selects any field of a type except the given ones. Follows fragments, and respects `@skip`
 * and `@include`. Visits each named fragment once: fragments that spread others twice would take exponential time.
 */
export function selectsMoreThan(fieldNames: ReadonlySet<string>, typeName: string, info: GraphQLResolveInfo): boolean {
  const search: Search = { fieldNames, typeName, info, visited: null };
  return info.fieldNodes.some(({ selectionSet }) => !selectionSet || isMoreIn(selectionSet, search));
}

interface Search {
  readonly fieldNames: ReadonlySet<string>;
  readonly typeName: string;
  readonly info: GraphQLResolveInfo;
  /** The visited fragments. Null until there is one, because most selections have none. */
  visited: Set<string> | null;
}

function isMoreIn({ selections }: SelectionSetNode, search: Search): boolean {
  return selections.some((selection) => isMore(selection, search));
}

function isMore(selection: SelectionNode, search: Search): boolean {
  const { fieldNames, info } = search;
  if (!isIncluded(selection, info)) return false;
  if (selection.kind === 'Field') return !fieldNames.has(selection.name.value);
  if (selection.kind === 'InlineFragment') return isMoreInFragment(selection, search);
  const name = selection.name.value;
  const visited = (search.visited ??= new Set());
  if (visited.has(name)) return false;
  visited.add(name);
  const fragment = info.fragments[name];
  return fragment ? isMoreInFragment(fragment, search) : true;
}

function isMoreInFragment(
  { typeCondition, selectionSet }: InlineFragmentNode | FragmentDefinitionNode,
  search: Search,
): boolean {
  return !isOfOtherType(typeCondition, search.typeName, search.info) && isMoreIn(selectionSet, search);
}

/** Returns whether a fragment is on another object type, as in `_entities` of a subgraph. */
function isOfOtherType(condition: NamedTypeNode | undefined, typeName: string, { schema }: GraphQLResolveInfo) {
  return condition && condition.name.value !== typeName && isObjectType(schema.getType(condition.name.value));
}

/** Fields and the fragments that they may spread. */
export type Selected = Pick<GraphQLResolveInfo, 'fieldNodes' | 'fragments'>;

const counts = new WeakMap<SelectionSetNode, number>();

/** Counts the response fields of one value of a field, at every depth. Ignores `@skip` and `@include`. */
function countFields({ fieldNodes, fragments }: Selected): number {
  let total = 0;
  for (const { selectionSet } of fieldNodes) if (selectionSet) total += countIn(selectionSet, fragments);
  return total;
}

/** Counts the fields of a selection set. The result is cached as long as its document. */
function countIn(set: SelectionSetNode, fragments: GraphQLResolveInfo['fragments']): number {
  const known = counts.get(set);
  if (known !== undefined) return known;
  // Each fragment counts once, because GraphQL merges repeated selections.
  const visited = new Set<string>();
  const count = (selection: SelectionNode): number => {
    if (selection.kind === 'Field')
      return 1 + (selection.selectionSet ? countIn(selection.selectionSet, fragments) : 0);
    if (selection.kind === 'InlineFragment') return sum(selection.selectionSet.selections.map(count));
    const name = selection.name.value;
    if (visited.has(name)) return 0;
    visited.add(name);
    return sum((fragments[name]?.selectionSet.selections ?? []).map(count));
  };
  const total = sum(set.selections.map(count));
  counts.set(set, total);
  return total;
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0);
}

function isIncluded(selection: SelectionNode, { variableValues }: GraphQLResolveInfo): boolean {
  if (!selection.directives?.length) return true;
  try {
    const skip = getDirectiveValues(GraphQLSkipDirective, selection, variableValues);
    const include = getDirectiveValues(GraphQLIncludeDirective, selection, variableValues);
    return skip?.['if'] !== true && include?.['if'] !== false;
  } catch {
    // The condition is null. The executor reports that next.
    return true;
  }
}

/** Default maximum of distinct connections per operation. */
export const DEFAULT_MAX_CONNECTIONS = 100;
/** Maximum connections per operation, and maximum owners, including duplicates. */
const MAX_ITEMS = 1_000;
/** Maximum fields in the response to one operation. */
const MAX_FIELDS = 50_000;

/**
 * The limits of one operation. Each item counts before the access check and the lookup, because refused items also
 * enlarge the response and the audit.
 */
export interface Allowance {
  /** @throws {LimitError} if a field requests more connections or response fields than are left */
  takeItems(request: ConnectionsRequest, info: GraphQLResolveInfo, items: number): void;
  /** @throws {LimitError} if a gateway requests more owners or response fields than are left */
  takeOwners(request: ConnectionsRequest, info: GraphQLResolveInfo, owners: number): void;
  /** @throws {LimitError} if this connection is new and exceeds the maximum */
  takeConnection(request: ConnectionsRequest, key: ConnectionKey): void;
}

interface Account {
  items: number;
  owners: number;
  fields: number;
  readonly keys: Set<string>;
}

/** Creates the allowance, with one account per request. */
export function createAllowance(maxConnections: number): Allowance {
  const accountOf = perRequest((): Account => ({ items: 0, owners: 0, fields: 0, keys: new Set() }));

  return {
    takeItems: (request, info, items) => {
      const account = accountOf(request);
      if (account.items + items > MAX_ITEMS) {
        throw new LimitError(
          'connections',
          `One operation may request at most ${MAX_ITEMS} connections, including duplicates.`,
        );
      }
      takeFields(account, info, items);
      account.items += items;
    },
    takeOwners: (request, info, owners) => {
      const account = accountOf(request);
      if (account.owners + owners > MAX_ITEMS) {
        throw new LimitError('owners', `One operation may name at most ${MAX_ITEMS} owners, including duplicates.`);
      }
      takeFields(account, info, owners);
      account.owners += owners;
    },
    takeConnection: (request, key) => {
      const { keys } = accountOf(request);
      const name = formatConnectionKey(key);
      if (keys.has(name)) return;
      if (keys.size >= maxConnections) {
        throw new LimitError(
          'distinct-connections',
          `One operation may request at most ${maxConnections} distinct connections.`,
        );
      }
      keys.add(name);
    },
  };
}

/** Takes nothing if it throws, because the next field may fit. */
function takeFields(account: Account, info: GraphQLResolveInfo, items: number): void {
  const fields = account.fields + items * countFields(info);
  if (fields > MAX_FIELDS) {
    throw new LimitError(
      'fields',
      `One operation may request at most ${MAX_FIELDS} fields, counted for each connection.`,
    );
  }
  account.fields = fields;
}
