import { readFileSync, writeFileSync } from 'node:fs';

import { expect, it } from 'vitest';

import { hashServiceKey } from '../../../src/server/auth/service-key.js';
import { parsePolicyFile, PolicyFileError, readPolicyFile } from '../../../src/server/auth/policy-file.js';
import { writePolicyFile } from '../../support/policy.js';

const hash = hashServiceKey('xkgk_some-key');
const limits = 'scopes: [connections:read], users: any, groups: any, connectors: any';
const keys = `keys: [{ hash: "${hash}" }]`;
const caller = `{ id: a, ${limits}, ${keys} }`;
const issuer = `{ id: i, issuer: x, jwks: "https://example.com/jwks", audience: y, ${limits} }`;

function problemsOf(text: string): readonly string[] {
  try {
    parsePolicyFile(text);
    return [];
  } catch (error) {
    if (!(error instanceof PolicyFileError)) throw error;
    return error.problems;
  }
}

it('reads YAML and JSON, and fills in the defaults', () => {
  const expected = {
    callers: [
      {
        id: 'a',
        kind: 'service',
        scopes: ['connections:read'],
        users: 'any',
        groups: 'any',
        connectors: 'any',
        operationsPerMinute: null,
        keys: [{ hash, expires: null }],
      },
    ],
    issuers: [],
  };
  expect(parsePolicyFile(`callers: [${caller}]`)).toEqual(expected);
  expect(parsePolicyFile(JSON.stringify(expected))).toEqual(expected);
});

it.each<[text: string, problems: string[]]>([
  ['', ['It must be a map with callers, issuers or both']],
  ['[]', ['It must be a map with callers, issuers or both']],
  ['{}', ['It must have callers or issuers: without both, every request is refused']],
  ['callers: 3', ['callers must be a list']],
  ['"a', ['It is not YAML: line 1, column 3: MISSING_CHAR']],
  [`callers: [${caller}]\nissuer: []`, ['issuer is not a known field']],
  [`callers: [${caller}]\nxkgk_secret: 1`, ['xkgk_… is not a known field']],
  [
    'callers: [{ }]',
    [
      'callers[0].id is missing: it must be a string',
      'callers[0].scopes is missing: it must be a list',
      'callers[0].users is missing: it must be any, or a list of strings',
      'callers[0].groups is missing: it must be any, or a list of strings',
      'callers[0].connectors is missing: it must be any, or a list of strings',
      'callers[0].keys is missing: it must be a list',
    ],
  ],
  [
    `callers: [{ id: a b, kind: robot, scopes: [tokens:read], users: all, groups: [1], connectors: { claim: c }, keys: [], operationsPerMinute: 0 }]`,
    [
      'callers[0].id must be 1 to 64 letters, digits, or any of . _ - @',
      'callers[0].kind must be service or browser',
      'callers[0].scopes must have connections:read: every lookup needs it',
      'callers[0].users must be any, or a list of strings',
      'callers[0].groups must be any, or a list of strings',
      'callers[0].connectors must be any, or a list of strings',
      'callers[0].operationsPerMinute must be at least 1',
      'callers[0].keys must have at least one key: create one with xkit-graphql keys create',
    ],
  ],
  [
    `callers: [{ id: a, ${limits}, keys: [{ hash: xkgk_canary }, { hash: canary, expires: 2027-02-31 }, { expire: 1 }] }]`,
    [
      'callers[0].keys[0].hash is the key itself, which is now exposed: create another key, and put its hash here',
      'callers[0].keys[1].hash must be a hash that xkit-graphql keys create prints: sha256:…',
      'callers[0].keys[1].expires must be a date such as 2027-01-31, or a time such as 2027-01-31T12:00:00Z',
      'callers[0].keys[2].hash is missing: it must be a string',
      'callers[0].keys[2].expire is not a known field',
    ],
  ],
  [
    `issuers: [{ id: i, issuer: "", jwks: "http://example.com", audience: 1, algorithms: [HS256, none], ${limits.replace('users: any', 'users: { claims: sub }')} }]`,
    [
      'issuers[0].issuer must not be empty',
      'issuers[0].jwks must use https, since its host is not a loopback address',
      'issuers[0].audience must be a string',
      ...[0, 1].map(
        (index) =>
          `issuers[0].algorithms[${index}] must be one of RS256, RS384, RS512, PS256, PS384, PS512, ES256, ES384, ES512, Ed25519, EdDSA`,
      ),
      'issuers[0].users must be any, a list of strings, or { claim: … } with the name of a claim',
    ],
  ],
  [
    `callers: [${caller}, ${caller}]\nissuers: [${issuer}, ${issuer.replace('id: i', 'id: a')}]`,
    [
      'callers[1].id repeats the id a',
      'issuers[1].id repeats the id a',
      'issuers[1].issuer is already used by another issuer',
      'callers[1].keys[0].hash is already used by another key',
    ],
  ],
])('lists all problems of %s', (text, problems) => {
  expect(problemsOf(text)).toEqual(problems);
});

