import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterAll, expect, it } from 'vitest';

import { readServeConfiguration } from '../../../src/server/config/configuration.js';
import { problemsOf } from '../../support/configuration-problems.js';

const rest = { XKIT_PUBLISHABLE_KEY: 'pk', XKIT_SLUG: 'acme', XKIT_POLICY_FILE: 'policy.yaml' };
const folder = mkdtempSync(join(tmpdir(), 'xkit-graphql-'));
afterAll(() => rmSync(folder, { recursive: true }));

it('reads a secret from a file, without the trailing line break', () => {
  const file = join(folder, 'secret');
  writeFileSync(file, 'sk from file\n');
  expect(readServeConfiguration({ ...rest, XKIT_SECRET_KEY_FILE: file }).platform.secretKey).toBe('sk from file');
});

it('removes only one line break and a byte order mark from a secret', () => {
  const file = join(folder, 'exact');
  const read = (text: string) => {
    writeFileSync(file, text);
    return readServeConfiguration({ ...rest, XKIT_SECRET_KEY: 'sk', XKIT_AUDIT_KEY_FILE: file }).audit.ownerHashKey;
  };
  const key = 'an audit key with spaces';
  expect(read(`\ufeff${key}\r\n`)).toBe(key);
  for (const text of [` ${key} `, `${key}\n`, `${key}\u00a0`, `${key}\ufeff`]) {
    expect(read(`${text}\n`)).toBe(text);
  }
});

it('reports why a secret file is unusable', () => {
  const empty = join(folder, 'empty');
  const binary = join(folder, 'binary');
  writeFileSync(empty, '\n');
  writeFileSync(binary, Buffer.from([0xff, 0xfe]));
  expect(problemsOf({ ...rest, XKIT_SECRET_KEY_FILE: join(folder, 'none') })).toEqual([
    'XKIT_SECRET_KEY_FILE cannot be read: there is no such file',
  ]);
  expect(problemsOf({ ...rest, XKIT_SECRET_KEY_FILE: folder })).toEqual([
    'XKIT_SECRET_KEY_FILE cannot be read: it is a folder',
  ]);
  expect(problemsOf({ ...rest, XKIT_SECRET_KEY_FILE: binary })).toEqual([
    'XKIT_SECRET_KEY_FILE cannot be read: it is not UTF-8 text',
  ]);
  expect(problemsOf({ ...rest, XKIT_SECRET_KEY_FILE: empty })).toEqual(['XKIT_SECRET_KEY must not be empty']);
  expect(problemsOf({ ...rest, XKIT_SECRET_KEY: 'sk', XKIT_SECRET_KEY_FILE: empty })).toEqual([
    'XKIT_SECRET_KEY and XKIT_SECRET_KEY_FILE must not both be set',
  ]);
});
