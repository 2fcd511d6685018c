import { type ASTNode, BREAK, type GraphQLResolveInfo, Kind, type OperationDefinitionNode, visit } from 'graphql';

/** Creates the function that returns whether an operation or its document's fragments use a response name. */
export function createResponseNameSearch(name: string): (info: GraphQLResolveInfo) => boolean {
  // All owners of a list share one operation.
  const found = new WeakMap<OperationDefinitionNode, boolean>();
  return ({ operation, fragments }) => {
    const known = found.get(operation);
    if (known !== undefined) return known;
    const isFound = [operation, ...Object.values(fragments)].some((node) => node && selectsName(node, name));
    found.set(operation, isFound);
    return isFound;
  };
}

function selectsName(root: ASTNode, responseName: string): boolean {
  let isFound = false;
  visit(root, {
    [Kind.FIELD]: ({ alias, name }) => {
      if ((alias ?? name).value !== responseName) return undefined;
      isFound = true;
      return BREAK;
    },
  });
  return isFound;
}
