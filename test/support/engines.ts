import { AsyncLocalStorage } from 'node:async_hooks';
import type { ServerResponse } from 'node:http';
import { composeServices } from '@apollo/composition';
import { ApolloGateway, RemoteGraphQLDataSource } from '@apollo/gateway';
import { ApolloServer } from '@apollo/server';
import { startStandaloneServer } from '@apollo/server/standalone';
import { createGatewayRuntime } from '@graphql-hive/gateway-runtime';
import { createDefaultExecutor, type SubschemaConfig } from '@graphql-tools/delegate';
import { composeSubgraphs } from '@graphql-mesh/fusion-composition';
import { stitchSchemas } from '@graphql-tools/stitch';
import { federationToStitchingSDL, stitchingDirectives } from '@graphql-tools/stitching-directives';
import { buildSchema, type GraphQLSchema, parse, validate } from 'graphql';
import { createYoga, useExecutionCancellation, type YogaInitialContext } from 'graphql-yoga';

import { printSubgraphSdl } from '../../src/federation/index.js';

import { createGatewayExecutor, printStitchingSdl, subschemaConfig } from '../../src/stitching/index.js';
import { type Engine, type Listening, OWNER_TYPES, startModule, startRemoteModule, toEngine } from './engine-module.js';
import {
  createUsersSchema,
  listenAnywhere,
  serveUsers,
  type Setup,
  STITCHED_USERS_SDL,
  USERS_SDL,
  withOwnFields,
} from './people.js';

const toComposition = ({ fieldPrefix }: Setup) => ({ ownerTypes: OWNER_TYPES, fieldPrefix });
const usersSdl = ({ hasOwnFields = false }: Setup, sdl: string) => (hasOwnFields ? withOwnFields(sdl) : sdl);

/** Creates an executor that forwards the `authorization` header of the gateway's caller. */
const executorTo = (url: string) =>
  createGatewayExecutor({
    url,
    headers: ({ request }: YogaInitialContext) => ({ authorization: request.headers.get('authorization') }),
  });

async function startStitching(setup: Setup = {}): Promise<Engine> {
  const module = await startModule(setup);
  const schema = stitchSchemas({ subschemas: [createUsersSchema(setup), module.subschema] });
  const yoga = createYoga({
    schema,
    logging: false,
    maskedErrors: false,
    context: ({ request }) => module.createContext(request.headers.get('authorization'), request.signal),
  });
  return toEngine(module, await listenAnywhere(yoga));
}

async function startStitchingOverHttp(setup: Setup = {}): Promise<Engine> {
  const module = await startRemoteModule(setup);
  const subschema = subschemaConfig({ ...toComposition(setup), executor: executorTo(module.url) });
  const schema = stitchSchemas({ subschemas: [createUsersSchema(setup), subschema] });
  return toEngine(
    module,
    await listenAnywhere(
      createYoga({ schema, logging: false, maskedErrors: false, plugins: [useExecutionCancellation()] }),
    ),
  );
}

/** Makes a subschema refuse invalid documents, as a server does. In process, a gateway may send any document. */
function validated(schema: GraphQLSchema): SubschemaConfig {
  const run = createDefaultExecutor(schema);
  return {
    schema,
    executor: (request) => {
      const errors = validate(schema, request.document);
      return errors.length > 0 ? { errors } : run(request);
    },
  };
}

async function startStitchedSubgraph(setup: Setup = {}): Promise<Engine> {
  const module = await startRemoteModule(setup, { XKIT_FEDERATION: 'on' });
  const { stitchingDirectivesTransformer } = stitchingDirectives();
  const sdl = federationToStitchingSDL(printSubgraphSdl(toComposition(setup)));
  const connections = buildSchema(sdl, { assumeValidSDL: true });
  const schema = stitchSchemas({
    subschemaConfigTransforms: [stitchingDirectivesTransformer],
    subschemas: [
      validated(createUsersSchema(setup)),
      { schema: connections, executor: executorTo(module.url), batch: true },
    ],
  });
  return toEngine(
    module,
    await listenAnywhere(
      createYoga({ schema, logging: false, maskedErrors: false, plugins: [useExecutionCancellation()] }),
    ),
  );
}

async function startApolloServer(setup: Setup = {}): Promise<Engine> {
  const module = await startModule(setup);
  const schema = stitchSchemas({ subschemas: [createUsersSchema(setup), module.subschema] });
  const server = new ApolloServer<object>({ schema, logger: SILENT });
  return toEngine(
    module,
    await startApollo(server, async ({ req, res }) => {
      return module.createContext(req.headers.authorization, goneSignal(res));
    }),
  );
}

