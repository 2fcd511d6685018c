import type { Logger } from 'pino';

import { type AuditLog, requireAuditLog } from './logs/audit-log.js';
import { isExpired } from './authentication/service-key.js';
import type { ServeConfiguration } from './configuration/configuration.js';
import { requireGraphiql } from './graphiql/graphiql.js';
import { type PolicyFile, PolicyFileError, readPolicyFile } from './policy-file.js';
import type { RunningServer } from './running-server.js';
import { type RunningGateway, startGateway, type StartGatewayOptions } from './start-gateway.js';

/**
 * Starts the gateway ({@link startGateway}) with the files that it lives by: the policy, and the audit log.
 *
 * @throws {ConfigurationError} if the audit log cannot be opened, or a package is missing
 * @throws {PolicyFileError} with every problem of the policy file
 * @throws {ListenError} if the port cannot be opened
 * @throws {ManifestError} if a trusted document cannot be executed
 */
export async function startGraphql(
  configuration: ServeConfiguration,
  logger: Logger,
  part: Pick<StartGatewayOptions, 'metrics' | 'tracing' | 'isWorker'> = {},
): Promise<RunningServer> {
  const { policyPath, audit } = configuration;
  const policy = readPolicyFile(policyPath);
  const graphiql = configuration.graphiql ? await requireGraphiql() : null;
  const auditLog = await requireAuditLog(audit.path);
  const gateway = await startGateway({
    ...configuration,
    isLoopbackOnly: false,
    policy,
    audit: { ...audit, sink: auditLog.write },
    graphiql,
    ...part,
    logger,
  }).catch(async (error: unknown) => {
    await auditLog.close();
    throw error;
  });
  logPolicy(logger, policy);
  logger.info({ event: 'listening', url: `${gateway.url}/graphql` }, 'listening');
  return {
    url: gateway.url,
    metricsUrl: null,
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
  const expired = keys.filter(({ expires }) => isExpired(expires));
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
