import { defineCommand } from 'citty';

import { createSandbox, SANDBOX_CREDENTIALS } from '../../sandbox/index.js';
import { readDevConfiguration } from '../configuration.js';
import { createDevLogger } from '../logger.js';
import { runUntilSignal } from '../run-until-signal.js';
import { start } from '../start.js';
import { logSandboxRequest, openSandbox } from './sandbox.js';

const FIRST_QUERY = `# Alice is connected to Slack. Try also github
# (revoked), salesforce (pending), google-drive (never).
query AliceSlack {
  userConnection(userId: "alice", connectorSlug: "slack") {
    state
    authorization { status accessToken }
    repairLink { url action reason }
  }
}
`;

/** Serves GraphQL over an embedded sandbox. */
export const dev = defineCommand({
  meta: { name: 'dev', description: 'Serves GraphQL over an embedded sandbox, with GraphiQL; needs no configuration' },
  async run() {
    const { host, port, sandboxPort, generation, logLevel } = readDevConfiguration();
    const logger = await createDevLogger(logLevel);
    // Large, and of use only here: an optional peer of the package.
    const graphiql = await import('@graphql-yoga/render-graphiql').catch(() => null);
    await runUntilSignal(logger, async () => {
      const sandbox = await openSandbox(
        createSandbox({ generation, onRequest: (request) => logSandboxRequest(logger, request) }),
        { port: sandboxPort, host },
      );
      const server = await start({
        host,
        port,
        platform: { ...SANDBOX_CREDENTIALS, apiUrl: sandbox.apiUrl, generation },
        catalog: { url: sandbox.url },
        logger,
        graphiql: graphiql ? { render: graphiql.renderGraphiQL, defaultQuery: FIRST_QUERY } : undefined,
      }).catch(async (error: unknown) => {
        await sandbox.close();
        throw error;
      });
      process.stdout.write(toWelcome(`${server.url}/graphql`, sandbox.apiUrl, graphiql !== null));
      return async () => {
        await server.close();
        await sandbox.close();
      };
    });
  },
});

function toWelcome(graphqlUrl: string, apiUrl: string, hasGraphiql: boolean): string {
  const fields = '{ state authorization { status accessToken } repairLink { url action reason } }';
  const query = `{ userConnection(userId: "alice", connectorSlug: "slack") ${fields} }`;
  return `
  GraphQL                ${graphqlUrl}
  GraphiQL               ${hasGraphiql ? `${graphqlUrl} in a browser` : 'not here: npm install @graphql-yoga/render-graphiql'}
  Sandbox Platform API   ${apiUrl}

  Alice's access token for Slack:

curl -s ${graphqlUrl} -H 'content-type: application/json' \\
  -d '${JSON.stringify({ query })}'

  Three queries to paste:

{ userConnection(userId: "alice", connectorSlug: "github") ${fields} }
{ groupConnection(groupId: "acme", connectorSlug: "slack") ${fields} }
{ connections(keys: [{ ownerKind: USER, ownerId: "dave", connectorSlug: "slack" }, { ownerKind: USER, ownerId: "erin", connectorSlug: "slack" }]) { ownerId state } }

  Ctrl+C stops both.

`;
}
