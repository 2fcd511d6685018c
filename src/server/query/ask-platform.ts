import { type ExecutionResult, graphql } from 'graphql';

import type { AuditOptions } from '../../access/audit.js';
import type { Caller } from '../../access/caller.js';
import type { ConnectionKey } from '../../domain/connection-key.js';
import { createPlatformClient } from '../../platform/client.js';
import { createConnectionsContext } from '../../schema/context.js';
import { createConnectionsSchema } from '../../schema/index.js';
import { type AuditLog, openAuditLog } from '../audit-log.js';
import type { LookupConfiguration } from '../configuration.js';
import { ConfigurationError } from '../environment.js';
import { deriveOwnerHashKey } from '../owner-hash-key.js';
import {
  QueryGroupDocument,
  QueryUserDocument,
  type QueryUserQuery,
  type QueryUserQueryVariables,
} from './__generated__/documents.js';

/** What to ask the platform. */
export interface Question {
  readonly key: ConnectionKey;
  /** The fingerprint of a token that a third party has refused. */
  readonly rejected: string | undefined;
  /** Whether the access token itself is wanted. */
  readonly reveal: boolean;
}

/** What the schema answers. */
export type QueryAnswer = ExecutionResult<QueryUserQuery>;

/** Whoever holds the platform's key. No caller of a policy file has a space in its id. */
const OPERATOR: Caller = {
  id: 'xkit-graphql query',
  kind: 'service',
  scopes: ['connections:read', 'tokens:read'],
  users: 'any',
  groups: 'any',
  connectors: 'any',
};

/**
 * Asks the platform for one connection, by the schema that a server has.
 *
 * @throws {ConfigurationError} if the audit log cannot be opened
 */
export async function askPlatform(
  configuration: LookupConfiguration,
  { key, rejected, reveal }: Question,
): Promise<QueryAnswer> {
  // Standard output is for the answer.
  const auditLog = reveal && configuration.audit.path !== null ? await openLog(configuration.audit.path) : null;
  const platform = createPlatformClient(configuration.platform);
  try {
    const { catalog, connectors, deadlineMs } = configuration;
    const audit = auditLog ? toAuditOptions(configuration, auditLog) : undefined;
    const { ownerKind, ownerId, connectorSlug } = key;
    const variableValues: QueryUserQueryVariables = { ownerId, connectorSlug, rejected, reveal };
    const result = await graphql({
      schema: createConnectionsSchema({ platform, catalog, connectors, deadlineMs, audit }),
      source: (ownerKind === 'USER' ? QueryUserDocument : QueryGroupDocument).toString(),
      variableValues: { ...variableValues },
      contextValue: createConnectionsContext({ caller: OPERATOR }),
    });
    return result as QueryAnswer;
  } finally {
    await platform.close();
    await auditLog?.close();
  }
}

function openLog(path: string): Promise<AuditLog> {
  return openAuditLog(path).catch(({ code }: NodeJS.ErrnoException) => {
    throw new ConfigurationError([`XKIT_AUDIT_LOG cannot be opened: ${code}`]);
  });
}

function toAuditOptions({ audit, platform }: LookupConfiguration, { write }: AuditLog): AuditOptions {
  return {
    sink: write,
    mode: audit.mode,
    ownerHashKey: audit.ownerHashKey ?? deriveOwnerHashKey(platform.secretKey),
  };
}
