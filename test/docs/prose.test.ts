import { expect, it } from 'vitest';

import { findProblems } from '../../docs/build/prose/find-problems.js';
import { readProse } from '../../docs/build/prose/read-prose.js';

const find = (text: string) => findProblems({ kind: 'comment', text });

it.each([
  'So much chance needs no slow hash: nobody finds it by trying.',
  'Has something go on at the end of this turn of the event loop.',
  'Creates what has those go on together that got as far in the same turn',
  'What whoever started the program has to put right.',
  'Half of the requests failing in 10 s, ten at least and about five connections',
  'Giving out the token could not be recorded, so it is held back.',
  'policy: refused, the former one stays',
  'platform: down, asked again every 2 s at most, when somebody asks',
  'Say `xkgk_demo_status_page` instead, a caller that may not read tokens, and …',
  'What fails is null in its place.',
  'a mistake in any of them is a start that fails, whoever made it',
  'The configuration cannot work:',
  'The log is told of it.',
])('finds "%s"', (sentence) => {
  expect(find(sentence)).not.toEqual([]);
});

it.each([
  'A 256-bit random key cannot be brute-forced, so SHA-256 is enough.',
  'Runs a callback at the end of the current event-loop turn.',
  'Runs all callbacks queued during this turn together, at its end.',
  'Errors the operator can fix.',
  'At least 50 % failures within 10 s, over at least 10 requests and about 5 connections.',
  'The audit event could not be written, so the token was withheld.',
  'policy reload failed; keeping the previous policy',
  'platform down (HTTP 503); probing at most every 2 s',
  'With the key `xkgk_demo_status_page`, which may not read tokens, …',
  'A failed item is `null`.',
  'If any variable is invalid, the server does not start.',
  'Invalid configuration:',
  'There is no cache, so there is no token to lose.',
])('accepts "%s"', (sentence) => {
  expect(find(sentence)).toEqual([]);
});

it('finds a sentence of more than 40 words', () => {
  expect(find(`${'word '.repeat(40)}.`)).toEqual([]);
  expect(find(`${'word '.repeat(41)}.`)).toEqual([expect.stringContaining('a sentence of 41 words')]);
});

it('finds a semicolon in a table', () => {
  expect(findProblems({ kind: 'row', text: '| one | two; three |' })).toHaveLength(1);
  expect(findProblems({ kind: 'paragraph', text: 'One; two.' })).toEqual([]);
});

it('reads the paragraphs and rows of a document, without its code', () => {
  const text = '# Title\n\nOne `let x;`\nline.\n\n```sh\nnpm ci\n```\n\n| a | b |\n| c | [d](e.md) |\n';
  expect(readProse('page.md', text)).toEqual([
    { kind: 'paragraph', file: 'page.md', line: 1, text: '# Title' },
    { kind: 'paragraph', file: 'page.md', line: 3, text: 'One `x` line.' },
    { kind: 'row', file: 'page.md', line: 10, text: '| a | b |' },
    { kind: 'row', file: 'page.md', line: 11, text: '| c | [d] |' },
  ]);
});

it('reads the comments and messages of a program', () => {
  const text =
    "import a from './some file.js';\n/** Makes a\n * thing. */\nfail('no file', `at ${a} now`, 'word'); // Why.\n";
  expect(readProse('src/a.ts', `${text}end();\n`).map((prose) => [prose.kind, prose.line, prose.text])).toEqual([
    ['comment', 2, 'Makes a thing.'],
    ['message', 4, 'no file'],
    ['message', 4, 'at x now'],
  ]);
});

it('reads the names of tests, and none of their data', () => {
  const text = "it.each([1])('returns %d', () => expect(send('any body')).toBe(1));\n";
  expect(readProse('test/a.test.ts', text).map((prose) => [prose.kind, prose.text])).toEqual([['test', 'returns %d']]);
});

it.each(['that hangs means no', 'federation composes', 'after 5 ms it is closed'])(
  'refuses the test name "%s"',
  (name) => {
    expect(findProblems({ kind: 'test', text: name })).toHaveLength(1);
  },
);

it.each(['refuses x', 'does not retry', 'is closed after 5 ms', '%s is refused'])(
  'accepts the test name "%s"',
  (name) => {
    expect(findProblems({ kind: 'test', text: name })).toEqual([]);
  },
);
