import { createServer } from 'node:http';

import { ApolloClient, HttpLink, InMemoryCache } from '@apollo/client';
import { cacheExchange, createClient, fetchExchange } from '@urql/core';
import { type DocumentNode, Kind, parse, print, visit } from 'graphql';
import { GraphQLClient } from 'graphql-request';
import { afterAll, expect, expectTypeOf, it } from 'vitest';

import {
  ConnectionsDocument,
  type ConnectionsQuery,
  ConnectionStatesDocument,
  createGatewayClient,
  GroupConnectionDocument,
  isRetryable,
  listConnections,
  toAnswerErrors,
  UserConnectionDocument,
  type UserConnectionQuery,
} from '../../src/client/index.js';
import { findFreePort } from '../support/free-port.js';
import { startInProcess } from '../support/gateway.js';
import { listenLocally } from '../support/listen.js';
import { KEYS } from '../support/policy.js';

const gateway = await startInProcess();
const refusing = await startInProcess({ handler: { rateLimit: async () => 1_500 } });
afterAll(async () => {
  await gateway.close();
  await refusing.close();
  balancer.closeAllConnections();
  balancer.close();
});
const addressOf = async ({ fetch: open }: typeof gateway) => (await open('/health')).url.replace('/health', '/graphql');
const url = await addressOf(gateway);
const refusingUrl = await addressOf(refusing);

/** Responds to each path with its status and a web page. */
const balancer = createServer(({ url: path = '' }, response) => {
  response.writeHead(Number(path.slice(1)), { 'content-type': 'text/html' }).end('<html></html>');
});
const balancerUrl = `http://127.0.0.1:${await listenLocally(balancer)}`;

const TOKEN = 'sandbox-alice-slack-1-token-1';
const headers = { authorization: `Bearer ${KEYS.bff}` };
const variables = { userId: 'alice', connectorSlug: 'slack' };
const keys = [
  { ownerKind: 'USER' as const, ownerId: 'alice', connectorSlug: 'slack' },
  { ownerKind: 'USER' as const, ownerId: 'bob', connectorSlug: 'slack' },
];

/** The texts of the documents that were sent. */
let sent: string[] = [];
/** Sends a request, and records the text of its document. */
const record: typeof fetch = (target, init) => {
  sent.push((JSON.parse(String(init?.body)) as { query: string }).query);
  return fetch(target, init);
};

const toApollo = (uri: string) =>
  new ApolloClient({ link: new HttpLink({ uri, headers, fetch: record }), cache: new InMemoryCache() });
const toUrql = (address: string, exchanges = [fetchExchange]) =>
  createClient({ url: address, exchanges, preferGetMethod: false, fetch: record, fetchOptions: { headers } });

/** The clients, each as its documentation shows it. They return the data, or throw their own error. */
const CLIENTS: Record<string, (address: string) => Promise<UserConnectionQuery | null | undefined>> = {
  'graphql-request': async (address) =>
    new GraphQLClient(address, { headers, fetch: record }).request(UserConnectionDocument, variables),
  urql: async (address) => {
    const { data, error } = await toUrql(address).query(UserConnectionDocument, variables);
    if (error) throw error;
    return data;
  },
  'urql with its cache': async (address) => {
    const { data, error } = await toUrql(address, [cacheExchange, fetchExchange]).query(
      UserConnectionDocument,
      variables,
    );
    if (error) throw error;
    return data;
  },
  'Apollo Client': async (address) => {
    const { data } = await toApollo(address).query({
      query: UserConnectionDocument,
      variables,
      fetchPolicy: 'no-cache',
    });
    return data;
  },
  fetch: async (address) => {
    const body = JSON.stringify({ query: UserConnectionDocument, variables });
    const init = { method: 'POST', headers: { ...headers, 'content-type': 'application/json' }, body };
    const { data, errors } = (await (await record(address, init)).json()) as { data: UserConnectionQuery; errors: [] };
    if (errors) throw Object.assign(new Error('failed'), { errors });
    return data;
  },
  createGatewayClient: async (address) => {
    const client = createGatewayClient({ url: address, credentials: KEYS.bff, fetch: record });
    const { data, errors } = await client.send(UserConnectionDocument, variables);
    if (errors.length > 0) throw Object.assign(new Error('failed'), { errors });
    return data;
  },
};
/** The clients that add `__typename` to every selection. */
const ADDS_TYPENAMES = new Set(['Apollo Client', 'urql with its cache']);

