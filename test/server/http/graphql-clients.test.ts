import { createHash } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { ApolloClient, ApolloLink, CombinedGraphQLErrors, gql, HttpLink, InMemoryCache } from '@apollo/client';
import { PersistedQueryLink } from '@apollo/client/link/persisted-queries';
import { Client, fetchExchange } from '@urql/core';
import { persistedExchange } from '@urql/exchange-persisted';
import { type DocumentNode, print } from 'graphql';
import { afterAll, afterEach, expect, it } from 'vitest';

import { isRetryable } from '../../../src/client/index.js';
import { startProcess, type TestGateway } from '../../support/gateway.js';
import { UserConnection } from '../../support/operations.js';
import { KEYS } from '../../support/policy.js';
import { until } from '../../support/until.js';

const QUERY = gql`
  query State($userId: ID!) {
    userConnection(userId: $userId, connectorSlug: "slack") {
      state
    }
  }
`;
const OTHER = gql`
  query Other($userId: ID!) {
    userConnection(userId: $userId, connectorSlug: "slack") {
      state
      enabled
    }
  }
`;
const variables = { userId: 'bob' };
const folder = mkdtempSync(join(tmpdir(), 'xkit-graphql-clients-'));
afterAll(() => rmSync(folder, { recursive: true }));

let gateway: TestGateway;
afterEach(() => gateway.close());

interface Outcome {
  readonly state?: string | undefined;
  readonly error?: unknown;
  readonly errors?: readonly { readonly message: string; readonly extensions?: Record<string, unknown> }[] | undefined;
}

/** A GraphQL client, with and without its persisted queries. */
interface GraphqlClient {
  ask(query?: DocumentNode): Promise<Outcome>;
  /** The parameters of each request that the client has sent. */
  readonly sent: readonly string[][];
}

interface ClientOptions {
  readonly key?: string;
  readonly isPersisted?: boolean;
  readonly generateHash?: (query: DocumentNode) => Promise<string>;
}

/** Records the parameters of each request to the gateway. */
function recordRequests() {
  const sent: string[][] = [];
  const fetch: typeof globalThis.fetch = (_, init) => {
    sent.push(Object.keys(JSON.parse(String(init?.body)) as object).filter((name) => name !== 'operationName'));
    return gateway.fetchAnonymously('/graphql', init);
  };
  return { sent, fetch };
}

const sha256 = (text: string) => createHash('sha256').update(text).digest('hex');

function createApollo({ key = KEYS.bob, isPersisted = false, generateHash }: ClientOptions = {}): GraphqlClient {
  const { sent, fetch } = recordRequests();
  const http = new HttpLink({ uri: 'http://gateway/graphql', fetch, headers: { authorization: `Bearer ${key}` } });
  const persisted = new PersistedQueryLink(generateHash ? { generateHash } : { sha256 });
  const link = isPersisted ? ApolloLink.from([persisted, http]) : http;
  const client = new ApolloClient({ cache: new InMemoryCache(), link });
  return {
    sent,
    ask: (query = QUERY) =>
      client.query<{ userConnection: { state: string } }>({ query, variables, fetchPolicy: 'no-cache' }).then(
        ({ data }) => ({ state: data?.userConnection.state }),
        (error: unknown) => ({ error, errors: CombinedGraphQLErrors.is(error) ? error.errors : undefined }),
      ),
  };
}

function createUrql({ key = KEYS.bob, isPersisted = false, generateHash }: ClientOptions = {}): GraphqlClient {
  const { sent, fetch } = recordRequests();
  const persisted = persistedExchange({
    preferGetForPersistedQueries: false,
    ...(generateHash && { generateHash: (_: string, query: DocumentNode) => generateHash(query) }),
  });
  const client = new Client({
    url: 'http://gateway/graphql',
    exchanges: [...(isPersisted ? [persisted] : []), fetchExchange],
    fetch,
    fetchOptions: { headers: { authorization: `Bearer ${key}` } },
    preferGetMethod: false,
  });
  return {
    sent,
    ask: async (query = QUERY) => {
      const { data, error } = await client.query<{ userConnection: { state: string } }>(query, variables).toPromise();
      return { state: data?.userConnection.state, error, errors: error?.graphQLErrors };
    },
  };
}

