export {
  type ConnectionKey,
  ConnectionsDocument,
  type ConnectionsQuery,
  type ConnectionState,
  ConnectionStatesDocument,
  type ConnectionStatesQuery,
  GroupConnectionDocument,
  type GroupConnectionQuery,
  type OwnerKind,
  type RepairAction,
  type TokenUnavailableReason,
  UserConnectionDocument,
  type UserConnectionQuery,
} from './__generated__/documents.js';
export {
  type ConnectionWithErrors,
  type FreshTokenOptions,
  requireAccessToken,
  withFreshToken,
} from './access-token.js';
export type { AnswerError, ConnectionAnswer } from './connection-answer.js';
export type { TypedDocument } from './document.js';
export { ConnectionNeedsRepair, ConnectionUnavailable, isRetryable, toAnswerErrors } from './errors.js';
export type { GatewayAnswer, GatewayErrorCode } from './gateway-answer.js';
export { createGatewayClient, type GatewayClient, type GatewayClientOptions } from './gateway-client.js';
export { type ListedConnection, listConnections } from './list-connections.js';
