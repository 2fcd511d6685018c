import fc from 'fast-check';
import { buildSchema, execute, type ExecutionResult, type GraphQLFieldResolver, parse, validate } from 'graphql';
import { compileQuery } from 'graphql-jit';
import { describe, expect, it } from 'vitest';

import { createConnectionsContext, createConnectionsSchema, PlatformError } from '../../../src/index.js';
import { compileDocuments, isCompilable } from '../../../src/server/graphql/trusted-documents.js';

const schema = createConnectionsSchema({
  platform: {
    readConnection: async ({ ownerId }) => {
      if (ownerId === 'down') throw new PlatformError('PLATFORM_UNAVAILABLE', 'It is down.');
      return { found: false };
    },
    close: async () => undefined,
  },
  catalog: { slug: 'acme' },
  authorization: 'host-trusted',
  maxConnections: 5,
});
const one = (userId: string, selection = 'state') =>
  `{ userConnection(userId: ${userId}, connectorSlug: "slack") { ${selection} } }`;

async function compile(text: string, operationName?: string) {
  return (await compileDocuments(schema, [text])).find(text, operationName);
}

it('compiles a document and returns its result', async () => {
  const compiled = await compile(one('"alice"', 'state repairLink { url }'));
  expect(await compiled?.query(undefined, createConnectionsContext(), {})).toEqual({
    data: {
      userConnection: { state: 'NOT_FOUND', repairLink: { url: 'https://acme.xkit.co/connectors/slack' } },
    },
  });
});

it('finds an operation by its name and the complete text of its document', async () => {
  const [first, second] = [`query A ${one('"a"')}`, `query B ${one('"b"')}`];
  const documents = await compileDocuments(schema, [first, `${first} ${second}`]);
  expect(documents.find(first, null)?.operation.name?.value).toBe('A');
  expect(documents.find(`${first} `, null)).toBeNull();
  expect(documents.find(second, 'B')).toBeNull();
  expect(documents.find(`${first} ${second}`, 'B')?.operation.name?.value).toBe('B');
  expect(documents.find(`${first} ${second}`, null)).toBeNull();
});

describe('a document that graphql-jit would execute incorrectly', () => {
  const mark = '__MAGIC_DATE__33a9e76d_02e0_4128_8e92_3530ad3da74d';
  const attack = `${mark}0),y:(globalThis.canary=1,0`;

  it('makes the library execute code from a string', async () => {
    // Pins the reason for the rule. If this test fails, the library has fixed the fault, and the rule can be removed.
    const resolve: GraphQLFieldResolver<unknown, unknown> = () => null;
    const victim = buildSchema('type Query { a(x: ID!): String }');
    Object.assign(victim.getQueryType()?.getFields()['a'] ?? {}, { resolve });
    const compiled = compileQuery(victim, parse(`{ a(x: ${JSON.stringify(attack)}) }`));
    if ('query' in compiled) await compiled.query(undefined, {}, {});
    expect(Reflect.get(globalThis, 'canary')).toBe(1);
    Reflect.deleteProperty(globalThis, 'canary');
  });

  it.each<[string, string]>([
    ['a string that breaks out of its quotes', one(JSON.stringify(attack))],
    ['the same as a default', `query ($u: ID! = ${JSON.stringify(attack)}) ${one('$u')}`],
    [
      'the same in a list',
      `{ connections(keys: [{ ownerKind: USER, ownerId: ${JSON.stringify(attack)}, connectorSlug: "s" }]) { id } }`,
    ],
    ['the same as a block', one(`"""${attack}"""`)],
    ['only the mark', one(`"${mark}1"`)],
    ['a string with a quote', one(String.raw`"\""`)],
    ['a string with a line break', one(String.raw`"\u2028"`)],
    ['an alias with an underscore', `{ a_b: ${one('"x"').slice(1)}`],
    ['the alias __proto__', `{ __proto__: ${one('"x"').slice(1)}`],
    ['a nested alias with an underscore', one('"x"', 'a_b: state')],
    ['a directive', one('"x"', 'state @skip(if: false)')],
    [
      'a directive on a fragment',
      `query ($if: Boolean!) ${one('"x"', '...F @include(if: $if)')} fragment F on Connection { state }`,
    ],
    ['a nullable variable with a default', `query ($u: ID = "x") ${one('$u')}`],
    ['introspection', '{ __schema { queryType { name } } }'],
  ])('is interpreted: %s', async (_, text) => {
    expect([isCompilable(parse(text)), await compile(text)]).toEqual([false, null]);
    expect(Reflect.get(globalThis, 'canary')).toBeUndefined();
  });

  it.each([
    'query One($u: ID!, $slug: String! = "google_drive-2.0") { userConnection(userId: $u, connectorSlug: $slug) { __typename state } }',
    one('5', 'a: state ...F') + ' fragment F on Connection { authorization { accessToken } }',
  ])('is not a document of only plain words, names and numbers: %s', async (text) => {
    expect((await compile(text))?.query).toBeTypeOf('function');
  });
});

