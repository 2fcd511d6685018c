import { type GraphQLFieldResolver, parse } from 'graphql';
import { compileQuery } from 'graphql-jit';
import { describe, expect, it } from 'vitest';

import { createConnectionsContext, createConnectionsSchema } from '../../../src/index.js';
import { createCompiler, isCompilable } from '../../../src/server/documents/compiler.js';

const schema = createConnectionsSchema({
  platform: { readConnection: async () => ({ found: false }), close: async () => undefined },
  catalog: { slug: 'acme' },
  authorization: 'host-trusted',
});
const one = (userId: string, selection = 'state') =>
  `{ userConnection(userId: ${userId}, connectorSlug: "slack") { ${selection} } }`;

it('compiles an operation when its document comes again after it was kept, and gives the same answer', async () => {
  const { note } = createCompiler(compileQuery);
  const document = parse(one('"alice"', 'state repairLink { url }'));
  expect(note(schema, document, null)).toBeNull();
  const query = note(schema, document, null);
  expect(await query?.(undefined, createConnectionsContext(), {})).toEqual({
    data: {
      userConnection: { state: 'NOT_FOUND', repairLink: { url: 'https://acme.xkit.co/connectors/slack' } },
    },
  });
});

describe('a document that a code generator could be led astray by', () => {
  const mark = '__MAGIC_DATE__33a9e76d_02e0_4128_8e92_3530ad3da74d';
  const attack = `${mark}0),y:(globalThis.canary=1,0`;

  it('is one that the library would have made code of', async () => {
    // Pins the reason for the rule: if this fails, the library is mended, and the rule may go.
    const resolve: GraphQLFieldResolver<unknown, unknown> = () => null;
    const { buildSchema } = await import('graphql');
    const victim = buildSchema('type Query { a(x: ID!): String }');
    Object.assign(victim.getQueryType()?.getFields()['a'] ?? {}, { resolve });
    const compiled = compileQuery(victim, parse(`{ a(x: ${JSON.stringify(attack)}) }`));
    if ('query' in compiled) await compiled.query(undefined, {}, {});
    expect(Reflect.get(globalThis, 'canary')).toBe(1);
    Reflect.deleteProperty(globalThis, 'canary');
  });

  it.each<[string, string]>([
    ['a text that leaves its quotes', one(JSON.stringify(attack))],
    ['the same as a default', `query ($u: ID! = ${JSON.stringify(attack)}) ${one('$u')}`],
    [
      'the same in a list',
      `{ connections(keys: [{ ownerKind: USER, ownerId: ${JSON.stringify(attack)}, connectorSlug: "s" }]) { id } }`,
    ],
    ['the same as a block', one(`"""${attack}"""`)],
    ['a mark alone', one(`"${mark}1"`)],
    ['a text with a quote', one(String.raw`"\""`)],
    ['a text with a line break', one(String.raw`"\u2028"`)],
    ['an alias of two names', `{ a_b: ${one('"x"').slice(1)}`],
    ['an alias that is no key', `{ __proto__: ${one('"x"').slice(1)}`],
    ['an alias below', one('"x"', 'a_b: state')],
    ['a directive', one('"x"', 'state @skip(if: false)')],
    [
      'a directive on a fragment',
      `query ($if: Boolean!) ${one('"x"', '...F @include(if: $if)')} fragment F on Connection { state }`,
    ],
    ['the schema', '{ __schema { queryType { name } } }'],
  ])('is interpreted: %s', (_, text) => {
    const { note } = createCompiler(compileQuery, 0);
    const document = parse(text);
    expect([isCompilable(document), note(schema, document, null), note(schema, document, null)]).toEqual([
      false,
      null,
      null,
    ]);
    expect(Reflect.get(globalThis, 'canary')).toBeUndefined();
  });

  it.each([
    'query One($u: ID!, $slug: String = "google_drive-2.0") { userConnection(userId: $u, connectorSlug: $slug) { __typename state } }',
    one('5', 'a: state ...F') + ' fragment F on Connection { authorization { accessToken } }',
  ])('is not one of plain words, names and numbers: %s', (text) => {
    expect(createCompiler(compileQuery, 0).note(schema, parse(text), null)).toBeTypeOf('function');
  });
});

it('spends no more time on compiling than it may, whoever sends documents', () => {
  let now = 0;
  const { note } = createCompiler(compileQuery, 0, () => now);
  const countCompiled = () =>
    Array.from({ length: 50 }, (_, index) => note(schema, parse(one(`"user-${now}-${index}"`)), null)).filter(Boolean)
      .length;
  expect([countCompiled(), countCompiled()]).toEqual([20, 0]);
  now += 1_000;
  expect(countCompiled()).toBe(20);
});

it('forgets compiled operations when there are too many, and never compiles a long one', () => {
  let now = 0;
  const { note } = createCompiler(compileQuery, 0, () => (now += 1_000));
  const first = parse(one('"first"'));
  const query = note(schema, first, null);
  expect(note(schema, first, null)).toBe(query);
  const padding = '#'.repeat(19_000);
  for (let index = 0; index < 30; index += 1) note(schema, parse(`${one(`"u${index}"`)}${padding}`), null);
  expect(note(schema, first, null)).not.toBe(query);
  const long = parse(`${one('"long"')}${'#'.repeat(20_000)}`);
  expect(note(schema, long, null)).toBeNull();
});

it('interprets everything where a process may make no code of text', async () => {
  const { execFileSync } = await import('node:child_process');
  const script = `
    import { parse } from 'graphql';
    import { compileQuery } from 'graphql-jit';
    import { createConnectionsSchema, createPlatformClient } from './dist/index.js';
    import { createCompiler } from './dist/server/documents/compiler.js';
    const platform = createPlatformClient({ publishableKey: 'pk', secretKey: 'sk' });
    const schema = createConnectionsSchema({ platform, catalog: { slug: 'acme' } });
    console.log(createCompiler(compileQuery, 0).note(schema, parse(${JSON.stringify(one('"alice"'))}), null));
  `;
  const args = ['--disallow-code-generation-from-strings', '--input-type=module', '--eval', script];
  expect(execFileSync(process.execPath, args, { encoding: 'utf8' })).toBe('null\n');
});
