import { execute, type ExecutionResult, parse } from 'graphql';
import { afterEach, expect, it, vi } from 'vitest';

import {
  type ConnectionsFailure,
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
  const { run } = createHost({ platform, onFailure: (failure) => seen.push(failure) });
  const result = await run(createConnectionsContext({ requestId: 'r-1' }));
  expect(result).toEqual({ data: { userConnection: null }, errors: [expect.anything()] });
  expect(result.errors?.[0]).toMatchObject({
    message: 'Something went wrong in this gateway.',
    extensions: { code: 'INTERNAL_SERVER_ERROR', retryable: false, requestId: 'r-1' },
  });
  expect(JSON.stringify(result)).not.toContain('canary');
  expect(result.errors?.[0]?.originalError?.message).not.toContain('canary');
  expect(seen).toEqual([{ code: 'INTERNAL_SERVER_ERROR', requestId: 'r-1', error: expect.any(Error) as unknown }]);
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

it('tells the host of a failed lookup once, with its cause and without a secret', async () => {
  const failures: ConnectionsFailure[] = [];
  const { run, sandbox } = createHost({ onFailure: (failure) => failures.push(failure) });
  sandbox.faults.add({ status: 503 });
  const twice = parse(`{
    a: userConnection(userId: "alice", connectorSlug: "slack") { state }
    b: userConnection(userId: "alice", connectorSlug: "slack") { enabled }
  }`);
  expect(codesOf(await run(createConnectionsContext({ requestId: 'r-2' }), twice))).toEqual([
    'PLATFORM_UNAVAILABLE',
    'PLATFORM_UNAVAILABLE',
  ]);
  expect(failures).toEqual([
    { code: 'PLATFORM_UNAVAILABLE', requestId: 'r-2', error: expect.objectContaining({ status: 503 }) as unknown },
  ]);
});

it('looks at each fragment once, however often it is spread', async () => {
  const levels = Array.from({ length: 60 }, (_, n) => `fragment f${n + 1} on Connection { ...f${n} ...f${n} }`);
  const document = parse(
    `{ userConnection(userId: "a", connectorSlug: "s") { ...f60 } } fragment f0 on Connection { ownerId } ${levels.join(' ')}`,
  );
  const { run, sandbox } = createHost();
  expect(await run(createConnectionsContext(), document)).toEqual({ data: { userConnection: { ownerId: 'a' } } });
  expect(sandbox.requests.entries).toEqual([]);
});

it('leaves it to the executor to report a condition that is null', async () => {
  const failures: ConnectionsFailure[] = [];
  const { schema } = createHost({ onFailure: (failure) => failures.push(failure) });
  const document = parse(
    'query ($if: Boolean = true) { userConnection(userId: "alice", connectorSlug: "slack") { id state @include(if: $if) } }',
  );
  const result = await execute({
    schema,
    document,
    contextValue: createConnectionsContext(),
    variableValues: { if: null },
  });
  expect(result.errors?.[0]?.message).toBe('Argument "if" of non-null type "Boolean!" must not be null.');
  expect(failures).toEqual([]);
});

it.each([
  [
    'throws',
    () => {
      throw new Error('canary');
    },
  ],
  [
    'rejects',
    async () => {
      throw new Error('canary');
    },
  ],
])('answers as usual when the listener for failures %s', async (_, onFailure) => {
  const { run, sandbox } = createHost({ onFailure });
  sandbox.faults.add({ status: 500 });
  const result = await run(createConnectionsContext());
  await new Promise(setImmediate);
  expect(codesOf(result)).toEqual(['PLATFORM_UNAVAILABLE']);
  expect(JSON.stringify(result)).not.toContain('canary');
});

it('masks what a getter of the context throws', async () => {
  const context = Object.defineProperty({}, 'connectionsRequest', {
    get: () => {
      throw new Error('canary');
    },
  });
  const result = await createHost().run(context);
  expect(codesOf(result)).toEqual(['INTERNAL_SERVER_ERROR']);
  expect(JSON.stringify(result)).not.toContain('canary');
});

it('masks an error of another version of the package whose code it does not know', async () => {
  const error = Object.assign(new Error('canary'), { name: 'PlatformError', code: 'PLATFORM_NEW' });
  const platform: PlatformClient = { readConnection: () => Promise.reject(error), close: async () => undefined };
  const result = await createHost({ platform }).run(createConnectionsContext());
  expect(codesOf(result)).toEqual(['INTERNAL_SERVER_ERROR']);
  expect(result.errors?.[0]?.message).toBe('Something went wrong in this gateway.');
});

it('takes a signal that is no event target of Node, and survives its time-out', async () => {
  const signal = { aborted: false, addEventListener: () => undefined, removeEventListener: () => undefined };
  const context = createConnectionsContext({ signal: signal as unknown as AbortSignal });
  expect((await createHost().run(context)).errors).toBeUndefined();
});

it.each([
  [{ catalog: { slug: undefined as unknown as string } }, 'catalog.slug must be one DNS label'],
  [{ catalog: undefined as unknown as { slug: string } }, 'catalog must be { slug } or { url }.'],
  [{ maxConnections: Number.NaN }, 'maxConnections must be a whole number from 1'],
  [{ maxConnections: -1 }, 'maxConnections must be a whole number from 1'],
])('refuses the options %o with a sentence', (options, message) => {
  expect(() => createHost(options)).toThrow(message);
});
