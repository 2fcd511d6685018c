import {
  type ASTNode,
  type ASTVisitFn,
  type ASTVisitor,
  type ASTVisitorKeyMap,
  BREAK,
  getEnterLeaveForKind,
  type Kind,
  type TypeInfo,
} from 'graphql';

/** What one visitor does at nodes of one kind. */
interface Handlers {
  readonly visitor: ASTVisitor;
  readonly enter: ASTVisitFn<ASTNode> | undefined;
  readonly leave: ASTVisitFn<ASTNode> | undefined;
}

/**
 * Has several visitors look at a document at once, as `visit` of graphql-js does with `visitInParallel`, but calls each at
 * nodes of those kinds alone that it looks at. Nothing of the document can be changed.
 *
 * @param visitorKeys what is visited below the nodes of each kind
 * @param typeInfo is kept up to date, if somebody asks for types
 */
export function visitTogether(
  root: ASTNode,
  visitors: readonly ASTVisitor[],
  visitorKeys: ASTVisitorKeyMap,
  typeInfo?: TypeInfo,
): void {
  const handlersOf = new Map<Kind, readonly Handlers[]>();
  /** Where each that passes by what is below it, or all that follows, does so. */
  const skipping = new Map<ASTVisitor, ASTNode | typeof BREAK>();
  const path: (string | number)[] = [];
  const ancestors: (ASTNode | readonly ASTNode[])[] = [];

  const findHandlers = (kind: Kind): readonly Handlers[] => {
    const known = handlersOf.get(kind);
    if (known) return known;
    const handlers = visitors
      .map((visitor) => ({ visitor, ...(getEnterLeaveForKind(visitor, kind) as Pick<Handlers, 'enter' | 'leave'>) }))
      .filter(({ enter, leave }) => enter ?? leave);
    handlersOf.set(kind, handlers);
    return handlers;
  };

  const visitNode = (node: ASTNode, key: string | number | undefined, parent: Parameters<ASTVisitFn<ASTNode>>[2]) => {
    const handlers = findHandlers(node.kind);
    typeInfo?.enter(node);
    for (const { visitor, enter } of handlers) {
      if (!enter || skipping.has(visitor)) continue;
      const result: unknown = enter.call(visitor, node, key, parent, path, ancestors);
      if (result === false) skipping.set(visitor, node);
      else if (result === BREAK) skipping.set(visitor, BREAK);
    }
    visitBelow(node, parent);
    for (const { visitor, leave } of handlers) {
      const skipped = skipping.get(visitor);
      if (skipped === undefined) {
        if (leave?.call(visitor, node, key, parent, path, ancestors) === BREAK) skipping.set(visitor, BREAK);
      } else if (skipped === node) skipping.delete(visitor);
    }
    typeInfo?.leave(node);
  };

  const visitBelow = (node: ASTNode, parent: Parameters<ASTVisitFn<ASTNode>>[2]) => {
    const keys = visitorKeys[node.kind];
    if (!keys) return;
    if (parent) ancestors.push(parent);
    for (const key of keys as readonly string[]) {
      const below = (node as unknown as Record<string, ASTNode | readonly ASTNode[] | undefined>)[key];
      if (below === undefined) continue;
      path.push(key);
      if (Array.isArray(below)) visitList(below as readonly ASTNode[], node);
      else visitNode(below as ASTNode, key, node);
      path.pop();
    }
    if (parent) ancestors.pop();
  };

  const visitList = (nodes: readonly ASTNode[], parent: ASTNode) => {
    ancestors.push(parent);
    for (const [index, node] of nodes.entries()) {
      path.push(index);
      visitNode(node, index, nodes);
      path.pop();
    }
    ancestors.pop();
  };

  visitNode(root, undefined, undefined);
}
