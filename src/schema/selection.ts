import {
  getDirectiveValues,
  GraphQLIncludeDirective,
  type GraphQLResolveInfo,
  GraphQLSkipDirective,
  type SelectionNode,
} from 'graphql';

/**
 * Tells whether a field's selection set selects any field but the given ones, through fragments and past
 * `@skip` and `@include`.
 */
export function selectsMoreThan(fieldNames: ReadonlySet<string>, info: GraphQLResolveInfo): boolean {
  const isMore = (selection: SelectionNode): boolean => {
    if (!isIncluded(selection, info)) return false;
    if (selection.kind === 'Field') return !fieldNames.has(selection.name.value);
    const fragment = selection.kind === 'InlineFragment' ? selection : info.fragments[selection.name.value];
    return fragment?.selectionSet.selections.some(isMore) ?? true;
  };
  return info.fieldNodes.some((node) => node.selectionSet?.selections.some(isMore) ?? true);
}

function isIncluded(selection: SelectionNode, { variableValues }: GraphQLResolveInfo): boolean {
  const skip = getDirectiveValues(GraphQLSkipDirective, selection, variableValues);
  const include = getDirectiveValues(GraphQLIncludeDirective, selection, variableValues);
  return skip?.['if'] !== true && include?.['if'] !== false;
}
