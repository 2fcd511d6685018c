import { execute, type ExecutionResult, getOperationAST, GraphQLError, parse } from 'graphql';
import { expect, it } from 'vitest';

import type { AuditEvent } from '../../../src/access/audit.js';
import { createConnectionsContext, createConnectionsSchema } from '../../../src/index.js';
import { PlatformError } from '../../../src/platform/errors.js';
import { compileDocuments } from '../../../src/server/documents/compiler.js';
import { foldRepeatedFields } from '../../../src/server/documents/repeated-fields.js';
import { OWNER_HASH_KEY } from '../../support/policy.js';

const events: AuditEvent[] = [];
const schema = createConnectionsSchema({
  platform: {
    readConnection: async ({ ownerId }) => {
      if (ownerId === 'broken') throw new PlatformError('PLATFORM_UNAVAILABLE', 'It is down.');
      return { found: false };
    },
    close: async () => undefined,
  },
  catalog: { slug: 'acme' },
  maxConnections: 3,
  audit: { sink: (event) => void events.push(event), ownerHashKey: OWNER_HASH_KEY },
});
const caller = {
  id: 'bff',
  kind: 'service',
  scopes: ['connections:read', 'tokens:read'],
  users: ['alice', 'bob', 'broken', 'd', 'e', ''],
  groups: ['team'],
  connectors: 'any',
} as const;
const toContext = () => createConnectionsContext({ caller, requestId: 'same' });

const field = (alias: string, user: string, selection = 'state', kind = 'user') =>
  `${alias}: ${kind}Connection(${kind}Id: ${user}, connectorSlug: "slack") { ${selection} }`;

function fold(text: string, operationName?: string) {
  const document = parse(text);
  const operation = getOperationAST(document, operationName);
  return operation && foldRepeatedFields(schema, document, operation);
}

/** What an answer says, errors in the order of their places: who fails first is another matter. */
function toComparable(result: ExecutionResult | undefined) {
  const errors = result?.errors?.map((error) => {
    expect(error).toBeInstanceOf(GraphQLError);
    const { message, path, extensions } = error;
    return { message, path, extensions };
  });
  return {
    data: JSON.stringify(result?.data),
    errors: errors?.toSorted((a, b) => (`${a.path}` < `${b.path}` ? -1 : 1)),
  };
}

it.each([
  ['aliases', `{ ${field('a', '"alice"')} ${field('b', '"bob"')} ${field('c', '"alice"')} ${field('d', '"bob"')} }`],
  [
    'one without an alias',
    `{ ${field('a', '"alice"')} userConnection(userId: "alice", connectorSlug: "slack") { state } }`,
  ],
  [
    'fragments',
    `query ($u: ID!) { ...F ... on Query { ...G } ...F } fragment F on Query { ${field('a', '$u', '...S')} ${field('x', '"bob"')} }
     fragment G on Query { ${field('b', '$u', '...S')} ${field('c', '$u', 'repairLink { url }')} } fragment S on Connection { state id }`,
  ],
  ['a lookup that fails', `{ ${field('a', '"broken"')} ${field('b', '"alice"')} ${field('c', '"broken"')} }`],
  ['arguments that cannot be right', `{ ${field('a', '""')} ${field('b', '""')} }`],
  ['what a caller may not see', `{ ${field('a', '"eve"')} ${field('b', '"eve"')} ${field('c', '"alice"')} }`],
  [
    'more connections than are allowed',
    `{ ${['alice', 'bob', 'd', 'e', 'e', 'alice'].map((user, index) => field(`f${index}`, `"${user}"`)).join(' ')} }`,
  ],
  [
    'groups',
    `{ ${field('a', '"team"', 'state', 'group')} ${field('b', '"team"', 'state', 'group')} ${field('c', '"team"')} }`,
  ],
  [
    'one operation of two',
    `query One { ${field('a', '"bob"')} } query Two { ${field('a', '"alice"')} ${field('b', '"alice"')} }`,
    'Two',
  ],
])('answers as the operation that was sent: %s', async (_, text, operationName?: string) => {
  expect(fold(text, operationName)).not.toBeNull();
  const document = parse(text);
  const variableValues = { u: 'alice' };
  const interpreted = await execute({ schema, document, contextValue: toContext(), variableValues, operationName });
  const recorded = events.splice(0);
  const found = (await compileDocuments(schema, [text])).find(text, operationName);
  const compiled = await found?.query(undefined, toContext(), variableValues);
  expect(toComparable(compiled)).toEqual(toComparable(interpreted));
  const toFacts = ({ time: _time, ...facts }: AuditEvent) => facts;
  expect(events.splice(0).map(toFacts)).toEqual(recorded.map(toFacts));
});

it.each([
  ['nothing that comes twice', `{ ${field('a', '"alice"')} ${field('b', '"bob"')} }`],
  ['other words', `{ ${field('a', '"alice"')} ${field('b', '"alice"', 'id')} }`],
  ['one name twice', `{ ${field('a', '"alice"')} ${field('a', '"alice"')} ${field('b', '"alice"')} }`],
  [
    'a list beside it, of whose length nothing is known',
    `query ($k: [ConnectionKey!]!) { ${field('a', '"alice"')} ${field('b', '"alice"')} connections(keys: $k) { id } }`,
  ],
  [
    'more fields than one operation may ask for',
    `{ ${Array.from({ length: 500 }, (_, index) => field(`f${index}`, '"alice"', '...F')).join(' ')} }
     fragment F on Connection { ${Array.from({ length: 101 }, (_, index) => `g${index}: id`).join(' ')} }`,
  ],
])('folds none of it: %s', (_, text) => {
  expect(fold(text)).toBeNull();
});
