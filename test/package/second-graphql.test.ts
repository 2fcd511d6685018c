import { spawnSync } from 'node:child_process';
import { cpSync, rmSync } from 'node:fs';
import { join } from 'node:path';

import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { createProjects, run } from '../support/project.js';

const projects = createProjects();
let project: string;
beforeAll(() => {
  project = projects.create('host', [
    'graphql',
    '@apollo/subgraph',
    '@graphql-tools/schema',
    '@graphql-tools/stitch',
    '@graphql-tools/stitching-directives',
    '@graphql-tools/utils',
    '@pothos/plugin-directives',
    '@pothos/plugin-federation',
  ]);
}, 120_000);
afterAll(() => projects.remove());

/** Calls each function that makes a schema, and prints the errors. */
const CALLS = `
  import { makeExecutableSchema } from '@graphql-tools/schema';
  import { stitchSchemas } from '@graphql-tools/stitch';
  import * as x from 'xkit-graphql';
  import { createConnectionsSubgraph, printSubgraphSdl } from 'xkit-graphql/federation';
  import { printStitchingSdl, subschemaConfig } from 'xkit-graphql/stitching';
  const platform = x.createPlatformClient({ publishableKey: 'pk', secretKey: 'sk' });
  const options = { platform, catalog: { slug: 'acme' }, ownerTypes: { user: 'User' } };
  const users = makeExecutableSchema({ typeDefs: 'type Query { me: User } type User { id: ID! }' });
  const calls = {
    schema: () => x.createConnectionsSchema(options),
    stitching: () => stitchSchemas({ subschemas: [users, subschemaConfig({ schema: x.createConnectionsSchema(options) })] }),
    stitchingSdl: () => printStitchingSdl(options),
    subgraph: () => createConnectionsSubgraph(options),
    subgraphSdl: () => printSubgraphSdl(options),
  };
  const errors = {};
  for (const [name, call] of Object.entries(calls)) {
    try { call(); } catch (error) { errors[name] = error.name + ': ' + error.message; }
  }
  console.log(JSON.stringify(errors));`;

/** Gives a package its own copy of graphql, as npm does if the versions of two packages do not match. */
function withCopyIn<Result>(name: string, action: () => Result): Result {
  const copy = join(project, 'node_modules', name, 'node_modules/graphql');
  cpSync(join(project, 'node_modules/graphql'), copy, { recursive: true });
  try {
    return action();
  } finally {
    rmSync(copy, { recursive: true });
  }
}

const errorsOf = (mode: string) =>
  JSON.parse(run(project, 'calls.mjs', CALLS, { ...process.env, NODE_ENV: mode })) as unknown;

describe.each(['development', 'production'])('with NODE_ENV=%s', (mode) => {
  const advice = expect.stringMatching(
    /^ConnectionsMisuseError: .+ uses another copy of graphql than xkit-graphql\. .+`npm ls graphql`/,
  ) as string;
  const all = { schema: advice, stitching: advice, stitchingSdl: advice, subgraph: advice, subgraphSdl: advice };

  it('throws no error with one copy of graphql', () => {
    expect(errorsOf(mode)).toEqual({});
  });

  it.each([
    ['xkit-graphql', all],
    ['@pothos/core', all],
    ['@graphql-tools/utils', { stitching: advice, stitchingSdl: advice }],
    ['@apollo/subgraph', { subgraph: advice, subgraphSdl: advice }],
  ])('says what to do if %s has its own copy of graphql', (name, errors) => {
    expect(withCopyIn(name, () => errorsOf(mode))).toEqual(errors);
  });

  it('prints what to do, on the command line', () => {
    const { status, stdout, stderr } = withCopyIn('xkit-graphql', () =>
      spawnSync(process.execPath, ['node_modules/xkit-graphql/dist/cli/bin.js', 'sdl'], {
        cwd: project,
        encoding: 'utf8',
        env: { ...process.env, NODE_ENV: mode },
      }),
    );
    expect([status, stdout]).toEqual([2, '']);
    expect(stderr).toMatch(/^@pothos\/core uses another copy of graphql than xkit-graphql\. .+`npm ls graphql`/);
  });
});
