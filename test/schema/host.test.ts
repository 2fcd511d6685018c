import { execute, type ExecutionResult, parse } from 'graphql';
import { afterEach, expect, it, vi } from 'vitest';

import {
  createConnectionsContext,
  createConnectionsSchema,
  createPlatformClient,
  type ConnectionsSchemaOptions,
} from '../../src/index.js';
import type { PlatformClient } from '../../src/platform/client.js';
import { createSandbox, SANDBOX_CREDENTIALS } from '../../src/sandbox/index.js';

const TOKEN_OF_ALICE = parse(`{
  userConnection(userId: "alice", connectorSlug: "slack") { state authorization { accessToken } }
}`);

/** A host that executes the schema with plain graphql-js, and masks nothing. */
function createHost(options: Partial<ConnectionsSchemaOptions> = {}) {
  const sandbox = createSandbox();
  const platform = createPlatformClient({ ...SANDBOX_CREDENTIALS, apiUrl: sandbox.apiUrl, fetch: sandbox.fetch });
  const schema = createConnectionsSchema({ platform, catalog: { slug: 'acme' }, ...options });
  const run = async (contextValue: unknown, document = TOKEN_OF_ALICE): Promise<ExecutionResult> =>
    execute({ schema, document, contextValue });
  return { sandbox, schema, run };
}

const codesOf = ({ errors = [] }: ExecutionResult) => errors.map(({ extensions }) => extensions['code']);

afterEach(() => vi.useRealTimers());

it('answers a host that executes it with plain graphql-js', async () => {
  const { run } = createHost();
  expect(await run({ ofTheHost: 1, ...createConnectionsContext() })).toEqual({
    data: { userConnection: { state: 'ACTIVE', authorization: { accessToken: 'sandbox-alice-slack-1-token-1' } } },
  });
});

it.each([[undefined], [null], [{}], [{ connectionsRequest: {} }], [{ connectionsRequest: null }], ['context'], [7]])(
  'tells a host that passes the context %j what is missing, and asks nothing',
  async (context) => {
    const { run, sandbox } = createHost();
    const result = await run(context);
    expect(result.data).toEqual({ userConnection: null });
    expect(result.errors?.map(({ message, extensions }) => ({ message, ...extensions }))).toEqual([
      {
        message:
          'The GraphQL context has no connections request. Spread createConnectionsContext() of xkit-graphql into it.',
        code: 'INTERNAL_SERVER_ERROR',
        retryable: false,
        requestId: null,
      },
    ]);
    expect(sandbox.requests.entries).toEqual([]);
  },
);

it("tells a host that reuses yesterday's context, and gives no token", async () => {
  vi.useFakeTimers({ toFake: ['performance'] });
  const { run, sandbox } = createHost();
  const context = createConnectionsContext();
  expect((await run(context)).errors).toBeUndefined();
  vi.advanceTimersByTime(60_001);
  const result = await run(context);
  expect(result.data).toEqual({ userConnection: null });
  expect(result.errors?.[0]?.message).toBe(
    'The GraphQL context was made over 60 s ago. ' +
      'Call createConnectionsContext() anew for every request: a reused context would hand out stale tokens.',
  );
  expect(sandbox.requests.entries).toHaveLength(1);
});

it('shares the lookups of one request among the copies that a gateway makes of its context', async () => {
  const { run, sandbox } = createHost();
  const context = createConnectionsContext();
  await Promise.all([
    run(context),
    run({ ...context, delegated: 1 }),
    run(Object.assign(Object.create(null), context)),
  ]);
  await run({ ...context });
  expect(sandbox.requests.entries).toHaveLength(1);
});

it('shares nothing between two requests, even at the same moment', async () => {
  const { run, sandbox } = createHost();
  await Promise.all([run(createConnectionsContext()), run(createConnectionsContext())]);
  expect(sandbox.requests.entries).toHaveLength(2);
});

it('shares nothing between two schemas that serve one request', async () => {
  const one = createHost();
  const other = createHost();
  const context = createConnectionsContext();
  await Promise.all([one.run(context), other.run(context)]);
  expect(one.sandbox.requests.entries).toHaveLength(1);
  expect(other.sandbox.requests.entries).toHaveLength(1);
});

