/** Formats the head of a generated page. */
export function toHead(title: string): string {
  return `<!-- Written by npm run reference. -->\n\n# ${title}\n`;
}

/** Formats a Markdown table. */
export function toTable(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const toRow = (cells: readonly string[]) => `| ${cells.map(toCell).join(' | ')} |`;
  return [toRow(head), toRow(head.map(() => '---')), ...rows.map(toRow)].join('\n');
}

function toCell(text: string): string {
  return text.replaceAll('|', '\\|').replaceAll('\n', ' ');
}
