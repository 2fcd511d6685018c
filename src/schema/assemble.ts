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
  /** Reads connections. See `createPlatformClient`. */
  readonly platform: PlatformClient;
  /** The catalog of the repair links: `{ slug: 'acme' }` for `https://acme.xkit.co`, or `{ url }`. */
  readonly catalog: CatalogOptions;
  /** With `host-trusted`, the schema checks no caller: the host must refuse unauthorized access. @default 'callers' */
  readonly authorization?: AuthorizationMode | undefined;
  /** Called for each lookup and each token. Its result overrides the rules' decision. @default only the rules */
  readonly policy?: Policy | undefined;
  /** Records each token before its disclosure, and each refusal. @default no audit */
  readonly audit?: AuditOptions | undefined;
  /** Slugs of the allowed connectors. Others fail with `BAD_USER_INPUT`, without a lookup. @default every connector */
  readonly connectors?: readonly string[] | undefined;
  /**
   * Maximum distinct connections per operation. Further ones fail with `LIMIT_EXCEEDED`. So do more than 1,000
   * connections including duplicates, and more than 50,000 of their fields.
   * @default 100
   */
  readonly maxConnections?: number | undefined;
  /**
   * Time limit for all lookups of one operation, from the start of the first one, in milliseconds. The `PlatformClient`
   * also limits each lookup.
   * @default 8000
   */
  readonly deadlineMs?: number | undefined;
  /**
   * Called once per request with each failed lookup, audit failure, and bug. The error of a bug may contain secrets: do
   * not print it whole.
   * @default none
   */
  readonly onFailure?: OnFailure | undefined;
}

/** The types from {@link assemble}, and the parts that resolve them. */
export interface Assembly {
  readonly connection: ConnectionRef;
  readonly owners: readonly { readonly type: OwnerType; readonly ref: OwnerRef }[];
  readonly reader: Reader;
  readonly allowance: Allowance;
  /** Adds the error firewall to every resolver of the finished schema, and makes its `ID` strict. */
  readonly guard: (schema: GraphQLSchema) => GraphQLSchema;
}

/** Adds all types with their resolvers. @throws {TypeError} if an option is invalid */
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
