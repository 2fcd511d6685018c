// Composes hive-supergraph.graphql, which the benchmark peer hive.js serves, from the shape of the Platform API's
// responses. Run it by hand.
import { writeFile } from 'node:fs/promises';
import { composeSubgraphs } from '@graphql-mesh/fusion-composition';
import { loadJSONSchemaSubgraph } from '@omnigraph/json-schema';
import { parse, print } from 'graphql';

const string = { type: 'string' };
const object = (title, properties, required = []) => ({ type: 'object', title, properties, required });

const subgraph = loadJSONSchemaSubgraph('platform', {
  // hive.js replaces both when it starts.
  endpoint: 'http://127.0.0.1:4001/api/platform',
  operationHeaders: { accept: 'application/json' },
  operations: [
    {
      type: 'Query',
      field: 'userConnection',
      path: '/connections/{args.userId}/{args.connectorSlug}',
      method: 'GET',
      argTypeMap: { connectorSlug: string },
      requiredArgs: ['userId', 'connectorSlug'],
      responseSchema: object('UserConnection', {
        connection: object('Connection', { id: string, enabled: { type: 'boolean' } }, ['enabled']),
        connector: object('Connector', { slug: string, name: string }),
        authorization: object('Authorization', {
          status: string,
          display_label: string,
          access_token: string,
          error_code: string,
          error_message: string,
        }),
      }),
    },
  ],
});

const logger = Object.fromEntries(['debug', 'info', 'warn', 'error', 'log'].map((level) => [level, () => {}]));
logger.child = () => logger;
const { name, schema$ } = subgraph({ fetch, cwd: import.meta.dirname, logger });
const { supergraphSdl, errors } = composeSubgraphs([{ name, schema: await schema$ }]);
if (supergraphSdl === undefined) throw new AggregateError(errors);
await writeFile(new URL('hive-supergraph.graphql', import.meta.url), `${print(parse(supergraphSdl))}\n`);
