import { afterEach, expect, it } from 'vitest';

import type { AuditEvent } from '../../../src/access/audit.js';
import { startInProcess, type TestGateway } from '../../support/gateway.js';
import { Connections, UserConnection } from '../../support/operations.js';
import { listNames, readRows } from '../../support/page.js';
import { KEYS, OWNER_HASH_KEY } from '../../support/policy.js';
import { postJson } from '../../support/post-json.js';

let gateway: TestGateway;
let events: AuditEvent[];
afterEach(() => gateway.close());

async function start(maxRetries = 0): Promise<void> {
  events = [];
  const sink = (event: AuditEvent) => void events.push(event);
  gateway = await startInProcess({
    platform: { maxRetries },
    schema: { audit: { sink, ownerHashKey: OWNER_HASH_KEY } },
  });
}

const linesOf = (event: string): Record<string, unknown>[] =>
  gateway
    .output()
    .split('\n')
    .filter(Boolean)
    .map((line) => JSON.parse(line))
    .filter((line) => line.event === event);

const key = (ownerId: string, connectorSlug: string) => ({ ownerKind: 'USER' as const, ownerId, connectorSlug });
const INFO = 30;
const WARN = 40;

it('logs one line for an operation, with its name, its caller and its counts', async () => {
  await start(1);
  gateway.sandbox.faults.add({ status: 503 });
  const keys = [key('alice', 'slack'), key('alice', 'slack'), key('alice', 'github'), key('nobody', 'slack')];
  const { headers } = await gateway.send(Connections, { keys });
  expect(linesOf('operation')).toEqual([
    {
      level: INFO,
      event: 'operation',
      requestId: headers.get('x-request-id'),
      caller: 'bff',
      credential: expect.stringMatching(/^[\da-f]{8}$/),
      operation: 'Connections',
      documentHash: events[0]?.documentHash,
      lookups: 3,
      platformRequests: 4,
      tokens: 1,
      refusals: 0,
      codes: [],
      ms: expect.any(Number),
      time: expect.any(Number),
      pid: expect.any(Number),
      hostname: expect.any(String),
      msg: expect.stringMatching(/^operation Connections: ok in \d+ ms$/),
    },
  ]);
});

it('logs the fields that the documentation lists', async () => {
  await start();
  await gateway.send(UserConnection, { userId: 'alice', connectorSlug: 'slack' });
  const listed = listNames(readRows('docs/operations.md', 'The log'));
  const { time, pid, hostname, msg, ...facts } = linesOf('operation')[0] ?? {};
  expect([time, pid, hostname, msg]).not.toContain(undefined);
  // This operation is not traced and exceeds no limit, so these are missing.
  expect(listed.toSorted()).toEqual([...Object.keys(facts), 'traceId', 'limits'].toSorted());
});

it('counts refusals, which cause no lookup', async () => {
  await start();
  await gateway.send(Connections, { keys: [key('alice', 'slack'), key('bob', 'slack')] }, bearer(KEYS.bob));
  expect(linesOf('operation')).toMatchObject([
    { level: INFO, lookups: 1, tokens: 0, refusals: 1, codes: ['FORBIDDEN'], caller: 'bob' },
  ]);
});

it('logs a warning for an operation that fails because of the platform, but not for an invalid operation', async () => {
  await start();
  gateway.sandbox.faults.add({ status: 503 });
  await gateway.send(Connections, { keys: [key('alice', 'slack'), key('', 'slack')] });
  await gateway.send(UserConnection, { userId: '', connectorSlug: 'slack' });
  await gateway.fetch('/graphql', postJson({ query: '{ nonesuch }' }));
  expect(linesOf('operation')).toMatchObject([
    { level: WARN, codes: ['PLATFORM_UNAVAILABLE', 'BAD_USER_INPUT'], lookups: 1 },
    { level: INFO, codes: ['BAD_USER_INPUT'], lookups: 0 },
    { level: INFO, codes: ['GRAPHQL_VALIDATION_FAILED'], operation: null, documentHash: null },
  ]);
});

it('logs each lookup at the level debug, and names only connectors that the platform has found', async () => {
  await start();
  await gateway.send(UserConnection, { userId: 'alice', connectorSlug: 'made-up' });
  gateway.sandbox.faults.add({ connectorSlug: 'slack', status: 429 });
  await gateway.send(Connections, { keys: [key('alice', 'slack'), key('alice', 'github')] });
  const lines = linesOf('lookup').map(({ level, connector, outcome, code, joined, msg }) =>
    [level, connector, outcome, code, joined, String(msg).replace(/\d+ ms$/, 'n ms')].join(' '),
  );
  expect(lines.toSorted()).toEqual([
    '20 github NEEDS_REPAIR  false lookup github: NEEDS_REPAIR in n ms',
    '20 other FAILED PLATFORM_RATE_LIMITED false lookup other: PLATFORM_RATE_LIMITED in n ms',
    '20 other NOT_FOUND  false lookup other: NOT_FOUND in n ms',
  ]);
});

function bearer(serviceKey: string) {
  return { authorization: `Bearer ${serviceKey}` };
}
