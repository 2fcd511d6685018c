import { defineCommand } from 'citty';
import type { Logger } from 'pino';
import type { AuditEvent } from '../../access/audit.js';
import { withPrefixes } from '../../schema/owner.js';
import { createSandbox, type ListeningSandbox, SANDBOX_CREDENTIALS } from '../../sandbox/index.js';
import { parsePolicyFile, type PolicyFile } from '../../server/auth/policy-file.js';
import { hashServiceKey } from '../../server/auth/service-key.js';
import { readDevConfiguration } from '../../server/config/configuration.js';
import { loadGraphiql } from '../../server/graphiql/graphiql.js';
import { createDevLogger } from '../../server/telemetry/logger.js';
import { runUntilSignal } from '../../server/signals.js';
import { startGateway } from '../../server/start.js';
import { openTracing } from '../../server/telemetry/open-tracing.js';
import { logSandboxRequest, openSandbox } from './sandbox.js';

/** One caller per role, so that you can also see rejections. Their keys are public, and open only the sandbox. */
const DEMO_CALLERS = [
  { id: 'demo-bff', key: 'xkgk_demo_bff', about: 'may read all connections and tokens' },
  { id: 'demo-status-page', key: 'xkgk_demo_status_page', about: 'may read all connections, but no tokens' },
  {
    id: 'demo-browser',
    key: 'xkgk_demo_browser',
    about: 'may read the connections of alice and acme, but only the tokens of alice',
  },
] as const;

/** Serves GraphQL over an embedded sandbox. */
export const dev = defineCommand({
  meta: { name: 'dev', description: 'Serves GraphQL over an embedded sandbox, with GraphiQL. Needs no configuration' },
  async run() {
    const { host, port, sandboxPort, generation, composition, logLevel, traces } = readDevConfiguration();
    const logger = await createDevLogger(logLevel);
    await runUntilSignal(logger, async () => {
      const tracing = await openTracing(traces, logger);
      const sandbox = await openSandbox(
        createSandbox({ generation, onRequest: (request) => logSandboxRequest(logger, request) }),
        { port: sandboxPort, host },
      );
      const graphiql = await loadGraphiql({ callers: DEMO_CALLERS, sandboxUrl: sandbox.url }, composition);
      const server = await startGateway({
        host,
        port,
        platform: { ...SANDBOX_CREDENTIALS, apiUrl: sandbox.apiUrl, generation },
        catalog: { url: sandbox.url },
        composition,
        logger,
        // The keys are public, so a foreign web page knows them too.
        isLoopbackOnly: true,
        policy: createDemoPolicy(),
        audit: { sink: (event) => logAuditEvent(logger, event), mode: 'required' },
        operationsPerMinute: 6_000,
        // A busy machine must not refuse its only user.
        maxDelayMs: Infinity,
        introspection: true,
        tracing,
        graphiql,
      }).catch(async (error: unknown) => {
        await sandbox.close();
        throw error;
      });
      process.stdout.write(withPrefixes(toWelcome(`${server.url}/graphql`, sandbox, graphiql !== null), composition));
      return {
        close: async () => {
          await server.close();
          await sandbox.close();
        },
      };
    });
  },
});

/** Creates the policy of the demo callers, in the format of a policy file. */
function createDemoPolicy(): PolicyFile {
  const [bff, statusPage, browser] = DEMO_CALLERS.map(({ id, key }) => ({ id, keys: [{ hash: hashServiceKey(key) }] }));
  const everything = { users: 'any', groups: 'any', connectors: 'any' };
  const scopes = ['connections:read', 'tokens:read'];
  return parsePolicyFile(
    JSON.stringify({
      callers: [
        { ...bff, ...everything, scopes },
        { ...statusPage, ...everything, scopes: ['connections:read'] },
        { ...browser, kind: 'browser', users: ['alice'], groups: ['acme'], connectors: 'any', scopes },
      ],
    }),
  );
}

function toWelcome(graphqlUrl: string, sandbox: ListeningSandbox, hasGraphiql: boolean): string {
  const fields = '{ state authorization { status accessToken } repairLink { url action reason } }';
  const query = `{ userConnection(userId: "alice", connectorSlug: "slack") ${fields} }`;
  const callers = DEMO_CALLERS.map(({ key, about }) => `  ${key.padEnd(22)} ${about}`);
  return `
  GraphQL                ${graphqlUrl}
  GraphiQL               ${hasGraphiql ? `${graphqlUrl} in a browser` : 'not installed: npm install @graphql-yoga/render-graphiql'}
  Sandbox                ${sandbox.url}/ in a browser: people, faults and requests
  Sandbox Platform API   ${sandbox.apiUrl}

  Service keys of the demo callers:

${callers.join('\n')}

  Alice's access token for Slack:

curl -s ${graphqlUrl} -H 'authorization: Bearer ${DEMO_CALLERS[0].key}' -H 'content-type: application/json' \\
  -d '${JSON.stringify({ query })}'

  Three queries to try:

{ userConnection(userId: "alice", connectorSlug: "github") ${fields} }
{ groupConnection(groupId: "acme", connectorSlug: "slack") ${fields} }
{ connections(keys: [{ ownerKind: USER, ownerId: "dave", connectorSlug: "slack" }, { ownerKind: USER, ownerId: "erin", connectorSlug: "slack" }]) { ownerId state } }

  Ctrl+C stops the gateway and the sandbox.

`;
}

/** Logs an audit event for a person to read. */
function logAuditEvent(logger: Logger, event: AuditEvent): void {
  const { outcome, caller, connectorSlug, ownerHash, code } = event;
  const what = outcome === 'disclosed' ? 'received a token' : `was refused (${code})`;
  logger.info({ event: 'audit', ...event }, `audit: ${caller} ${what}: ${connectorSlug} of ${ownerHash.slice(0, 8)}…`);
}
