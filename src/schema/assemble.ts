import type { GraphQLSchema } from 'graphql';
import { type AuditOptions, createAudit } from '../access/audit.js';
import type { Policy } from '../access/policy.js';
import { requireCount } from '../domain/option.js';
import { type CatalogOptions, createCatalogPageUrl } from '../domain/repair-link.js';
import { DEFAULT_DEADLINE_MS } from '../loaders/connection-loader.js';
import type { PlatformClient } from '../platform/client.js';
import { type AuthorizationMode, createAccess } from './access.js';
import { type Allowance, createAllowance, DEFAULT_MAX_CONNECTIONS } from './selection.js';
import type { Builder } from './builder.js';
import { addConnection, addConnectionFields, type ConnectionRef } from './connection.js';
import { addOwnerKind, useStrictID } from './connection-key.js';
import { addFirewall, createTellOnce, type OnFailure } from './firewall.js';
import { createReader, createSource, type Reader } from './reader.js';
import { addOwner, type CompositionOptions, type OwnerRef, type OwnerType, toOwnerTypes } from './owner.js';

/** Configures {@link createConnectionsSchema}. */
export interface ConnectionsSchemaOptions extends CompositionOptions {
  /** Reads the connections; see `createPlatformClient`. */
  readonly platform: PlatformClient;
  /** The catalog that repair links point to: `{ slug: 'acme' }` for `https://acme.xkit.co`, or `{ url }`. */
  readonly catalog: CatalogOptions;
  /**
   * Who decides about access: the schema, by the caller in the context, or the host alone, which then has to keep
   * everybody from asking for what they may not see.
   * @default 'callers'
   */
  readonly authorization?: AuthorizationMode | undefined;
  /**
   * Decides about each request after the rules, and instead of them. It is asked with every lookup and every token.
   * @default the rules alone
   */
  readonly policy?: Policy | undefined;
  /**
   * Records each token that is given out, before it is, and each refusal.
   * @default nothing is recorded
   */
  readonly audit?: AuditOptions | undefined;
  /**
   * Slugs of the connectors that may be asked for; any other is BAD_USER_INPUT without a source.
   * @default every connector
   */
  readonly connectors?: readonly string[] | undefined;
  /**
   * Distinct connections that one operation may ask for; any more are LIMIT_EXCEEDED. So are more than 1,000 with
   * duplicates, and more than 50,000 fields of them.
   * @default 100
   */
  readonly maxConnections?: number | undefined;
  /**
   * Time for all the lookups of one operation, from the first one on, in milliseconds; a `PlatformClient` has its own
   * for each source.
   * @default 8000
   */
  readonly deadlineMs?: number | undefined;
  /**
   * Is told of each failed lookup and each bug, once. The error of a bug may hold secrets: do not print it whole.
   * @default nothing is told
   */
  readonly onFailure?: OnFailure | undefined;
}

/** The types that {@link assemble} added, and what they are resolved by. */
export interface Assembly {
  readonly connection: ConnectionRef;
  readonly owners: readonly { readonly type: OwnerType; readonly ref: OwnerRef }[];
  readonly reader: Reader;
  readonly allowance: Allowance;
  /** Puts the error firewall around every resolver of the finished schema, and makes its `ID` strict. */
  readonly guard: (schema: GraphQLSchema) => GraphQLSchema;
}

/**
 * Adds all types, with what resolves them.
 *
 * @throws {TypeError} if the catalog cannot be linked to, or another option cannot serve
 */
export function assemble(builder: Builder, options: ConnectionsSchemaOptions): Assembly {
  const ownerTypes = toOwnerTypes(options);
  const allowance = createAllowance(requireCount('maxConnections', options.maxConnections ?? DEFAULT_MAX_CONNECTIONS));
  const source = createSource({
    platform: options.platform,
    catalogPageUrl: createCatalogPageUrl(options.catalog),
    connectors: options.connectors ? new Set(options.connectors) : null,
    allowance,
    deadlineMs: requireCount('deadlineMs', options.deadlineMs ?? DEFAULT_DEADLINE_MS),
  });
  const { authorization = 'callers', policy } = options;
  const onFailure = createTellOnce(options.onFailure ?? (() => undefined));
  const audit =
    options.audit &&
    createAudit(options.audit, (requestId, error) => onFailure({ code: 'AUDIT_UNAVAILABLE', requestId, error }));
  const access = createAccess({ authorization, policy, audit });

  builder.queryType({ description: 'Reads connections to third-party apps.' });
  const ownerKind = addOwnerKind(builder);
  const connection = addConnection(builder, ownerKind, access);
  const reader = createReader(connection.name, allowance, source, access);
  addConnectionFields(builder, connection, ownerKind, reader);
  const owners = ownerTypes.map((type) => ({ type, ref: addOwner(builder, type, connection, reader) }));
  const guard = (schema: GraphQLSchema) => {
    useStrictID(schema);
    addFirewall(schema, onFailure);
    return schema;
  };
  return { connection, owners, reader, allowance, guard };
}