const CLIENTS: readonly [string, (options?: ClientOptions) => GraphqlClient][] = [
  ['Apollo Client', createApollo],
  ['urql', createUrql],
];

async function start(environment: Record<string, string> = {}): Promise<void> {
  gateway = await startProcess(environment);
  gateway.sandbox.store.setConnections('bob', 'slack', [{ enabled: true, status: 'active' }]);
}

/** Sends an operation whose lookup takes a while, and resolves once it is in flight. */
async function startSlowOperation(): Promise<{ readonly end: Promise<unknown> }> {
  gateway.sandbox.faults.add({ delayMs: 3_000 });
  const end = gateway.send(UserConnection, { userId: 'alice', connectorSlug: 'slack' });
  await until(() => gateway.sandbox.requests.entries.length === 1);
  return { end };
}

it.each(CLIENTS)('passes the code and the retry time of a refusal to %s', async (_, createClient) => {
  await start({ XKIT_MAX_OPERATIONS: '1', XKIT_RATE_LIMIT: '1' });
  const refused = async (options?: ClientOptions) => {
    const { error, errors } = await createClient(options).ask();
    return { extensions: errors?.[0]?.extensions, isRetryable: isRetryable(error) };
  };
  const requestId = expect.any(String) as string;
  expect(await refused({ key: 'nonesuch' })).toEqual({
    extensions: { code: 'UNAUTHENTICATED', retryable: false, requestId },
    isRetryable: false,
  });
  expect(await createClient().ask()).toMatchObject({ state: 'ACTIVE' });
  expect(await refused()).toEqual({
    extensions: { code: 'RATE_LIMITED', retryable: true, retryAfterMs: expect.any(Number), requestId },
    isRetryable: true,
  });
  gateway.sandbox.requests.clear();
  const slow = await startSlowOperation();
  expect(await refused()).toEqual({
    extensions: { code: 'OVERLOADED', retryable: true, retryAfterMs: 1_000, requestId },
    isRetryable: true,
  });
  process.kill(gateway.pid ?? 0, 'SIGTERM');
  await until(() => gateway.output().includes('"event":"stopping"'));
  expect(await refused()).toEqual({
    extensions: { code: 'SHUTTING_DOWN', retryable: true, retryAfterMs: 1_000, requestId },
    isRetryable: true,
  });
  await slow.end;
});

it.each(CLIENTS)('makes the persisted queries of %s fall back to documents, without a manifest', async (_, create) => {
  await start();
  const client = create({ isPersisted: true });
  expect(await client.ask()).toMatchObject({ state: 'ACTIVE' });
  expect(client.sent.map((names) => names.includes('query'))).toEqual([false, true]);
  // The client does not send the hash again.
  expect(await client.ask(OTHER)).toMatchObject({ state: 'ACTIVE' });
  expect(client.sent.map((names) => names.includes('query'))).toEqual([false, true, true]);
});

it.each(CLIENTS)("executes the documents of Apollo's manifest by the ids that %s sends", async (_, createClient) => {
  const id = sha256('an id that is not the hash of the document');
  const operations = [{ id, name: 'State', type: 'query', body: print(QUERY) }];
  const path = join(folder, 'manifest.json');
  writeFileSync(path, JSON.stringify({ format: 'apollo-persisted-query-manifest', version: 1, operations }));
  await start({ XKIT_TRUSTED_DOCUMENTS: path, XKIT_TRUSTED_DOCUMENTS_MODE: 'preferred' });
  const isState = (query: DocumentNode) => print(query).includes('State(');
  const generateHash = async (query: DocumentNode) => (isState(query) ? id : sha256(print(query)));
  const client = createClient({ isPersisted: true, generateHash });
  expect(await client.ask()).toMatchObject({ state: 'ACTIVE' });
  expect(client.sent.map((names) => names.includes('query'))).toEqual([false]);
  // The client sends a document that is not in the manifest, and still the ids of the others.
  expect(await client.ask(OTHER)).toMatchObject({ state: 'ACTIVE' });
  expect(client.sent.map((names) => names.includes('query'))).toEqual([false, false, true]);
});
