import {
  type DocumentNode,
  type ExecutionResult,
  type FieldNode,
  type FragmentDefinitionNode,
  GraphQLError,
  type GraphQLSchema,
  Kind,
  type OperationDefinitionNode,
  print,
  type SelectionSetNode,
} from 'graphql';

import { isWithinAllowance } from '../../schema/allowance.js';
import { givesOneConnection } from '../../schema/connection.js';

/** A document of which an operation asks for each of its root fields once, however many aliases they have. */
export interface Folded {
  readonly document: DocumentNode;
  /** Gives each alias its answer, and its errors: what the operation as it was sent would have been answered with. */
  readonly unfold: (result: ExecutionResult) => ExecutionResult;
}

type Fragments = Readonly<Record<string, FragmentDefinitionNode>>;

/**
 * Folds the root fields of a query that ask for the same in the same words under several aliases. They get the same
 * answer anyway, and to execute one takes five times as long as to copy its answer.
 *
 * Only where each root field gives one connection: so it is known beforehand that none of them will be refused because
 * of those before it.
 *
 * @param document valid, and without directives
 * @returns null if there is nothing to fold
 */
export function foldRepeatedFields(
  schema: GraphQLSchema,
  document: DocumentNode,
  operation: OperationDefinitionNode,
): Folded | null {
  const fragments = toFragments(document);
  const fields = findRootFields(operation.selectionSet, fragments);
  const known = schema.getQueryType()?.getFields() ?? {};
  if (!fields.every(({ name }) => givesOneConnection(known[name.value]))) return null;
  // What comes twice under one name is merged by the executor.
  if (new Set(fields.map(nameOf)).size < fields.length) return null;
  if (!isWithinAllowance({ fieldNodes: fields, fragments })) return null;

  const firsts = new Map<string, FieldNode>();
  const sources = fields.map((field): [name: string, source: string] => {
    const { alias: _, ...unnamed } = field;
    const words = print(unnamed);
    const first = firsts.get(words) ?? field;
    firsts.set(words, first);
    return [nameOf(field), nameOf(first)];
  });
  if (firsts.size === fields.length) return null;
  const selectionSet: SelectionSetNode = { ...operation.selectionSet, selections: [...firsts.values()] };
  const folded: OperationDefinitionNode = { ...operation, selectionSet };
  return {
    document: { ...document, definitions: document.definitions.map((node) => (node === operation ? folded : node)) },
    unfold: (result) => unfold(result, sources),
  };
}

function toFragments(document: DocumentNode): Fragments {
  const fragments = document.definitions.filter((node) => node.kind === Kind.FRAGMENT_DEFINITION);
  return Object.fromEntries(fragments.map((node) => [node.name.value, node]));
}

/** Finds the root fields in the order of their answers, each named fragment once. */
function findRootFields(root: SelectionSetNode, fragments: Fragments): FieldNode[] {
  const visited = new Set<string>();
  const findIn = ({ selections }: SelectionSetNode): FieldNode[] =>
    selections.flatMap((selection) => {
      if (selection.kind === Kind.FIELD) return [selection];
      if (selection.kind === Kind.INLINE_FRAGMENT) return findIn(selection.selectionSet);
      const name = selection.name.value;
      const fragment = visited.has(name) ? undefined : fragments[name];
      visited.add(name);
      return fragment ? findIn(fragment.selectionSet) : [];
    });
  return findIn(root);
}

function nameOf({ alias, name }: FieldNode): string {
  return (alias ?? name).value;
}

function unfold(result: ExecutionResult, sources: readonly (readonly [string, string])[]): ExecutionResult {
  const { data, errors } = result;
  if (!data) return result;
  const unfolded: Record<string, unknown> = {};
  for (const [name, source] of sources) unfolded[name] = data[source];
  if (!errors) return { ...result, data: unfolded };
  // In the order of the fields, as they are executed.
  const toErrors = ([name, source]: readonly [string, string]) =>
    errors.filter(({ path }) => path?.[0] === source).map((error) => toErrorOf(name, error));
  return { ...result, data: unfolded, errors: sources.flatMap(toErrors) };
}

function toErrorOf(name: string, error: GraphQLError): GraphQLError {
  const { message, path = [], originalError, extensions } = error;
  return new GraphQLError(message, { path: [name, ...path.slice(1)], originalError, extensions });
}
