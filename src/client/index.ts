export {
  type ConnectionKey,
  ConnectionsDocument,
  type ConnectionState,
  ConnectionStatesDocument,
  GroupConnectionDocument,
  type OwnerKind,
  type RepairAction,
  type TokenUnavailableReason,
  type TypedDocumentString,
  UserConnectionDocument,
} from './__generated__/documents.js';
export {
  type ConnectionWithErrors,
  type FreshTokenOptions,
  requireAccessToken,
  withFreshToken,
} from './access-token.js';
export type { AnswerError, ConnectionAnswer } from './connection-answer.js';
export { ConnectionNeedsRepair, ConnectionUnavailable, isRetryable } from './errors.js';
