import { buildSchema, GraphQLError, parse, Source, validate } from 'graphql';
import { afterEach, beforeEach, expect, it } from 'vitest';

import { withLocations, parseWithoutLocations } from '../../../src/server/documents/locations.js';
import { startInProcess, type TestGateway } from '../../support/gateway.js';
import { postJson } from '../../support/post-json.js';

const TEXT =
  'query Two($id: ID!) {\n  a: userConnection(userId: $id, connectorSlug: "slack") { ...State }\n}\n\nfragment State on Connection { state }';

it('parses what parse does, but for the places, and gives them back', () => {
  for (const text of [TEXT, new Source(TEXT, 'named')]) {
    const document = parseWithoutLocations(text);
    expect(document.definitions.map(({ loc }) => loc?.source.body)).toEqual([TEXT, TEXT]);
    expect(
      JSON.parse(JSON.stringify(document, (name, value: unknown) => (name === 'loc' ? undefined : value))),
    ).toEqual(JSON.parse(JSON.stringify(parse(text, { noLocation: true }))));
    expect(withLocations(document)).toEqual(parse(text));
  }
  const tree = parse(TEXT, { noLocation: true });
  expect(withLocations(tree)).toBe(tree);
});

it('says where a syntax error is', () => {
  expect(() => parseWithoutLocations('{ a\n  b( }')).toThrow(GraphQLError);
  try {
    parseWithoutLocations('{ a\n  b( }');
  } catch (error) {
    expect((error as GraphQLError).locations).toEqual([{ line: 2, column: 6 }]);
  }
});

it('has errors of validation say where they are', () => {
  const schema = buildSchema('type Query { a: String }');
  const [error] = validate(schema, withLocations(parseWithoutLocations('{\n  b\n}')));
  expect(error?.locations).toEqual([{ line: 2, column: 3 }]);
});

let gateway: TestGateway;
beforeEach(async () => {
  gateway = await startInProcess();
});
afterEach(() => gateway.close());

it.each([
  ['a syntax error', '{ a\n  b( }', [{ line: 2, column: 6 }]],
  ['an unknown field', '{\n  nothing\n}', [{ line: 2, column: 3 }]],
  ['a fragment that is not used', `{ __typename }\n${TEXT.slice(TEXT.indexOf('fragment'))}`, [{ line: 2, column: 1 }]],
])('answers with the place of %s, as often as it is sent', async (_, query, locations) => {
  for (let time = 0; time < 4; time += 1) {
    const response = await gateway.fetch('/graphql', postJson({ query }));
    const { errors } = (await response.json()) as { errors: object[] };
    expect(errors).toEqual([expect.objectContaining({ locations })]);
  }
});

it('answers with the path of what fails in a field', async () => {
  const query = '{ one: userConnection(userId: "", connectorSlug: "slack") { state } }';
  const response = await gateway.fetch('/graphql', postJson({ query }));
  const { errors } = (await response.json()) as { errors: object[] };
  expect(errors).toEqual([expect.objectContaining({ path: ['one'] })]);
});
