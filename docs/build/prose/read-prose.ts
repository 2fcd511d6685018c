import ts from 'typescript';

/** A piece of text that a person reads: a paragraph, a table row, a comment, a message or a test name. */
export interface Prose {
  readonly kind: 'paragraph' | 'row' | 'comment' | 'message' | 'test';
  readonly file: string;
  /** The line where it starts, from 1. */
  readonly line: number;
  /** On one line, with `x` in place of code. */
  readonly text: string;
}

/** Reads all prose of a Markdown, TypeScript, JavaScript or YAML file. */
export function readProse(file: string, text: string): Prose[] {
  if (/\.[tj]s$/.test(file)) return readProgram(file, text);
  if (file.endsWith('.md')) return readMarkdown(file, text);
  return text.split('\n').map((line, index) => ({ kind: 'paragraph', file, line: index + 1, text: line }));
}

function readMarkdown(file: string, text: string): Prose[] {
  // Code keeps its line breaks, so that the line numbers stay correct.
  const prose = text.replaceAll(/^ *(```+)[\s\S]*?^ *\1 *$|<!--[\s\S]*?-->/gm, (code) => code.replaceAll(/[^\n]/g, ''));
  const found: Prose[] = [];
  let line = 1;
  for (const part of prose.split(/(\n(?:\s*\n|(?=\s*(?:[-*|#>]|\d+\.) )))/)) {
    if (part.trim()) {
      found.push({ kind: part.startsWith('|') ? 'row' : 'paragraph', file, line, text: toPlain(part) });
    }
    line += part.split('\n').length - 1;
  }
  return found;
}

function readProgram(file: string, text: string): Prose[] {
  const source = ts.createSourceFile(file, text, ts.ScriptTarget.Latest, true);
  const isTest = file.startsWith('test/');
  const comments = new Map<number, Prose>();
  const found: Prose[] = [];
  const toLine = (position: number) => source.getLineAndCharacterOfPosition(position).line + 1;

  const visit = (node: ts.Node): void => {
    for (const { pos, end } of ts.getLeadingCommentRanges(text, node.getFullStart()) ?? []) {
      comments.set(pos, { kind: 'comment', file, line: toLine(pos), text: toPlain(text.slice(pos, end)) });
    }
    const message = readString(node);
    const line = toLine(node.getStart());
    if (message !== null && isTestName(node)) found.push({ kind: 'test', file, line, text: toPlain(message) });
    else if (message !== null && !isTest) found.push({ kind: 'message', file, line, text: toPlain(message) });
    node.getChildren().forEach(visit);
  };
  visit(source);
  return [...comments.values(), ...found];
}

/** Reads a string of several words, with `x` in place of each expression. Returns null for anything else. */
function readString(node: ts.Node): string | null {
  if (ts.isImportDeclaration(node.parent ?? node)) return null;
  const text = ts.isStringLiteralLike(node)
    ? node.text
    : ts.isTemplateExpression(node)
      ? node.head.text + node.templateSpans.map(({ literal }) => `x${literal.text}`).join('')
      : '';
  return /[a-z] \S/i.test(text) ? text : null;
}

/** Returns whether a string is the name in `it('…')`, `it.each(…)('…')` or the like. */
function isTestName({ parent }: ts.Node): boolean {
  return ts.isCallExpression(parent) && /^(?:it|test)\b/.test(parent.expression.getText());
}

function toPlain(text: string): string {
  return text
    .replaceAll(/^\s*(?:\/\/|\/\*\*?|\*\/|\*(?= |$))|\*\/$/gm, '')
    .replaceAll(/\n\s*(?=@\w+ )/g, '. ')
    .replaceAll(/`[^`]*`/g, '`x`')
    .replaceAll(/<\/?\w[^>]*>/g, '')
    .replaceAll(/\]\([^)]*\)/g, ']')
    .replaceAll(/\s+/g, ' ')
    .trim();
}