const DOCUMENTS = { UserConnectionDocument, GroupConnectionDocument, ConnectionsDocument, ConnectionStatesDocument };

it.each(Object.entries(DOCUMENTS))('has the text of the syntax tree %s', (_name, document) => {
  expect(String(document)).toBe(print(document));
  expect(JSON.parse(JSON.stringify({ query: document }))).toEqual({ query: print(document) });
  expect(print(parse(String(document)))).toBe(print(document));
});

it.each(Object.keys(CLIENTS))('works unchanged in %s', async (name) => {
  sent = [];
  const data = await CLIENTS[name]?.(url);
  expect(data?.userConnection?.authorization?.accessToken).toBe(TOKEN);
  const [text = ''] = sent;
  expect(sent).toHaveLength(1);
  const withoutTypenames = print(
    visit(parse(text), { Field: ({ name: { value } }) => (value === '__typename' ? null : undefined) }),
  );
  expect(withoutTypenames).toBe(String(UserConnectionDocument));
  expect(text.includes('__typename')).toBe(ADDS_TYPENAMES.has(name));
  // A client may add its own properties to a document. They do not change its text.
  expect(String(UserConnectionDocument)).toBe(print(UserConnectionDocument));
});

it.each(Object.keys(CLIENTS))('recognizes a retryable error of %s', async (name) => {
  const error: unknown = await CLIENTS[name]?.(refusingUrl).catch((thrown: unknown) => thrown);
  expect(error).toBeInstanceOf(Error);
  expect(isRetryable(error)).toBe(true);
});

// Plain `fetch` has no error of its own.
const OTHERS = Object.keys(CLIENTS).filter((name) => name !== 'fetch');

it.each(OTHERS)('converts the errors of %s, also if the gateway is down or is another server', async (name) => {
  const failAt = async (address: string) => {
    const error: unknown = await CLIENTS[name]?.(address).catch((thrown: unknown) => thrown);
    return toAnswerErrors(error);
  };
  expect(await failAt(refusingUrl)).toMatchObject([
    { extensions: { code: 'RATE_LIMITED', retryable: true, retryAfterMs: 1_500 } },
  ]);
  const unavailable = [{ extensions: { code: 'GATEWAY_UNAVAILABLE', retryable: true } }];
  expect(await failAt(`http://127.0.0.1:${await findFreePort()}/graphql`)).toMatchObject(unavailable);
  expect(await failAt(`${balancerUrl}/502`)).toMatchObject(unavailable);
  const bad = [{ extensions: { code: 'GATEWAY_BAD_RESPONSE', retryable: false } }];
  expect(await failAt(`${balancerUrl}/404`)).toMatchObject(bad);
});

it('does not give a changed syntax tree the text of the original', () => {
  const renamed: DocumentNode = visit(GroupConnectionDocument, {
    OperationDefinition: (node) => ({ ...node, name: { kind: Kind.NAME, value: 'Renamed' } }),
  });
  expect(print(renamed)).toContain('query Renamed(');
  expect(String(renamed)).toBe('[object Object]');
  expect(JSON.parse(JSON.stringify(renamed))).toMatchObject({ kind: 'Document' });
});

it('works in Apollo Client if the document is frozen', async () => {
  const freeze = (value: unknown): void => {
    if (typeof value === 'object' && value !== null) Object.values(Object.freeze(value)).forEach(freeze);
  };
  freeze(GroupConnectionDocument);
  const { data } = await toApollo(url).query({
    query: GroupConnectionDocument,
    variables: { groupId: 'acme', connectorSlug: 'slack' },
    fetchPolicy: 'no-cache',
  });
  expect(data?.groupConnection?.state).toBe('ACTIVE');
});