async function startApolloGateway(setup: Setup = {}): Promise<Engine> {
  const { module, users, supergraphSdl } = await startSupergraph(setup, false);
  const signals = new AsyncLocalStorage<AbortSignal>();
  /** Forwards the `authorization` header of the caller, and hangs up when the caller does. */
  class Subgraph extends RemoteGraphQLDataSource<CallerContext> {
    override willSendRequest({ request, context }: SubgraphOptions) {
      request.http?.headers.set('authorization', (context as CallerContext).authorization ?? '');
    }
    override process(options: SubgraphOptions) {
      return signals.run((options.context as CallerContext).signal, () => super.process(options));
    }
  }
  const gateway = new ApolloGateway({
    supergraphSdl,
    buildService: ({ url = '' }) =>
      new Subgraph({
        url,
        fetcher: (to, init) => fetch(to, { ...(init as RequestInit), signal: signals.getStore() ?? null }),
      }),
    logger: SILENT,
  });
  const server = new ApolloServer<object>({ gateway, logger: SILENT });
  const apollo = await startApollo(server, async ({ req, res }) => ({
    authorization: req.headers.authorization,
    signal: goneSignal(res),
  }));
  return toEngine(module, { url: apollo.url, close: () => Promise.all([apollo.close(), users.close()]) });
}

async function startHiveGateway(setup: Setup = {}): Promise<Engine> {
  const { module, users, supergraphSdl } = await startSupergraph(setup, true);
  return startHive(supergraphSdl, module, users);
}

async function startHive(
  supergraphSdl: string,
  module: Awaited<ReturnType<typeof startRemoteModule>>,
  users: Listening,
) {
  const hive = createGatewayRuntime({
    supergraph: () => supergraphSdl,
    propagateHeaders: {
      fromClientToSubgraphs: ({ request }) => ({ authorization: request.headers.get('authorization') ?? '' }),
    },
    executionCancellation: true,
    upstreamCancellation: true,
    logging: false,
    maskedErrors: false,
  });
  const listening = await listenAnywhere(hive);
  return toEngine(module, {
    url: listening.url,
    close: () => Promise.all([hive.dispose(), listening.close(), users.close()]),
  });
}

async function startStitchedHiveGateway(setup: Setup = {}): Promise<Engine> {
  const module = await startRemoteModule(setup);
  const users = await serveUsers(setup);
  const { supergraphSdl, errors } = composeSubgraphs([
    { name: 'users', url: users.url, schema: buildSchema(usersSdl(setup, STITCHED_USERS_SDL)) },
    { name: 'connections', url: module.url, schema: buildSchema(printStitchingSdl(toComposition(setup))) },
  ]);
  if (supergraphSdl === undefined) throw new Error(errors?.join('\n'));
  return startHive(supergraphSdl, module, users);
}

async function startSupergraph(setup: Setup, scopeDirectives: boolean) {
  const module = await startRemoteModule(setup, {
    XKIT_FEDERATION: 'on',
    XKIT_SCOPE_DIRECTIVES: scopeDirectives ? 'on' : 'off',
  });
  const users = await serveUsers(setup);
  const { supergraphSdl, errors, hints } = composeServices([
    { name: 'users', url: users.url, typeDefs: parse(usersSdl(setup, USERS_SDL)) },
    {
      name: 'connections',
      url: module.url,
      typeDefs: parse(printSubgraphSdl({ ...toComposition(setup), scopeDirectives })),
    },
  ]);
  if (!supergraphSdl || hints.length > 0) throw new Error(JSON.stringify({ errors, hints }));
  return { module, users, supergraphSdl };
}

type ApolloContext = NonNullable<Parameters<typeof startStandaloneServer<object>>[1]>['context'];

async function startApollo(server: ApolloServer<object>, context: ApolloContext): Promise<Listening> {
  const { url } = await startStandaloneServer(server, { listen: { port: 0, host: '127.0.0.1' }, context });
  return { url, close: () => server.stop() };
}

type SubgraphOptions = Parameters<RemoteGraphQLDataSource<CallerContext>['process']>[0];

interface CallerContext {
  readonly authorization?: string | undefined;
  readonly signal: AbortSignal;
}

/** Returns a signal that aborts when the response ends or the client hangs up. */
function goneSignal(response: ServerResponse): AbortSignal {
  const gone = new AbortController();
  response.once('close', () => gone.abort());
  return gone.signal;
}

const nothing = () => undefined;
const SILENT = { debug: nothing, info: nothing, warn: nothing, error: nothing };

export const ENGINES: Readonly<Record<string, (setup?: Setup) => Promise<Engine>>> = {
  'graphql-tools, in its process': startStitching,
  'graphql-tools, over HTTP': startStitchingOverHttp,
  'graphql-tools, over a subgraph': startStitchedSubgraph,
  'Apollo Server, in its process': startApolloServer,
  'Apollo Gateway': startApolloGateway,
  'Hive Gateway': startHiveGateway,
  'Hive Gateway, stitched': startStitchedHiveGateway,
};
