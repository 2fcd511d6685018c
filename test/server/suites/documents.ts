import { connect } from 'node:net';

import { expect, it } from 'vitest';

import { KEYS } from '../../support/policy.js';
import { postJson } from '../../support/post-json.js';
import type { Subject } from './subject.js';

const FIELD = 'userConnection(userId: "alice", connectorSlug: "slack")';
const times = (count: number, text: (index: number) => string) =>
  Array.from({ length: count }, (_, i) => text(i)).join(' ');

/** Documents that cost too much to execute. The gateway refuses all of them before it executes them. */
const BOMBS: readonly [name: string, query: string, code: string][] = [
  ['1,500 levels', `${'{a'.repeat(1_500)}${'}'.repeat(1_500)}`, 'LIMIT_EXCEEDED'],
  ['4,900 levels', `${'{a'.repeat(4_900)}${'}'.repeat(4_900)}`, 'LIMIT_EXCEEDED'],
  ['30,000 levels', `${'{a'.repeat(30_000)}${'}'.repeat(30_000)}`, 'LIMIT_EXCEEDED'],
  ['a list of 40,000 levels', `{ a(b: ${'['.repeat(40_000)}${']'.repeat(40_000)}) }`, 'LIMIT_EXCEEDED'],
  ['an object of 4,000 levels', `{ a(b: ${'{c:'.repeat(4_000)}1${'}'.repeat(4_000)}) }`, 'LIMIT_EXCEEDED'],
  ['inline fragments of 4,000 levels', `{ ${'...{'.repeat(4_000)}a${'}'.repeat(4_000)} }`, 'LIMIT_EXCEEDED'],
  [
    'a type of 4,000 levels',
    `query ($a: ${'['.repeat(4_000)}ID${']'.repeat(4_000)}) { a }`,
    'GRAPHQL_VALIDATION_FAILED',
  ],
  ['501 aliases', `{ ${times(501, (index) => `a${index}: __typename`)} }`, 'LIMIT_EXCEEDED'],
  ['12,000 tokens', `{ ${'a '.repeat(12_000)} }`, 'LIMIT_EXCEEDED'],
  ['600 fields of one name', `{ ${times(600, () => `${FIELD} { state }`)} }`, 'LIMIT_EXCEEDED'],
  ['101 directives', `{ __typename ${'@skip(if: false) '.repeat(101)} }`, 'LIMIT_EXCEEDED'],
  [
    'fragments that double 30 times',
    `{ ${FIELD} { ...f0 } } ${times(30, (i) => `fragment f${i} on Connection { a: state ...f${i + 1} ...f${i + 1} }`)} fragment f30 on Connection { state }`,
    'LIMIT_EXCEEDED',
  ],
  ['a fragment that spreads itself', `{ ${FIELD} { ...f } } fragment f on Connection { ...f }`, 'LIMIT_EXCEEDED'],
  [
    'a cycle of fragments',
    `{ ${FIELD} { ...f } } fragment f on Connection { ...g } fragment g on Connection { ...h } fragment h on Connection { ...f }`,
    'LIMIT_EXCEEDED',
  ],
  [
    'circular introspection',
    `{ __schema { types { ${'fields { type { '.repeat(8)} name ${'} } '.repeat(8)} } } }`,
    'LIMIT_EXCEEDED',
  ],
  [
    'an introspection query',
    '{ __schema { types { name fields { name type { name } } } } }',
    'GRAPHQL_VALIDATION_FAILED',
  ],
];