it('determines the types of the data and of the variables in each client', () => {
  const request = () => new GraphQLClient(url).request(ConnectionsDocument, { keys });
  expectTypeOf(request).returns.resolves.toEqualTypeOf<ConnectionsQuery>();
  const query = () => toUrql(url).query(ConnectionsDocument, { keys }).toPromise();
  expectTypeOf(query).returns.resolves.toHaveProperty('data').toEqualTypeOf<ConnectionsQuery | undefined>();
  const apollo = () => toApollo(url).query({ query: ConnectionsDocument, variables: { keys } });
  expectTypeOf(apollo).returns.resolves.toHaveProperty('data').toEqualTypeOf<ConnectionsQuery | undefined>();
  const { send } = createGatewayClient({ url, credentials: KEYS.bff });
  const own = () => send(ConnectionsDocument, { keys });
  expectTypeOf(own).returns.resolves.toHaveProperty('data').toEqualTypeOf<ConnectionsQuery | null>();

  const wrong = { key: keys };
  return [
    // @ts-expect-error the variable is called `keys`
    () => new GraphQLClient(url).request(ConnectionsDocument, wrong),
    // @ts-expect-error the variable is called `keys`
    () => toUrql(url).query(ConnectionsDocument, wrong),
    // @ts-expect-error the variable is called `keys`
    () => toApollo(url).query({ query: ConnectionsDocument, variables: wrong }),
    // @ts-expect-error the variable is called `keys`
    () => send(ConnectionsDocument, wrong),
  ];
});

const failForBob = () => gateway.sandbox.faults.add({ status: 500, ownerId: 'bob' });

it('reads a partial result with graphql-request, whose default error contains every token', async () => {
  failForBob();
  const error: unknown = await new GraphQLClient(url, { headers }).request(ConnectionsDocument, { keys }).catch(String);
  // If this fails, graphql-request has changed its message, and the guide needs no warning.
  expect(error).toContain(TOKEN);

  failForBob();
  const client = new GraphQLClient(url, { headers, errorPolicy: 'all' });
  const answer = await client.rawRequest<ConnectionsQuery>(String(ConnectionsDocument), { keys });
  expect(listConnections(keys, answer)).toMatchObject([
    { connection: { authorization: { accessToken: TOKEN } }, error: null },
    { connection: null, error: { code: 'PLATFORM_UNAVAILABLE', retryable: true } },
  ]);
});

it('reads a partial result with Apollo Client, whose default error holds every token', async () => {
  const query = { query: ConnectionsDocument, variables: { keys }, fetchPolicy: 'no-cache' } as const;
  failForBob();
  const thrown: unknown = await toApollo(url)
    .query(query)
    .catch((error: unknown) => error);
  expect(String(thrown)).not.toContain(TOKEN);
  expect(JSON.stringify(thrown)).toContain(TOKEN);

  failForBob();
  const { data, error } = await toApollo(url).query({ ...query, errorPolicy: 'all' });
  expect(listConnections(keys, { data, errors: toAnswerErrors(error) })).toMatchObject([
    { connection: { authorization: { accessToken: TOKEN } }, error: null },
    { connection: null, error: { code: 'PLATFORM_UNAVAILABLE', retryable: true } },
  ]);
});

it('reads a partial result with urql, whose error holds no token', async () => {
  failForBob();
  const { data, error } = await toUrql(url).query(ConnectionsDocument, { keys });
  expect(`${JSON.stringify(error)}${String(error)}`).not.toContain(TOKEN);
  expect(listConnections(keys, { data, errors: toAnswerErrors(error) })).toMatchObject([
    { connection: { authorization: { accessToken: TOKEN } }, error: null },
    { connection: null, error: { code: 'PLATFORM_UNAVAILABLE', retryable: true } },
  ]);
});
