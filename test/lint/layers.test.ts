import { execFileSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

import { afterAll, expect, it } from 'vitest';

const folder = mkdtempSync(join(tmpdir(), 'xkit-graphql-'));
cpSync('.oxlintrc.json', join(folder, '.oxlintrc.json'));
afterAll(() => rmSync(folder, { recursive: true }));

/** Lints a file with the project's own rules, and returns the output of the linter. */
function lint(file: string, text: string): string {
  const path = join(folder, file);
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, `${text}\n`);
  try {
    return execFileSync(
      'node_modules/.bin/oxlint',
      ['--config', join(folder, '.oxlintrc.json'), '--format=json', path],
      {
        encoding: 'utf8',
      },
    );
  } catch (error) {
    return String((error as { stdout: string }).stdout);
  } finally {
    rmSync(path);
  }
}

const use = (what: string) => `import { x } from '${what}';\nexport const y = x;`;

it.each([
  ['src/domain/a.ts', use('zod'), 'domain is pure'],
  ['src/domain/a.ts', use('../platform/errors.js'), 'domain is pure'],
  ['src/domain/a.ts', use('node:crypto'), 'domain is pure'],
  ['src/platform/a.ts', use('graphql'), 'platform knows HTTP'],
  ['src/platform/a.ts', use('ofetch'), 'ofetch and undici are for their transports alone'],
  ['src/platform/a.ts', use('undici'), 'ofetch and undici are for their transports alone'],
  ['src/platform/ofetch-transport.ts', use('../schema/index.js'), 'platform knows HTTP'],
  ['src/platform/undici-transport.ts', use('ofetch'), 'platform knows HTTP'],
  ['src/loaders/a.ts', use('graphql'), 'loaders take the platform client as a parameter'],
  ['src/loaders/a.ts', use('ofetch'), 'loaders take the platform client as a parameter'],
  ['src/loaders/a.ts', use('../platform/client.js'), 'loaders take the platform client as a parameter'],
  ['src/access/a.ts', use('graphql'), 'access decides who may ask for what'],
  ['src/access/a.ts', use('../platform/errors.js'), 'access decides who may ask for what'],
  ['src/schema/a.ts', use('graphql-yoga'), 'schema runs under any host'],
  ['src/schema/a.ts', use('ofetch'), 'schema runs under any host'],
  ['src/schema/a.ts', use('node:fs'), 'schema runs under any host'],
  ['src/schema/a.ts', use('../server/index.js'), 'schema runs under any host'],
  ['src/schema/a.ts', use('../platform/client.js'), 'schema runs under any host'],
  ['src/schema/a.ts', 'export const y = process.pid;', "Unexpected use of 'process'"],
  ['src/server/a.ts', use('../sandbox/index.js'), 'server knows neither the sandbox nor the command line'],
  ['src/server/a.ts', use('../cli/run.js'), 'server knows neither the sandbox nor the command line'],
  ['src/server/http/a.ts', use('../../sandbox/index.js'), 'server knows neither the sandbox nor the command line'],
  ['src/server/config/a.ts', use('../auth/policy-file.js'), 'no two folders of server import each other'],
  ['src/server/auth/a.ts', use('../http/answers.js'), 'no two folders of server import each other'],
  ['src/server/telemetry/a.ts', use('../graphql/engine.js'), 'no two folders of server import each other'],
  ['src/server/graphql/a.ts', use('../http/answers.js'), 'no two folders of server import each other'],
  ['src/server/graphiql/a.ts', use('../http/answers.js'), 'no two folders of server import each other'],
  ['src/cli/a.ts', use('../sandbox/store.js'), 'cli reaches the sandbox through its index only'],
  ['src/server/a.ts', 'export const y = process.env;', 'process.env'],
  ['src/sandbox/a.ts', use('../platform/client.js'), 'a sandbox that shares code with the client'],
  ['src/sandbox/a.ts', use('../platform/wire.js'), 'a sandbox that shares code with the client'],
  [
    'src/loaders/a.ts',
    "import type { GraphQLError } from 'graphql';\nexport type y = GraphQLError;",
    'loaders take the platform',
  ],
  [
    'src/schema/a.ts',
    "import type { Plugin } from 'graphql-yoga';\nexport type y = Plugin;",
    'schema runs under any host',
  ],
  [
    'src/sandbox/a.ts',
    "import type { x } from '../platform/client.js';\nexport type y = typeof x;",
    'a sandbox that shares',
  ],
  ['src/sandbox/a.ts', use('../domain/text.js'), 'a sandbox that shares code with the client'],
  ['src/sandbox/pages/a.ts', use('../../domain/text.js'), 'its pages know the sandbox alone'],
  ['src/index.ts', use('./server/index.js'), 'an import of the package pulls in neither'],
  ['src/index.ts', use('./sandbox/index.js'), 'an import of the package pulls in neither'],
  ['src/index.ts', use('./federation/index.js'), 'an import of the package pulls in neither'],
  ['src/client/a.ts', use('../domain/text.js'), 'client is for programs that ask a gateway'],
  ['src/client/a.ts', use('graphql'), 'client is for programs that ask a gateway'],
  ['src/stitching/a.ts', use('../server/index.js'), 'stitching describes the schema'],
  ['src/federation/a.ts', use('graphql-yoga'), 'federation makes a subgraph'],
  ['src/schema/a.ts', use('../federation/index.js'), 'schema runs under any host'],
  ['src/domain/a.ts', `${'export {};\n'.repeat(301)}`, 'too many lines'],
])('refuses in %s the code %s', (file, text, message) => {
  expect(lint(file, text)).toContain(message);
});

it.each([
  ['src/domain/a.ts', use('./text.js')],
  ['src/platform/ofetch-transport.ts', use('ofetch')],
  ['src/platform/undici-transport.ts', use('undici')],
  ['src/loaders/a.ts', `import type { x } from '../platform/client.js';\nexport type y = typeof x;`],
  ['src/schema/a.ts', use('../platform/errors.js')],
  ['src/sandbox/a.ts', `import type { x } from '../platform/wire.js';\nexport type y = typeof x;`],
  ['src/sandbox/pages/a.ts', use('../store.js')],
  ['src/server/http/a.ts', use('../graphql/engine.js')],
  ['src/cli/commands/a.ts', use('../../sandbox/index.js')],
  ['src/client/a.ts', use('./__generated__/documents.js')],
  [
    'src/client/a.ts',
    `import type { TypedDocumentNode } from '@graphql-typed-document-node/core';\nexport type y = TypedDocumentNode;`,
  ],
  ['src/stitching/a.ts', use('@graphql-tools/utils')],
  ['src/stitching/a.ts', use('../client/send-operation.js')],
  ['src/federation/a.ts', use('@pothos/plugin-federation')],
])('accepts in %s the code %s', (file, text) => {
  expect(lint(file, text)).toContain('"diagnostics": []');
});

it('finds an import cycle', () => {
  const other = join(folder, 'src/domain/b.ts');
  mkdirSync(dirname(other), { recursive: true });
  writeFileSync(other, "import { y } from './a.js';\nexport const x = () => y;\n");
  expect(lint('src/domain/a.ts', "import { x } from './b.js';\nexport const y = () => x;")).toContain('cycle');
});
