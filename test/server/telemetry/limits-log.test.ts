import { connect } from 'node:net';

import { afterEach, beforeEach, expect, it } from 'vitest';

import { startInProcess, type TestGateway } from '../../support/gateway.js';
import { postJson } from '../../support/post-json.js';
import { until } from '../../support/until.js';

let gateway: TestGateway;
beforeEach(async () => {
  gateway = await startInProcess({ schema: { maxConnections: 2, ownerTypes: { user: 'User' } } });
});
afterEach(() => gateway.close());

const linesOf = (event: string): Record<string, unknown>[] =>
  gateway
    .output()
    .split('\n')
    .filter(Boolean)
    .map((line) => JSON.parse(line) as Record<string, unknown>)
    .filter((line) => line['event'] === event);

const times = (count: number, text: (index: number) => string) =>
  Array.from({ length: count }, (_, index) => text(index)).join(' ');
const user = (id: string, slug = 'slack') => `userConnection(userId: "${id}", connectorSlug: "${slug}")`;
const lists = (count: number, fields: string) => times(count, (at) => `a${at}: connections(keys: $keys) { ${fields} }`);

it.each([
  ['tokens', `{ ${'a '.repeat(12_000)} }`],
  ['depth', `${'{a'.repeat(16)}${'}'.repeat(16)}`],
  ['nesting', `${'{a'.repeat(4_900)}${'}'.repeat(4_900)}`],
  ['nesting', `{ ${user('a')} { ...f } } fragment f on Connection { ...f }`],
  ['nesting', `{ __schema { types { ${'fields { type { '.repeat(6)} name ${'} } '.repeat(6)} } } }`],
  ['aliases', `{ ${times(501, (at) => `a${at}: __typename`)} }`],
  ['directives', `{ __typename ${'@skip(if: false) '.repeat(101)} }`],
  ['repeated-fields', `{ ${times(600, () => `${user('a')} { state }`)} }`],
  ['distinct-connections', `{ ${times(3, (at) => `a${at}: ${user(`u${at}`)} { state }`)} }`],
  ['connections', `query ($keys: [ConnectionKey!]!) { ${lists(2, 'id')} }`],
  ['owners', `{ _userOwners(ids: [${'"u" '.repeat(1_001)}]) { id } }`],
  [
    'fields',
    `query ($keys: [ConnectionKey!]!) { ${lists(
      1,
      times(100, (at) => `a${at}: id`),
    )} }`,
  ],
  ['id-length', `{ ${user('u'.repeat(257))} { state } }`],
  ['id-length', `{ ${user('u', 's'.repeat(65))} { state } }`],
])('logs the limit %s', async (limit, query) => {
  const keys = Array.from({ length: 600 }, () => ({ ownerKind: 'USER', ownerId: 'u', connectorSlug: 's' }));
  const body = query.includes('$keys') ? { query, variables: { keys } } : { query };
  const response = await (await gateway.fetch('/graphql', postJson(body))).text();
  const code = limit === 'id-length' ? 'BAD_USER_INPUT' : 'LIMIT_EXCEEDED';
  expect(response).toContain(`"code":"${code}"`);
  expect(response).not.toContain(`"${limit}"`);
  expect(linesOf('operation')).toMatchObject([{ codes: [code], limits: [limit] }]);
});

it('logs no limit for an id that is invalid for another reason', async () => {
  await gateway.fetch('/graphql', postJson({ query: `{ ${user('')} { state } }` }));
  expect(linesOf('operation')).toMatchObject([{ codes: ['BAD_USER_INPUT'] }]);
  expect(linesOf('operation')[0]).not.toHaveProperty('limits');
});

it('logs a body and credentials that are too long', async () => {
  await gateway.fetch('/graphql', postJson({ query: ' '.repeat(100_001) }));
  expect(linesOf('body-too-large')).toMatchObject([{ caller: 'bff', requestId: expect.any(String) as string }]);
  const { status } = await gateway.fetchAnonymously(
    '/graphql',
    postJson({ query: '{ __typename }' }, { authorization: `Bearer ${'x'.repeat(8_000)}` }),
  );
  expect([status, linesOf('unauthenticated').map(({ reason }) => reason)]).toEqual([401, ['too-long']]);
});

it('logs the connections that HTTP limits close, once a second for each limit', async () => {
  const { port } = new URL((await gateway.fetch('/health')).url);
  const head = `GET /health HTTP/1.1\r\nHost: localhost\r\nX-Note: ${'x'.repeat(20_000)}\r\n\r\n`;
  for (let count = 0; count < 3; count += 1) {
    const socket = connect(Number(port), '127.0.0.1', () => socket.write(head)).resume();
    await new Promise((resolve) => socket.on('error', () => undefined).once('close', resolve));
  }
  await until(() => linesOf('http-limit').length > 0);
  expect(linesOf('http-limit')).toMatchObject([{ limit: 'header-length', connections: 3 }]);
});