it.each([2 ** 53, 1e21, 1.5, {}, null, undefined])('lets graphql-js refuse the variable %s', async (u) => {
  const compiled = await compile(`query ($u: ID!) ${one('$u')}`);
  const result = await compiled?.query(undefined, createConnectionsContext(), { u });
  expect(result).toEqual({ errors: [expect.objectContaining({ message: expect.stringContaining('Variable "$u"') })] });
});

/** Converts a result for a comparison. Sorts its errors, because it does not matter which field fails first. */
function toComparable({ data, errors = [] }: ExecutionResult) {
  const facts = errors.map(({ message, path, extensions }) => JSON.stringify([path, message, extensions]));
  return { data: JSON.stringify(data), errors: facts.toSorted() };
}

const anyUser = fc.constantFrom('"alice"', '"bob"', '"down"', '""', '"a b"', '7', '$u', '$d');
const anyName = fc.constantFrom('a', 'b', 'c', 'a_b', 'b_a');
const anyLeaf = fc.constantFrom('state', 'id', 'ownerId', 'enabled', '__typename');

/** Any selection of a connection. */
const anySelection = (fragments: readonly string[]) =>
  fc.letrec<{ selection: string; field: string }>((tie) => ({
    selection: fc.array(tie('field'), { minLength: 1, maxLength: 3 }).map((fields) => fields.join(' ')),
    field: fc.oneof(
      { depthSize: 'small' },
      anyLeaf,
      fc.tuple(anyName, anyLeaf).map(([name, leaf]) => `${name}: ${leaf}`),
      fc.constantFrom('repairLink { url a: action }', 'authorization { accessToken }', 'connector { slug a: name }'),
      fc.constantFrom('... @skip(if: $i) { repairLink { a: reason } }', ...fragments),
      tie('selection').map((fields) => `... on Connection { ${fields} }`),
    ),
  })).selection;

const anyRoot = fc
  .tuple(anyName, anyUser, anySelection(['...F', '...F', '...F @include(if: $i)']), fc.boolean())
  .map(([alias, user, fields, isList]) =>
    isList
      ? `${alias}: connections(keys: [{ ownerKind: USER, ownerId: ${user}, connectorSlug: "slack" }, $k]) { ${fields} }`
      : `${alias}: userConnection(userId: ${user}, connectorSlug: "slack") { ${fields} }`,
  );

const VARIABLES = { $u: 'ID!', $d: 'ID! = "erin"', $k: 'ConnectionKey!', $i: 'Boolean!' };

/** Any document, usually a valid one. It declares only the variables and fragments that it uses. */
const anyDocument = fc
  .tuple(fc.array(anyRoot, { minLength: 1, maxLength: 4 }), anySelection([]))
  .map(([roots, shared]) => {
    const fragment = roots.some((root) => root.includes('...F')) ? ` fragment F on Connection { ${shared} }` : '';
    const body = `{ ${roots.join(' ')} }${fragment}`;
    const used = Object.entries(VARIABLES).filter(([name]) => body.includes(name));
    return `query Q${used.length > 0 ? `(${used.map((pair) => pair.join(': ')).join(', ')})` : ''} ${body}`;
  });

it('returns the same result as graphql-js for any document and variables', async () => {
  let compiledCount = 0;
  await fc.assert(
    fc.asyncProperty(anyDocument, fc.constantFrom('alice', 'down', '', 7), fc.boolean(), async (text, u, i) => {
      const document = parse(text);
      fc.pre(validate(schema, document).length === 0);
      const compiled = await compile(text);
      if (!compiled) return;
      compiledCount += 1;
      const variableValues = { u, i, k: { ownerKind: 'USER', ownerId: 'kim', connectorSlug: 'slack' } };
      const toContext = () => createConnectionsContext({ requestId: 'same' });
      const result = await compiled.query(undefined, toContext(), variableValues);
      const interpreted = await execute({ schema, document, contextValue: toContext(), variableValues });
      expect(toComparable(result)).toEqual(toComparable(interpreted));
    }),
    { numRuns: 1_000 },
  );
  expect(compiledCount).toBeGreaterThan(100);
});
