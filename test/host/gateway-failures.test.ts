import { inspect } from 'node:util';
import { stitchSchemas } from '@graphql-tools/stitch';
import { execute, parse } from 'graphql';
import { createYoga } from 'graphql-yoga';
import { afterAll, describe, expect, it } from 'vitest';

import { type ConnectionsSubschema, createGatewayExecutor, type GatewayExecutor } from '../../src/stitching/index.js';
import { startRemoteModule } from '../support/engine-module.js';
import { findFreePort } from '../support/free-port.js';
import {
  ask,
  expectNoSecret,
  FAILED,
  FAILURES,
  FOREIGN,
  QUERY,
  sendJson,
  startProxy,
  TOKEN,
  UNAVAILABLE,
  VARIABLES,
  WORKING,
} from '../support/gateway-failures.js';
import { importProgram } from '../support/page.js';
import { createUsersSchema, listenAnywhere } from '../support/people.js';
import { KEYS } from '../support/policy.js';

const { createConnections } = await importProgram<{
  createConnections(url: string): ConnectionsSubschema<GatewayExecutor>;
}>('docs/guides/stitching.md', 'over-http.ts');

const closing: (() => unknown)[] = [];
afterAll(async () => {
  for (const close of closing.toReversed()) await close();
});

/** Prints everything that a program can read from a value, including hidden properties. */
const printAll = (value: unknown) => inspect(value, { depth: null, showHidden: true }) + JSON.stringify(value);

describe('a gateway of graphql-tools, as in the guide', async () => {
  const module = await startRemoteModule();
  closing.push(module.close);
  const proxy = await startProxy(module.url, closing);
  const stitch = (url: string) => stitchSchemas({ subschemas: [createUsersSchema(), createConnections(url)] });
  const serve = async (url: string) => {
    const logged: unknown[] = [];
    const log = (...entries: unknown[]) => void logged.push(...entries);
    const logging = { debug: log, info: log, warn: log, error: log };
    const yoga = await listenAnywhere(createYoga({ schema: stitch(url), logging, maskedErrors: false }));
    closing.push(yoga.close);
    return { url: yoga.url, logged };
  };
  const host = await serve(proxy.url);
  const schema = stitch(proxy.url);
  const request = new Request('http://localhost/', { headers: { authorization: `Bearer ${KEYS.bff}` } });

  it.each([...FAILURES, ...FOREIGN])('returns only a coded error if %s', async (_, respond, message, extensions) => {
    proxy.respond = respond;
    const { data, errors = [] } = await ask(host.url);
    const result = await execute({
      schema,
      document: parse(QUERY),
      variableValues: VARIABLES,
      contextValue: { request },
    });
    proxy.respond = null;
    expect(data).toEqual(FAILED);
    expect(errors.length).toBeGreaterThan(1);
    for (const error of errors) expect({ ...error, path: null }).toEqual({ message, extensions, path: null });
    expect(new Set(errors.map(({ path }) => path?.at(-1)))).toEqual(new Set(['connection', 'userConnection']));
    expect(result.errors).toHaveLength(errors.length);
    expectNoSecret(printAll(errors) + printAll(result.errors) + printAll(host.logged));
  });

  it('returns only a coded error if the gateway is down', async () => {
    const down = await serve(`http://127.0.0.1:${await findFreePort()}/graphql`);
    const result = await ask(down.url);
    expect(result.data).toEqual(FAILED);
    expect(result.errors).toContainEqual({
      message: 'The gateway cannot be reached at the moment.',
      path: ['userConnection'],
      extensions: UNAVAILABLE,
    });
    expectNoSecret(printAll(result.errors) + printAll(down.logged));
  });

  it('returns only a coded error if the gateway does not respond in time', async () => {
    proxy.respond = () => undefined;
    const run = createGatewayExecutor({ url: proxy.url, timeoutMs: 50, headers: () => ({ authorization: TOKEN }) });
    const result = await run({ document: parse(QUERY), variables: VARIABLES });
    proxy.respond = null;
    expect(result.data).toBeNull();
    expect(result.errors?.map(({ extensions }) => extensions)).toEqual([{ code: 'GATEWAY_TIMEOUT', retryable: true }]);
    expectNoSecret(printAll(result));
  });

  it('passes on the data and the coded errors of the gateway', async () => {
    expect(await ask(host.url)).toEqual(WORKING);
    module.sandbox.faults.add({ ownerId: 'alice', status: 429, headers: { 'retry-after': '60' } });
    expect((await ask(host.url)).errors).toEqual([
      {
        message: 'The Platform API receives too many requests at the moment.',
        path: ['userConnection'],
        extensions: {
          code: 'PLATFORM_RATE_LIMITED',
          retryable: true,
          retryAfterMs: 60_000,
          requestId: expect.any(String) as string,
        },
      },
    ]);
    expect((await ask(host.url, null)).errors).toContainEqual({
      message: 'Send a valid service key or token as Authorization: Bearer …',
      path: ['userConnection'],
      extensions: { code: 'UNAUTHENTICATED', retryable: false, requestId: expect.any(String) as string },
    });
  });

  it('sends each operation once, also if two callers send the same at the same time', async () => {
    const received: (string | undefined)[] = [];
    const waiting: (() => void)[] = [];
    proxy.respond = (response, { headers }) => {
      received.push(headers.authorization);
      waiting.push(() => sendJson(response, 200, { data: { userConnection: { state: headers.authorization } } }));
      if (waiting.length === 2) for (const answer of waiting) answer();
    };
    const run = createGatewayExecutor({
      url: proxy.url,
      headers: ({ authorization }: { authorization: string }) => ({ authorization }),
    });
    const document = parse('{ userConnection(userId: "alice", connectorSlug: "slack") { state } }');
    const results = await Promise.all(
      ['one', 'two'].map((name) => run({ document, context: { authorization: name } })),
    );
    proxy.respond = null;
    expect(received.toSorted()).toEqual(['one', 'two']);
    expect(results.map(({ data }) => data)).toEqual(['one', 'two'].map((state) => ({ userConnection: { state } })));
  });
});
