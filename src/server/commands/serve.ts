import { defineCommand } from 'citty';
import type { Logger } from 'pino';

import { type AuditLog, openAuditLog } from '../audit-log.js';
import { readServeConfiguration, type ServeConfiguration } from '../configuration.js';
import { ConfigurationError } from '../environment.js';
import { type Graphiql, loadGraphiql } from '../graphiql.js';
import { createLogger } from '../logger.js';
import { type PolicyFile, PolicyFileError, readPolicyFile } from '../policy-file.js';
import { type Running, runUntilSignal } from '../run-until-signal.js';
import { type RunningGateway, start } from '../start.js';

/** Serves GraphQL over the Platform API. */
export const serve = defineCommand({
  meta: { name: 'serve', description: 'Serves GraphQL over the Platform API, configured by environment variables' },
  async run() {
    const configuration = readServeConfiguration();
    const logger = createLogger(configuration.logLevel);
    await runUntilSignal(logger, () => startServing(configuration, logger));
  },
});

async function startServing(configuration: ServeConfiguration, logger: Logger): Promise<Running> {
  const { policyPath, audit } = configuration;
  const policy = readPolicyFile(policyPath);
  const graphiql = configuration.graphiql ? await requireGraphiql() : null;
  const auditLog = await openAuditLog(audit.path).catch(({ code }: NodeJS.ErrnoException) => {
    throw new ConfigurationError([`XKIT_AUDIT_LOG cannot be opened: ${code}`]);
  });
  const gateway = await start({
    ...configuration,
    isLoopbackOnly: false,
    policy,
    audit: { ...audit, sink: auditLog.write },
    graphiql,
    logger,
  });
  // Not a log line: it has to be read at every log level.
  process.stderr.write(`Listening at ${gateway.url}/graphql\n`);
  logPolicy(logger, policy);
  logger.info({ event: 'listening', url: `${gateway.url}/graphql` }, 'listening');
  return {
    reload: () => reload(gateway, auditLog, policyPath, logger),
    close: async () => {
      await gateway.close();
      await auditLog.close();
    },
  };
}

/** Reads the policy and opens the audit log anew. What does not work is logged, and what worked so far stays. */
async function reload(gateway: RunningGateway, auditLog: AuditLog, policyPath: string, logger: Logger): Promise<void> {
  try {
    const policy = readPolicyFile(policyPath);
    gateway.setPolicy(policy);
    logPolicy(logger, policy);
  } catch (error) {
    const problem = error instanceof PolicyFileError ? error.message : 'unexpected';
    logger.error({ event: 'policy-refused', problem }, 'policy: refused, the former one stays');
  }
  try {
    await auditLog.reopen();
  } catch (error) {
    const { code: reason = null } = error as NodeJS.ErrnoException;
    logger.error(
      { event: 'audit-failure', reason },
      `audit: ${reason} when opening the log anew; the former one stays`,
    );
  }
}

function logPolicy(logger: Logger, { callers, issuers }: PolicyFile): void {
  const keys = callers.flatMap(({ id, keys: own }) => own.map((key) => ({ id, ...key })));
  const expired = keys.filter(({ expires }) => expires !== null && expires <= Date.now());
  logger.info(
    {
      event: 'policy',
      callers: callers.length,
      keys: keys.length,
      expiredKeys: expired.length,
      issuers: issuers.length,
    },
    `policy: ${callers.length} callers with ${keys.length} keys (${expired.length} expired), ${issuers.length} issuers`,
  );
}

async function requireGraphiql(): Promise<Graphiql> {
  const graphiql = await loadGraphiql({}, false);
  if (graphiql) return graphiql;
  throw new ConfigurationError(['XKIT_GRAPHIQL needs a package: npm install @graphql-yoga/render-graphiql']);
}
