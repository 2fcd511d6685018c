import { parser } from '@prometheus-io/lezer-promql';

type Node = ReturnType<typeof parser.parse>['topNode'];

/** A selector of PromQL, such as `name{label="value"}`. */
export interface Selector {
  readonly metric: string;
  readonly matchers: readonly { readonly label: string; readonly operator: string; readonly value: string }[];
}

/** The selectors and labels in an expression of PromQL. */
export interface Expression {
  readonly selectors: readonly Selector[];
  /** The labels that the expression groups by or matches on. */
  readonly groupedBy: readonly string[];
}

/** Parses an expression with Prometheus's own grammar. */
export function parsePromql(text: string): Expression {
  const { topNode } = parser.parse(text);
  const textOf = ({ from, to }: Node) => text.slice(from, to);
  const problem = find(topNode, (node) => node.type.isError)[0];
  if (problem) throw new Error(`No PromQL at ${text.slice(problem.from)}: ${text}`);
  return {
    selectors: named(topNode, 'VectorSelector').map((selector) => ({
      metric: named(selector, 'Identifier').map(textOf).join(''),
      matchers: named(selector, 'UnquotedLabelMatcher').map((matcher) => ({
        label: named(matcher, 'LabelName').map(textOf).join(''),
        operator: named(matcher, 'MatchOp').map(textOf).join(''),
        value: JSON.parse(named(matcher, 'StringLiteral').map(textOf).join('')) as string,
      })),
    })),
    groupedBy: named(topNode, 'GroupingLabels').flatMap((labels) => named(labels, 'LabelName').map(textOf)),
  };
}

const named = (root: Node, name: string) => find(root, (node) => node.name === name);

function find(root: Node, isFit: (node: Node) => boolean): Node[] {
  const found: Node[] = [];
  root.cursor().iterate(({ node }) => {
    if (isFit(node)) found.push(node);
  });
  return found;
}
