import { spawnSync } from 'node:child_process';
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';

import { buildSchema, isEnumType, isInputObjectType, isObjectType, isSpecifiedScalarType } from 'graphql';
import { expect, it, onTestFinished } from 'vitest';

import { ERROR_CODES } from '../../src/schema/error-codes.js';
import { commands } from '../../src/cli/commands.js';
import { FILE_VARIABLES } from '../../src/server/config/environment.js';
import { knownVariables } from '../../src/server/config/variables.js';
import { PAGES, readRows } from '../support/page.js';

const GENERATED = PAGES.filter((page) =>
  readFileSync(page, 'utf8').startsWith('<!-- Written by npm run reference. -->'),
);

it('is written by one command, and its check names the pages that are out of date', () => {
  const folder = mkdtempSync(join(tmpdir(), 'xkit-graphql-reference-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  cpSync('docs/decisions', join(folder, 'docs/decisions'), { recursive: true });
  cpSync('schema.graphql', join(folder, 'schema.graphql'));
  const run = (...args: string[]) =>
    spawnSync(
      process.execPath,
      ['--import', import.meta.resolve('tsx'), resolve('docs/build/reference/main.ts'), ...args],
      {
        cwd: folder,
        encoding: 'utf8',
      },
    );
  expect(run()).toMatchObject({ status: 0, stdout: '', stderr: '' });
  for (const page of GENERATED) expect(readFileSync(join(folder, page), 'utf8')).toBe(readFileSync(page, 'utf8'));
  writeFileSync(join(folder, 'docs/reference/errors.md'), 'of yesterday');
  expect(run('--check')).toMatchObject({
    status: 1,
    stderr: 'docs/reference/errors.md is not what the program says. Write it anew: npm run reference\n',
  });
});

it('has every type, field, argument and value of the schema, each with a description', () => {
  const page = 'docs/reference/schema.md';
  const rows = new Map(readRows(page).map((cells) => [cells[0], cells.at(-1)]));
  const types = Object.values(buildSchema(readFileSync('schema.graphql', 'utf8')).getTypeMap());
  for (const type of types.filter(({ name }) => !name.startsWith('__'))) {
    if (isSpecifiedScalarType(type)) continue;
    const fields = isObjectType(type) || isInputObjectType(type) ? Object.values(type.getFields()) : [];
    const isQuery = type.name === 'Query';
    for (const heading of isQuery ? fields : [type])
      expect(readFileSync(page, 'utf8')).toContain(`\n### ${heading.name}\n`);
    const values = isEnumType(type) ? type.getValues() : [];
    const named = isQuery ? fields.flatMap((field) => ('args' in field ? field.args : [])) : [...fields, ...values];
    for (const { name } of named) expect([name, rows.get(name)]).toEqual([name, expect.stringMatching(/\w/)]);
  }
});

it('has every variable, every error code and every command', () => {
  const variables = readRows('docs/reference/configuration.md');
  const fromFiles = new Set(FILE_VARIABLES.map((name) => `${name}_FILE`));
  const known = [...knownVariables].filter((name) => !fromFiles.has(name));
  expect(variables.map(([name]) => name).toSorted()).toEqual(known.toSorted());
  const preset = (name: string) => variables.find(([variable]) => variable === name)?.slice(1);
  expect(preset('XKIT_MAX_OPERATIONS')).toEqual([
    'Operations at the same time, 1 to 100000; any more are OVERLOADED',
    '1000',
    'serve',
  ]);
  expect(preset('XKIT_SECRET_KEY')).toEqual([
    'Secret key of the Platform API',
    '**required**',
    expect.stringMatching(/^serve/),
  ]);
  const errors = readFileSync('docs/reference/errors.md', 'utf8');
  for (const [code, { message }] of Object.entries(ERROR_CODES))
    expect(errors).toContain(`## ${code}\n\n> ${message}\n`);
  const commandLine = readFileSync('docs/reference/command-line.md', 'utf8');
  for (const name of Object.keys(commands)) expect(commandLine).toContain(`## xkit-graphql ${name}\n`);
});
