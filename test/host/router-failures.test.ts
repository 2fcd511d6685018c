import type { IncomingMessage } from 'node:http';
import { composeServices } from '@apollo/composition';
import { ApolloGateway, type RemoteGraphQLDataSource } from '@apollo/gateway';
import { ApolloServer } from '@apollo/server';
import { startStandaloneServer } from '@apollo/server/standalone';
import { createGatewayRuntime, type GatewayConfigSupergraph } from '@graphql-hive/gateway-runtime';
import { parse } from 'graphql';
import { afterAll, describe, expect, it } from 'vitest';

import { printSubgraphSdl } from '../../src/federation/index.js';
import { OWNER_TYPES, startRemoteModule } from '../support/engine-module.js';
import { ask, expectNoSecret, FAILED, FAILURES, startProxy, WORKING } from '../support/gateway-failures.js';
import { importProgram } from '../support/page.js';
import { listenAnywhere, serveUsers, USERS_SDL } from '../support/people.js';

const { ConnectionsSource } = await importProgram<{
  ConnectionsSource: new (options: { url: string }) => RemoteGraphQLDataSource;
}>('docs/guides/federation.md', 'connections-source.ts');

const { options: hiveOptions } = await importProgram<{
  options: Pick<GatewayConfigSupergraph, 'transportEntries' | 'transports'>;
}>('docs/guides/federation.md', 'hive.ts');

const closing: (() => unknown)[] = [];
afterAll(async () => {
  for (const close of closing.toReversed()) await close();
});

describe.each([['Apollo Gateway, as in the guide'], ['Hive Gateway, as in the guide']])('%s', async (name) => {
  const isApollo = name.startsWith('Apollo');
  const module = await startRemoteModule(
    {},
    {
      XKIT_FEDERATION: 'on',
      XKIT_SCOPE_DIRECTIVES: isApollo ? 'off' : 'on',
    },
  );
  closing.push(module.close);
  const proxy = await startProxy(module.url, closing);
  const users = await serveUsers();
  closing.push(users.close);
  const sdl = printSubgraphSdl({ ownerTypes: OWNER_TYPES, scopeDirectives: !isApollo });
  const { supergraphSdl = '' } = composeServices([
    { name: 'users', url: users.url, typeDefs: parse(USERS_SDL) },
    { name: 'connections', url: proxy.url, typeDefs: parse(sdl) },
  ]);
  const url = await (isApollo ? startApollo(supergraphSdl) : startHive(supergraphSdl));

  it.each(FAILURES)('returns no secret if %s', async (_, respond) => {
    proxy.respond = respond;
    const result = await ask(url);
    proxy.respond = null;
    expect(result.data).toEqual(FAILED);
    expect(result.errors?.length).toBeGreaterThan(1);
    for (const { extensions } of result.errors ?? []) expect(extensions['code']).toMatch(/^[A-Z_]+$/);
    expectNoSecret(JSON.stringify(result));
  });

  it('passes on the data and the code of a refusal', async () => {
    expect(await ask(url)).toEqual(WORKING);
    const { errors = [] } = await ask(url, null);
    expect(new Set(errors.map(({ extensions }) => extensions['code']))).toEqual(new Set(['UNAUTHENTICATED']));
  });
});

async function startApollo(supergraphSdl: string): Promise<string> {
  const nothing = () => undefined;
  const logger = { debug: nothing, info: nothing, warn: nothing, error: nothing };
  const gateway = new ApolloGateway({
    supergraphSdl,
    buildService: ({ url = '' }) => new ConnectionsSource({ url }),
    logger,
  });
  const server = new ApolloServer<object>({ gateway, logger });
  closing.push(() => server.stop());
  const context = async ({ req }: { req: IncomingMessage }) => ({ authorization: req.headers.authorization });
  return (await startStandaloneServer(server, { listen: { port: 0, host: '127.0.0.1' }, context })).url;
}

async function startHive(supergraphSdl: string): Promise<string> {
  const hive = createGatewayRuntime({
    supergraph: () => supergraphSdl,
    ...hiveOptions,
    maskedErrors: false,
    logging: false,
  });
  closing.push(() => hive.dispose());
  const { url, close } = await listenAnywhere(hive);
  closing.push(close);
  return url;
}
