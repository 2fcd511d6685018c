import {
  getDirectiveValues,
  GraphQLIncludeDirective,
  type GraphQLResolveInfo,
  GraphQLSkipDirective,
  type SelectionNode,
  type SelectionSetNode,
} from 'graphql';

/**
 * Tells whether a field's selection set selects any field but the given ones, through fragments and past
 * `@skip` and `@include`.
 *
 * Each named fragment is looked at once: fragments that spread others twice over would otherwise take time
 * exponential in their number.
 */
export function selectsMoreThan(fieldNames: ReadonlySet<string>, info: GraphQLResolveInfo): boolean {
  const visited = new Set<string>();
  const isMore = (selection: SelectionNode): boolean => {
    if (!isIncluded(selection, info)) return false;
    if (selection.kind === 'Field') return !fieldNames.has(selection.name.value);
    if (selection.kind === 'InlineFragment') return selection.selectionSet.selections.some(isMore);
    const name = selection.name.value;
    if (visited.has(name)) return false;
    visited.add(name);
    return info.fragments[name]?.selectionSet.selections.some(isMore) ?? true;
  };
  return info.fieldNodes.some((node) => node.selectionSet?.selections.some(isMore) ?? true);
}

const counts = new WeakMap<SelectionSetNode, number>();

/** Counts the fields that one value of a field answers with, at every depth; `@skip` and `@include` aside. */
export function countFields({ fieldNodes, fragments }: GraphQLResolveInfo): number {
  const countIn = (set: SelectionSetNode): number => {
    const known = counts.get(set);
    if (known !== undefined) return known;
    // Each fragment once: what it selects is merged into what it selected before.
    const visited = new Set<string>();
    const count = (selection: SelectionNode): number => {
      if (selection.kind === 'Field') return 1 + (selection.selectionSet ? countIn(selection.selectionSet) : 0);
      if (selection.kind === 'InlineFragment') return sum(selection.selectionSet.selections.map(count));
      const name = selection.name.value;
      if (visited.has(name)) return 0;
      visited.add(name);
      return sum((fragments[name]?.selectionSet.selections ?? []).map(count));
    };
    const total = sum(set.selections.map(count));
    counts.set(set, total);
    return total;
  };
  return sum(fieldNodes.map(({ selectionSet }) => (selectionSet ? countIn(selectionSet) : 0)));
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
    // A null condition: the executor meets it next, and reports it as what it is.
    return true;
  }
}
