import { graphql } from 'graphql';
import type { AuditOptions } from '../../access/audit.js';
import type { Caller } from '../../access/policy.js';
import { createPlatformClient } from '../../platform/client.js';
import { createUndiciTransport } from '../../platform/undici-transport.js';
import { createConnectionsContext } from '../../schema/context.js';
import { createConnectionsSchema } from '../../schema/index.js';
import { type AuditLog, requireAuditLog } from '../../server/telemetry/audit-log.js';
import type { LookupConfiguration } from '../../server/config/configuration.js';
import { deriveOwnerHashKey } from '../../server/config/owner-hash-key.js';
import { type QueryAnswer, type Question, toOperation } from './question.js';

/** The holder of the platform's key. The space in its id distinguishes it from the callers of a policy file. */
const OPERATOR: Caller = {
  id: 'xkit-graphql query',
  kind: 'service',
  scopes: ['connections:read', 'tokens:read'],
  users: 'any',
  groups: 'any',
  connectors: 'any',
};

/**
 * Reads one connection from the platform, through the schema of the server.
 *
 * @throws {ConfigurationError} if the audit log cannot be opened
 */
export async function askPlatform(configuration: LookupConfiguration, question: Question): Promise<QueryAnswer> {
  const { catalog, connectors, deadlineMs, audit } = configuration;
  // Never standard output, which is for the result.
  const auditLog = question.reveal && audit.path !== null ? await requireAuditLog(audit.path) : null;
  const { usesProxyVariables } = configuration;
  const transport = createUndiciTransport({ usesProxyVariables });
  const platform = createPlatformClient({ ...configuration.platform, transport });
  try {
    const { query, variables } = toOperation(question);
    const result = await graphql({
      schema: createConnectionsSchema({
        platform,
        catalog,
        connectors,
        deadlineMs,
        audit: auditLog ? toAuditOptions(configuration, auditLog) : undefined,
      }),
      source: query,
      variableValues: variables,
      contextValue: createConnectionsContext({ caller: OPERATOR }),
    });
    // The type was generated from the document.
    return result as QueryAnswer;
  } finally {
    await platform.close();
    await auditLog?.close();
  }
}

function toAuditOptions({ audit, platform }: LookupConfiguration, { write }: AuditLog): AuditOptions {
  return {
    sink: write,
    mode: audit.mode,
    ownerHashKey: audit.ownerHashKey ?? deriveOwnerHashKey(platform.secretKey),
  };
}
