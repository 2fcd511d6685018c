import { parse } from 'graphql';
import { afterEach, expect, it, vi } from 'vitest';

import { createConnectionsContext, createPlatformClient } from '../../src/index.js';
import { createSandbox, SANDBOX_CREDENTIALS } from '../../src/sandbox/index.js';
import { codesOf, createHost } from '../support/host.js';

afterEach(() => vi.useRealTimers());

it('returns data to a host that executes it with plain graphql-js', async () => {
  const { run } = createHost();
  expect(await run({ ofTheHost: 1, ...createConnectionsContext() })).toEqual({
    data: { userConnection: { state: 'ACTIVE', authorization: { accessToken: 'sandbox-alice-slack-1-token-1' } } },
  });
});

it.each([[undefined], [null], [{}], [{ connectionsRequest: {} }], [{ connectionsRequest: null }], ['context'], [7]])(
  'reports what is missing if a host passes the context %j, and looks up nothing',
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

it('does not share earlier lookups between two schemas with one context', async () => {
  const [first, second] = [createHost(), createHost()];
  const context = createConnectionsContext();
  await first.run(context);
  await first.run(context);
  expect((await second.run(context)).errors).toBeUndefined();
  expect([first, second].map(({ sandbox }) => sandbox.requests.entries.length)).toEqual([1, 1]);
});

it('refuses a context that is older than 60 s', async () => {
  vi.useFakeTimers({ toFake: ['performance'] });
  const { run, sandbox } = createHost();
  const context = createConnectionsContext();
  expect((await run(context)).errors).toBeUndefined();
  vi.advanceTimersByTime(60_001);
  const result = await run(context);
  expect(result.data).toEqual({ userConnection: null });
  expect(result.errors?.[0]?.message).toBe(
    'The GraphQL context was created more than 60 s ago. ' +
      'Call createConnectionsContext() for every request: a reused context would return stale tokens.',
  );
  expect(sandbox.requests.entries).toHaveLength(1);
});

it('shares the lookups of one request among the copies that a host gateway makes of its context', async () => {
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

it('does not reuse a lookup for the next request', async () => {
  const { run, sandbox } = createHost();
  await run(createConnectionsContext());
  await run(createConnectionsContext());
  expect(sandbox.requests.entries).toHaveLength(2);
});

it('does not share concurrent lookups between two schemas with one context', async () => {
  const one = createHost();
  const other = createHost();
  const context = createConnectionsContext();
  await Promise.all([one.run(context), other.run(context)]);
  expect(one.sandbox.requests.entries).toHaveLength(1);
  expect(other.sandbox.requests.entries).toHaveLength(1);
});

it('refuses a connector outside the allow-list without a request to the platform', async () => {
  const { run, sandbox } = createHost({ connectors: ['github'] });
  const result = await run(createConnectionsContext());
  expect(codesOf(result)).toEqual(['BAD_USER_INPUT']);
  expect(result.errors?.[0]?.message).toBe('The connector slug is not one that this gateway serves.');
  expect(sandbox.requests.entries).toEqual([]);
});

it('enforces the limit of distinct connections under any host', async () => {
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

it('stops the lookups of a request when its caller hangs up', async () => {
  const { run, sandbox } = createHost();
  sandbox.faults.add({ delayMs: Infinity });
  const controller = new AbortController();
  const result = run(createConnectionsContext({ signal: controller.signal }));
  controller.abort();
  expect(codesOf(await result)).toEqual(['PLATFORM_TIMEOUT']);
});

it('does not cause a leak warning when many lookups listen to one signal', async () => {
  const warnings: Error[] = [];
  const remember = (warning: Error) => warnings.push(warning);
  process.on('warning', remember);
  const fields = Array.from(
    { length: 40 },
    (_, index) => `a${index}: userConnection(userId: "u${index}", connectorSlug: "slack") { state }`,
  );
  // Like the signal of Yoga: a custom event target with the usual limit of ten listeners.
  const signal = Object.assign(new EventTarget(), { aborted: false }) as AbortSignal;
  await createHost().run(createConnectionsContext({ signal }), parse(`{ ${fields.join(' ')} }`));
  await new Promise(setImmediate);
  process.off('warning', remember);
  expect(warnings).toEqual([]);
});

it.each([[{ aborted: false }], ['x'], [null]])('refuses the signal %j, which has no addEventListener', (signal) => {
  expect(() => createConnectionsContext({ signal: signal as unknown as AbortSignal })).toThrow(
    'signal must be an AbortSignal.',
  );
});

it('survives a signal whose addEventListener throws', async () => {
  const refuse = () => {
    throw new Error('canary');
  };
  const signal = { aborted: false, addEventListener: refuse, removeEventListener: () => undefined };
  const sandbox = createSandbox();
  const platform = createPlatformClient({
    ...SANDBOX_CREDENTIALS,
    apiUrl: sandbox.apiUrl,
    fetch: sandbox.fetch,
    attemptTimeoutMs: 1,
  });
  const result = await createHost({ platform }).run(
    createConnectionsContext({ signal: signal as unknown as AbortSignal }),
  );
  await new Promise((resolve) => setTimeout(resolve, 10));
  expect(result.data).toEqual({ userConnection: null });
  expect(JSON.stringify(result)).not.toContain('canary');
});

it('accepts a signal that is not an EventTarget', async () => {
  const signal = { aborted: false, addEventListener: () => undefined, removeEventListener: () => undefined };
  const context = createConnectionsContext({ signal: signal as unknown as AbortSignal });
  expect((await createHost().run(context)).errors).toBeUndefined();
});

it.each([
  [{ catalog: { slug: undefined as unknown as string } }, 'catalog.slug must be one DNS label'],
  [{ catalog: undefined as unknown as { slug: string } }, 'catalog must be { slug } or { url }.'],
  [{ maxConnections: Number.NaN }, 'maxConnections must be a whole number from 1'],
  [{ maxConnections: -1 }, 'maxConnections must be a whole number from 1'],
])('refuses the options %o with a message', (options, message) => {
  expect(() => createHost(options)).toThrow(message);
});

it('answers the fields beside one that exceeds a limit', async () => {
  const many = Array.from({ length: 1_001 }, () => '{ ownerKind: USER, ownerId: "a", connectorSlug: "slack" }');
  const document = parse(`{
    huge: userConnection(userId: "a", connectorSlug: "slack") { ${Array.from({ length: 50_001 }, (_, index) => `f${index}: id`).join(' ')} }
    small: userConnection(userId: "alice", connectorSlug: "slack") { state }
  }`);
  const { run } = createHost();
  const result = await run(createConnectionsContext(), document);
  expect(result.data).toEqual({ huge: null, small: { state: 'ACTIVE' } });
  expect(codesOf(result)).toEqual(['LIMIT_EXCEEDED']);
  const list = parse(`{ connections(keys: [${many.join()}]) { id } }`);
  expect(codesOf(await run(createConnectionsContext(), list))).toEqual(['LIMIT_EXCEEDED']);
});