it.each([
  ['an error with a secret', new Error('Basic cGs6Y2FuYXJ5 canary')],
  ['a string', 'canary'],
  ['an error of ofetch', Object.assign(new Error('canary'), { name: 'FetchError', data: 'canary', options: {} })],
])('masks %s that no code stands for, and tells the host of it', async (_, thrown) => {
  const seen: unknown[] = [];
  const platform: PlatformClient = { readConnection: () => Promise.reject(thrown), close: async () => undefined };
  const { run } = createHost({ platform, onUnexpectedError: (error) => seen.push(error) });
  const result = await run(createConnectionsContext({ requestId: 'r-1' }));
  expect(result).toEqual({ data: { userConnection: null }, errors: [expect.anything()] });
  expect(result.errors?.[0]).toMatchObject({
    message: 'Something went wrong in this gateway.',
    extensions: { code: 'INTERNAL_SERVER_ERROR', retryable: false, requestId: 'r-1' },
  });
  expect(JSON.stringify(result)).not.toContain('canary');
  expect(result.errors?.[0]?.originalError?.message).not.toContain('canary');
  expect(seen).toHaveLength(1);
});

it('masks a synchronous throw as well', async () => {
  const platform: PlatformClient = {
    readConnection: () => {
      throw new Error('canary');
    },
    close: async () => undefined,
  };
  const result = await createHost({ platform }).run(createConnectionsContext());
  expect(codesOf(result)).toEqual(['INTERNAL_SERVER_ERROR']);
  expect(JSON.stringify(result)).not.toContain('canary');
});

it('refuses a connector outside the allow-list without asking the platform', async () => {
  const { run, sandbox } = createHost({ connectors: ['github'] });
  const result = await run(createConnectionsContext());
  expect(codesOf(result)).toEqual(['BAD_USER_INPUT']);
  expect(result.errors?.[0]?.message).toBe('The connector slug is not among the connectors that this gateway serves.');
  expect(sandbox.requests.entries).toEqual([]);
});

it('holds the limit of distinct connections under any host', async () => {
  const { run, sandbox } = createHost({ maxConnections: 2 });
  const document = parse(`{
    a: userConnection(userId: "a", connectorSlug: "slack") { state }
    b: userConnection(userId: "b", connectorSlug: "slack") { state }
    c: userConnection(userId: "c", connectorSlug: "slack") { state }
    again: userConnection(userId: "a", connectorSlug: "slack") { state }
  }`);
  const result = await run(createConnectionsContext(), document);
  expect(result.data).toEqual({
    a: { state: 'NOT_FOUND' },
    b: { state: 'NOT_FOUND' },
    c: null,
    again: { state: 'NOT_FOUND' },
  });
  expect(codesOf(result)).toEqual(['LIMIT_EXCEEDED']);
  expect(sandbox.requests.entries).toHaveLength(2);
});

it('stops the lookups of a request whose caller hangs up', async () => {
  const { run, sandbox } = createHost();
  sandbox.faults.add({ delayMs: Infinity });
  const controller = new AbortController();
  const result = run(createConnectionsContext({ signal: controller.signal }));
  controller.abort();
  expect(codesOf(await result)).toEqual(['PLATFORM_TIMEOUT']);
});

it('warns of no leak when many lookups listen to one signal', async () => {
  const warnings: Error[] = [];
  const remember = (warning: Error) => warnings.push(warning);
  process.on('warning', remember);
  const fields = Array.from(
    { length: 40 },
    (_, index) => `a${index}: userConnection(userId: "u${index}", connectorSlug: "slack") { state }`,
  );
  // What Yoga hands out: an event target of its own, under the usual limit of ten listeners.
  const signal = Object.assign(new EventTarget(), { aborted: false }) as AbortSignal;
  await createHost().run(createConnectionsContext({ signal }), parse(`{ ${fields.join(' ')} }`));
  await new Promise(setImmediate);
  process.off('warning', remember);
  expect(warnings).toEqual([]);
});