export function itSurvivesDocuments({ gateway, ask, paths }: Subject) {
  it.each(BOMBS)('refuses a document with %s', async (_, query, code) => {
    const startedAt = performance.now();
    const response = await gateway().fetch(
      '/graphql',
      postJson({ query }, { accept: 'application/graphql-response+json' }),
    );
    const { errors } = (await response.json()) as { errors: { extensions: Record<string, unknown> }[] };
    expect([response.status, errors[0]?.extensions]).toEqual([
      400,
      { code, retryable: false, requestId: response.headers.get('x-request-id') },
    ]);
    expect(performance.now() - startedAt).toBeLessThan(1_000);
    expect(paths()).toEqual([]);
    expect((await ask('alice', 'slack')).connection?.state).toBe('ACTIVE');
  });

  it.each([
    ['repeated fields', `{ ${times(80, () => `${FIELD} { state }`)} }`, 1],
    [
      '400 aliases of 400 connections',
      `{ ${times(400, (i) => `a${i}: userConnection(userId: "u${i}", connectorSlug: "slack") { state }`)} }`,
      100,
    ],
    [
      'a list of 1,000 keys',
      `{ connections(keys: [${times(700, (i) => `{ ownerKind: USER, ownerId: "u${i}", connectorSlug: "slack" }`)}]) { state } }`,
      100,
    ],
    [
      'the largest document that is allowed',
      `{ ${times(499, (i) => `a${i}: userConnection(userId: "u${i}", connectorSlug: "s") { ...f }`)} } fragment f on Connection { id state repairLink { url } authorization { accessToken } }`,
      100,
    ],
  ])('executes %s with at most 100 platform requests', async (_, query, lookups) => {
    const startedAt = performance.now();
    const response = await gateway().fetch('/graphql', postJson({ query }));
    await response.text();
    expect(response.status).toBeLessThan(500);
    expect(performance.now() - startedAt).toBeLessThan(2_000);
    expect(paths()).toHaveLength(response.status === 200 ? lookups : 0);
  });

  /**
   * Waits until the gateway accepts operations. On a busy machine the previous documents can cause so much event-loop
   * lag that the gateway returns OVERLOADED.
   */
  const untilInTime = () =>
    expect
      .poll(async () => (await gateway().fetch('/graphql', postJson({ query: '{ __typename }' }))).status)
      .toBe(200);

  it.each([24, 40, 400])(
    'stays responsive while it receives fragments that spread each other twice, %d levels deep',
    async (levels) => {
      await untilInTime();
      const fragments = times(levels, (i) => `fragment f${i} on Connection { ...f${i + 1} ...f${i + 1} }`);
      const query = `{ ${FIELD} { ...f0 } } ${fragments} fragment f${levels} on Connection { state }`;
      for (let time = 0; time < 5; time += 1) {
        const startedAt = performance.now();
        const response = await gateway().fetch('/graphql', postJson({ query }));
        await response.text();
        expect(response.status).toBeLessThan(500);
        expect((await gateway().fetch('/health')).status).toBe(200);
        expect(performance.now() - startedAt).toBeLessThan(1_000);
      }
    },
  );

  const foreign = Array.from({ length: 1_000 }, () => ({ ownerKind: 'USER', ownerId: 'x', connectorSlug: 's' }));
  it.each<[string, string, string]>([
    ['499 lists of 1,000 keys', times(499, (i) => `a${i}: connections(keys: $keys) { id }`), 'connections'],
    [
      '1,000 connections with 51 fields each',
      `connections(keys: $keys) { ${times(51, (i) => `a${i}: id`)} }`,
      'fields',
    ],
  ])('refuses %s, even for a caller that may read none of the connections', async (_, fields, what) => {
    await untilInTime();
    const query = `query ($keys: [ConnectionKey!]!) { ${fields} }`;
    for (const key of [KEYS.bob, KEYS.bff]) {
      const startedAt = performance.now();
      const init = postJson({ query, variables: { keys: foreign } }, { authorization: `Bearer ${key}` });
      const text = await (await gateway().fetchAnonymously('/graphql', init)).text();
      expect(text.length).toBeLessThan(1_000_000);
      expect(text.split('"LIMIT_EXCEEDED"')).toHaveLength(2);
      expect(text).toMatch(new RegExp(`at most \\d+ ${what}`));
      expect(performance.now() - startedAt).toBeLessThan(2_000);
    }
    expect(paths()).toEqual([]);
  });

  it('returns LIMIT_EXCEEDED instead of a response of more than 16 million characters', async () => {
    await untilInTime();
    const ownerId = '\u6f22'.repeat(256);
    const list = '$key '.repeat(1_000);
    const query = `query ($key: ConnectionKey!) { connections(keys: [${list}]) { ${times(40, (i) => `a${i}: id`)} } }`;
    const variables = { key: { ownerKind: 'USER', ownerId, connectorSlug: 's' } };
    const response = await gateway().fetch('/graphql', postJson({ query, variables }));
    const body = (await response.json()) as { data: unknown; errors: { extensions: { code: string } }[] };
    expect([body.data, body.errors.map(({ extensions }) => extensions.code)]).toEqual([null, ['LIMIT_EXCEEDED']]);
  });

  it('returns FORBIDDEN for at most 100 keys of one operation, and LIMIT_EXCEEDED for the others', async () => {
    const keys = Array.from({ length: 1_000 }, (_, i) => ({ ownerKind: 'USER', ownerId: `u${i}`, connectorSlug: 's' }));
    const query = 'query ($keys: [ConnectionKey!]!) { connections(keys: $keys) { state } }';
    const init = postJson({ query, variables: { keys } }, { authorization: `Bearer ${KEYS.bob}` });
    const text = await (await gateway().fetchAnonymously('/graphql', init)).text();
    expect([text.split('"FORBIDDEN"').length - 1, text.split('"LIMIT_EXCEEDED"').length - 1]).toEqual([100, 900]);
  });

  it('executes a document of a host gateway: 100 aliases that each select every field', async () => {
    const query = `query W3 { ${times(100, (i) => `a${i}: userConnection(userId: "u${i % 10}", connectorSlug: "slack") { ...f }`)} }
      fragment f on Connection { __typename id ownerKind ownerId connectorSlug platformId enabled state
        connector { __typename slug name shortDescription markUrl about description }
        authorization { __typename id status platformStatus displayLabel errorCode errorMessage accessToken accessTokenFingerprint }
        repairLink { __typename url action reason } }`;
    const { errors } = (await (await gateway().fetch('/graphql', postJson({ query }))).json()) as { errors?: unknown };
    expect(errors).toBeUndefined();
    expect(paths()).toHaveLength(10);
  });
}

