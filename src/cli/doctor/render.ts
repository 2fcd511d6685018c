import { styleText } from 'node:util';

import type { CheckResult, Outcome } from './check.js';

const MARKS = { ok: '✓', warning: '!', failed: '✗', skipped: '–' } as const;
const COLOURS = { ok: 'green', warning: 'yellow', failed: 'red', skipped: 'gray' } as const;
const TITLE_WIDTH = 28;

/** Writes a check for people: what it found, each on a line, and what to do. In colours on a terminal alone. */
export function renderOutcome({ title, result, found, advice }: Outcome): string {
  const lines = [...found, ...(advice === null ? [] : [`→ ${advice}`])];
  const mark = styleText(COLOURS[result], MARKS[result]);
  const indent = ' '.repeat(TITLE_WIDTH + 4);
  return `  ${mark} ${title.padEnd(TITLE_WIDTH)}${lines.join(`\n${indent}`)}\n`;
}

/** Writes how it ended. */
export function renderSummary(outcomes: readonly Outcome[], exitCode: number): string {
  const count = (result: CheckResult) => outcomes.filter((outcome) => outcome.result === result).length;
  const [failures, warnings, skips] = [count('failed'), count('warning'), count('skipped')];
  const counts = [
    ...(failures > 0 ? [`${failures} failed`] : []),
    ...(warnings > 0 ? [`${warnings} ${warnings === 1 ? 'warning' : 'warnings'}`] : []),
    ...(skips > 0 ? [`${skips} skipped`] : []),
    `${count('ok')} ok`,
  ];
  return `\n${counts.join(', ')}. Exit code ${exitCode}.\n`;
}