it('does not repeat values of the file in the problems', () => {
  const text = `callers: [{ id: "can ary", "can ary": 1, ${limits.replace('any', 'canary')}, keys: [{ hash: canary }] }]`;
  const problems = problemsOf(text).join('\n');
  expect(problems.replace('callers[0].can?ary', '')).not.toContain('canary');
});

it('refuses YAML aliases that expand exponentially', () => {
  const bomb = Array.from({ length: 12 }, (_, index) => `a${index}: &a${index} [${`*a${index - 1},`.repeat(9)}]`);
  expect(problemsOf(['a: &a-1 [x]', ...bomb].join('\n'))).toEqual(['It has too many aliases.']);
});

const users = (list: string) => `callers: [${caller.replace('users: any', `users: ${list}`)}]`;

it.each([
  ['a number', '[0123]'],
  ['a number that is too long to be exact', '[12345678901234567890]'],
  ['a number in scientific notation', '[1e3]'],
  ['a hexadecimal number', '[0x1F]'],
  ['null', '[~]'],
  ['a boolean', '[true]'],
  ['binary data', '[!!binary YWxpY2U=]'],
  ['a set', '!!set { alice, bob }'],
  ['an ordered map', '!!omap [alice: 1]'],
  ['a lone surrogate', String.raw`["jos\ud800"]`],
  ['a line break', '["alice\\n"]'],
])('refuses an id that is %s', (_, list) => {
  expect(problemsOf(users(list))).toEqual(['callers[0].users must be any, or a list of strings']);
});

it('refuses ids that YAML 1.1 would convert', () => {
  for (const list of ['[yes]', '[0123]', '[2027-01-31]', '[1_000]', '[12:30]']) {
    expect(problemsOf(`%YAML 1.1\n---\n${users(list)}`)).toEqual([
      'callers[0].users must be any, or a list of strings',
    ]);
  }
});

it('keeps ids exact that YAML 1.2 reads as text', () => {
  const ids = ['yes', '2027-01-31', '12:30', '1_000', 'jose\u0301', 'jos\u00e9', 'JOS\u00c9', '\ufeffx', '\u{1f600}'];
  const list = [...ids, '"0123"', "'12345678901234567890'", '!!str 1e3', '" alice "', String.raw`"\ud83d\ude01"`];
  expect(parsePolicyFile(users(`[${list.join(', ')}]`)).callers[0]?.users).toEqual([
    ...ids,
    '0123',
    '12345678901234567890',
    '1e3',
    ' alice ',
    '\u{1f601}',
  ]);
});

it.each([
  ['a repeated key', `callers: [${caller}]\ncallers: []`, 'It is not YAML: line 2, column 1: DUPLICATE_KEY'],
  ['two documents', `callers: [${caller}]\n---\nissuers: []`, 'It is not YAML: line 2, column 1: MULTIPLE_DOCS'],
  ['an unknown tag', users('[!id alice]'), 'It has YAML that is not supported: line 1, column 56: TAG_RESOLVE_FAILED'],
  [
    'an unknown version',
    `%YAML 3.0\n---\n${users('[a]')}`,
    'It has YAML that is not supported: line 1, column 7: BAD_DIRECTIVE',
  ],
  ['an alias without an anchor', users('[*alice]'), 'It has an alias without an anchor.'],
  ['a merge key', `callers: [{ <<: ${caller}, kind: browser }]`, 'callers[0].?? is not a known field'],
])('refuses a file with %s', (_, text, problem) => {
  expect(problemsOf(text)).toContain(problem);
});

it.each<[string, Buffer]>([
  ['Latin-1', Buffer.from(users('[jos\u00e9]'), 'latin1')],
  ['UTF-16', Buffer.from(`\ufeff${users('[alice]')}`, 'utf16le')],
  ['UTF-8 with a surrogate', Buffer.from(users('[jos\u00ed\u00a0\u0080]'), 'latin1')],
])('refuses a file in %s', (_, bytes) => {
  const file = writePolicyFile();
  writeFileSync(file.path, bytes);
  expect(() => readPolicyFile(file.path)).toThrow(`${file.path} cannot be read: it is not UTF-8 text`);
  file.remove();
});

it('skips a byte order mark', () => {
  const file = writePolicyFile();
  writeFileSync(file.path, `\ufeff${users('[jos\u00e9]')}`);
  expect(readPolicyFile(file.path).callers[0]?.users).toEqual(['jos\u00e9']);
  file.remove();
});

it('reports why a file cannot be read', () => {
  expect(() => readPolicyFile('test/nonesuch.yaml')).toThrow(
    'test/nonesuch.yaml cannot be read: there is no such file. Create one with: xkit-graphql keys create > policy.yaml',
  );
  expect(() => readPolicyFile('test')).toThrow('test cannot be read: it is a folder');
});

it('accepts every example in the documentation', () => {
  const examples = [...readFileSync('docs/policy.md', 'utf8').matchAll(/```yaml\n([\s\S]*?)```/g)];
  expect(examples).toHaveLength(3);
  for (const [, example = ''] of examples) expect(problemsOf(example)).toEqual([]);
});