/** Adds the tests that write to a raw socket. The gateway under test must listen on a port. */
export function itSurvivesSockets({ gateway, ask, paths }: Subject) {
  /** Writes to a new connection, and returns the data that it received before the connection closed. */
  const converse = async (
    send: (write: (text: string | Buffer) => Promise<boolean>) => Promise<void>,
  ): Promise<string> => {
    const { port } = new URL((await gateway().fetch('/health')).url);
    const socket = connect(Number(port), '127.0.0.1').setEncoding('latin1');
    let answer = '';
    socket.on('data', (chunk) => (answer += String(chunk)));
    const closed = new Promise((resolve) => socket.once('close', resolve));
    // A gateway that refuses a body may close the connection before it has read all of the body.
    socket.on('error', () => undefined);
    await send((text) => new Promise((resolve) => socket.write(text, (error) => resolve(!error))));
    await closed;
    return answer;
  };
  const head = (...headers: string[]) =>
    Buffer.from(
      [
        'POST /graphql HTTP/1.1',
        'host: localhost',
        'content-type: application/json',
        'connection: close',
        ...headers,
        '',
        '',
      ].join('\r\n'),
      'latin1',
    );
  const query = JSON.stringify({ query: `{ ${FIELD} { authorization { accessToken } } }` });
  const length = `content-length: ${query.length}`;

  it('refuses a body of 20 MB before all of it has arrived', async () => {
    const startedAt = performance.now();
    const size = 20_000_000;
    const answer = await converse(async (write) => {
      await write(head(`authorization: Bearer ${KEYS.bff}`, `content-length: ${size}`));
      const chunk = Buffer.alloc(100_000, 0x20);
      for (let sent = 0; sent < size; sent += chunk.length) if (!(await write(chunk))) return;
    });
    expect(answer).toMatch(/^HTTP\/1\.1 413 /);
    expect(performance.now() - startedAt).toBeLessThan(1_000);
    expect((await ask('alice', 'slack')).connection?.state).toBe('ACTIVE');
  });

  it.each([
    ['two headers, the valid one first', [`authorization: Bearer ${KEYS.bff}`, 'authorization: Bearer xkgk_x']],
    ['two headers, the valid one last', ['authorization: Bearer xkgk_x', `authorization: Bearer ${KEYS.bff}`]],
    ['the same header twice', [`authorization: Bearer ${KEYS.bff}`, `Authorization: Bearer ${KEYS.bff}`]],
    ['a key in Latin-1', ['authorization: Bearer xkgk_\u00e4\u00ff\u00a0']],
    ['a key followed by a Latin-1 character', [`authorization: Bearer ${KEYS.bff}\u00a0`]],
    ['a folded header', [`authorization: Bearer`, ` ${KEYS.bff}`]],
    ['a key of 20 kB', [`authorization: Bearer ${'x'.repeat(20_000)}`]],
    ['a key with a NUL character', [`authorization: Bearer xkgk_\u0000`]],
  ])('returns a 4xx status and no token for %s', async (_, headers) => {
    const answer = await converse(async (write) => {
      await write(head(...headers, length));
      await write(query);
    });
    expect(answer).toMatch(/^HTTP\/1\.1 4(?:00|01|31) /);
    expect(answer).not.toContain('sandbox-');
    expect(paths()).toEqual([]);
  });
}
