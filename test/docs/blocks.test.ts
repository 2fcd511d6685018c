import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';

import { buildASTSchema, Kind, parse, print, validate, visit } from 'graphql';
import ts from 'typescript';
import { afterAll, expect, it } from 'vitest';
import { parseDocument } from 'yaml';

import { printSdl } from '../../src/server/graphql/composition.js';
import { parsePolicyFile } from '../../src/server/auth/policy-file.js';
import { type Block, PAGES, readBlocks } from '../support/page.js';
import { checkShell } from '../support/shell-block.js';

const blocks = PAGES.flatMap((page) => readBlocks(page));
const folder = 'test/.docs/blocks';
afterAll(() => rmSync(folder, { recursive: true, force: true }));

// With the owner types of a host gateway, but without descriptions and applied directives.
const sdl = await printSdl({ federation: false, ownerTypes: { user: 'User', group: 'Team' } });
const schema = buildASTSchema(visit(parse(sdl), { Directive: () => null, StringValue: () => null }));

/** The tests that compare the output shown on a page with the real output. */
const COMPARED_BY: Readonly<Record<string, readonly string[]>> = {
  'docs/operations.md': ['test/server/telemetry/metrics.test.ts'],
  'docs/doctor.md': ['test/cli/doctor/faults.test.ts', 'test/cli/query/query.test.ts'],
};

/** The check for the blocks of each language. It throws if a block is wrong. */
const CHECKS: Readonly<Record<string, (block: Block) => void | Promise<void>>> = {
  graphql: checkGraphql,
  json: ({ text }) => void JSON.parse(text),
  sh: ({ text }) => checkShell(text),
  text: checkOutput,
  // One test below compiles all of them.
  ts: () => undefined,
  yaml: checkYaml,
};

it.each(blocks.map((block) => [block.page, block.line, block] as const))(
  'has a correct code block: %s, line %i',
  async (_page, _line, block) => {
    const check = CHECKS[block.language];
    if (!check) throw new Error(`Nothing checks blocks of '${block.language}': say how in test/docs/blocks.test.ts.`);
    await check(block);
  },
);

it.each([
  ['npm run nonesuch', 'nonesuch is no npm script'],
  ['npm install left-pad', 'left-pad is no package of package.json'],
  ['npm install graphql@15', 'graphql is installed in 16'],
  ['npm ci && node --import tsx examples/gone.ts', 'examples/gone.ts is not there'],
  ['XKIT_SLUGS=acme npm start', 'XKIT_SLUGS is not a variable of this program'],
  ['xkit-graphql serve --worker 4', "Unknown option '--worker'"],
  ['xkit-graphql keys make > policy.yaml', "Unknown command 'keys make'"],
  ['npm run build \\\n&& node dist/cli/bin.js nonesuch', "Unknown command 'nonesuch'"],
  [`curl -s http://127.0.0.1:4000/graphql -d '{"query":"{ nonesuch }"}'`, 'Cannot query field "nonesuch"'],
  ['wget https://example.com', 'Nothing checks wget'],
])('refuses the command %s', async (command, problem) => {
  await expect(checkShell(command)).rejects.toThrow(problem);
});

it('shows only TypeScript programs that compile', () => {
  const files = blocks.filter(({ language }) => language === 'ts').map(writeProgram);
  // With the strictest options a reader may have. The package resolves to the build, as it does for a reader.
  const program = ts.createProgram(files, {
    module: ts.ModuleKind.NodeNext,
    target: ts.ScriptTarget.ES2023,
    strict: true,
    noUncheckedIndexedAccess: true,
    exactOptionalPropertyTypes: true,
    skipLibCheck: true,
    noEmit: true,
    types: ['node'],
  });
  const problems = ts.getPreEmitDiagnostics(program);
  expect(
    ts.formatDiagnostics(problems, {
      getCurrentDirectory: resolve,
      getCanonicalFileName: String,
      getNewLine: () => '\n',
    }),
  ).toBe('');
  expect(files.length).toBeGreaterThan(10);
});

/**
 * Writes a block to a file. If the first line of the block is a comment with a file name, the file gets this name, so
 * that other blocks of the page can import it.
 */
function writeProgram({ page, line, text }: Block): string {
  const [, name = `line-${line}.ts`] = /^\/\/ ([\w.-]+\.ts)\n/.exec(text) ?? [];
  const directory = join(folder, page.replaceAll('/', '-'));
  mkdirSync(directory, { recursive: true });
  writeFileSync(join(directory, name), text);
  return join(directory, name);
}

/** Checks that operations are valid against the schema, and that type definitions match it. */
function checkGraphql({ text }: Block): void {
  const document = parse(text);
  for (const definition of document.definitions) {
    if (definition.kind !== Kind.OBJECT_TYPE_DEFINITION) continue;
    const type = schema.getType(definition.name.value)?.astNode;
    const known = type?.kind === Kind.OBJECT_TYPE_DEFINITION ? (type.fields ?? []) : [];
    expect(known.map(print)).toEqual(expect.arrayContaining((definition.fields ?? []).map(print)));
  }
  const operations = document.definitions.filter(
    ({ kind }) => kind === Kind.OPERATION_DEFINITION || kind === Kind.FRAGMENT_DEFINITION,
  );
  if (operations.length > 0) expect(validate(schema, { ...document, definitions: operations })).toEqual([]);
}

function checkYaml({ text }: Block): void {
  if (/^(?:callers|issuers):/m.test(text)) parsePolicyFile(text);
  else expect(parseDocument(text).errors).toEqual([]);
}

/**
 * Checks a block of output. The reference needs no check, because it is generated from `--help`. In the architecture,
 * each layer of the diagram must be a folder. For any other page, a test must compare the output.
 */
function checkOutput({ page, text }: Block): void {
  if (page.startsWith('docs/reference/')) return;
  if (page === 'docs/architecture.md') {
    const layers = [...text.matchAll(/^ {2}([a-z]+) {2}/gm)].map(([, layer = '']) => layer);
    expect(layers.filter((layer) => !existsSync(join('src', layer)))).toEqual([]);
    return;
  }
  const tests = COMPARED_BY[page];
  if (!tests) throw new Error('Nothing checks this output: name the test that does in COMPARED_BY.');
  for (const test of tests) expect(readFileSync(test, 'utf8')).toContain(page);
}
