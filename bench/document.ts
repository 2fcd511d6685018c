import { readFileSync, writeFileSync } from 'node:fs';

import { drawChart } from './chart.js';
import { type Results, toSummary, toTables } from './report.js';
import { findVerdicts } from './verdicts.js';

const BEGIN = '<!-- npm run bench -->';
const END = '<!-- end of npm run bench -->';

/** Writes the results of a full run as data, as a chart, and into the documents. */
export function document(results: Results): void {
  const verdicts = findVerdicts(results).map(({ what, holds }) => `| ${what} | ${holds ? 'yes' : '**no**'} |`);
  writeFileSync('docs/benchmark.json', `${JSON.stringify(results, null, 2)}\n`);
  writeFileSync('docs/benchmark.svg', drawChart(results.comparison ?? []));
  replace('README.md', [toSummary(results)]);
  replace('docs/performance.md', [
    ...toTables(results),
    `Measured with ${JSON.stringify(results.machine).replaceAll(/["{}]/g, '').replaceAll(':', ' ').replaceAll(',', ', ')}.`,
    '',
    ['| requirement | holds |', '| --- | --- |', ...verdicts].join('\n'),
  ]);
}

/** Replaces the paragraphs between the marks of a document. */
function replace(path: string, paragraphs: readonly string[]): void {
  const text = readFileSync(path, 'utf8');
  const [before, rest = ''] = text.split(BEGIN);
  const [, after] = rest.split(END);
  if (before === undefined || after === undefined)
    throw new Error(`${path} lacks the marks ${BEGIN} and ${END}. Restore them.`);
  writeFileSync(path, `${before}${BEGIN}\n\n${paragraphs.join('\n').trim()}\n\n${END}${after}`);
}
