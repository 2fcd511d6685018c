export type {
  ActiveConnection,
  Connection,
  ConnectionReading,
  ConnectionState,
  UnavailableConnection,
} from './domain/connection.js';
export type { ConnectionKey, OwnerKind } from './domain/connection-key.js';
export { InvalidInputError } from './domain/invalid-input.js';
export type { CatalogOptions, RepairAction, RepairLink, TokenUnavailableReason } from './domain/repair-link.js';
export { createPlatformClient, type PlatformClient, type PlatformClientOptions } from './platform/client.js';
export { isPlatformError, PlatformError, type PlatformErrorCode } from './platform/errors.js';
export { API_GENERATIONS, type ApiGeneration, type PathTemplates } from './platform/paths.js';
export { type ConnectionsContext, type ConnectionsContextOptions, createConnectionsContext } from './schema/context.js';
export { type ConnectionsErrorCode, ERROR_CODES } from './schema/error-codes.js';
export type { ConnectionsFailure } from './schema/firewall.js';
export { type ConnectionsSchemaOptions, createConnectionsSchema } from './schema/index.js';
