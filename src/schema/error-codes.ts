import type { PlatformErrorCode } from '../platform/errors.js';

/**
 * Every code in `extensions.code`, except in GraphQL's own errors. Only the server sends `AUTHENTICATION_UNAVAILABLE`,
 * `PERSISTED_QUERY_NOT_SUPPORTED`, `RATE_LIMITED`, and `SHUTTING_DOWN`.
 */
export type ConnectionsErrorCode =
  | 'BAD_USER_INPUT'
  | 'UNAUTHENTICATED'
  | 'AUTHENTICATION_UNAVAILABLE'
  | 'FORBIDDEN'
  | 'AUDIT_UNAVAILABLE'
  | 'LIMIT_EXCEEDED'
  | 'PERSISTED_QUERY_NOT_SUPPORTED'
  | 'RATE_LIMITED'
  | 'SHUTTING_DOWN'
  | PlatformErrorCode
  | 'INTERNAL_SERVER_ERROR';

interface ErrorCodeFacts {
  /** A fixed text. Contains nothing from the request or from the platform's response. */
  readonly message: string;
  /** Whether the same request may succeed later. */
  readonly retryable: boolean;
}

/** The message of each error code, and whether to retry. */
export const ERROR_CODES: Readonly<Record<ConnectionsErrorCode, ErrorCodeFacts>> = {
  BAD_USER_INPUT: { message: 'An argument is invalid.', retryable: false },
  UNAUTHENTICATED: { message: 'The request has no valid credentials.', retryable: false },
  AUTHENTICATION_UNAVAILABLE: { message: 'Callers cannot be authenticated at the moment.', retryable: true },
  // Must not reveal whether the connection exists.
  FORBIDDEN: { message: 'The caller may not access this connection.', retryable: false },
  AUDIT_UNAVAILABLE: { message: 'The audit event could not be written, so the token was withheld.', retryable: true },
  LIMIT_EXCEEDED: { message: 'The operation exceeds a limit.', retryable: false },
  // Apollo Client then sends the document because of the code, and urql because of this message.
  PERSISTED_QUERY_NOT_SUPPORTED: { message: 'PersistedQueryNotSupported', retryable: true },
  RATE_LIMITED: { message: 'The caller has sent too many operations.', retryable: true },
  OVERLOADED: { message: 'This gateway is overloaded at the moment.', retryable: true },
  SHUTTING_DOWN: { message: 'This gateway is shutting down.', retryable: true },
  PLATFORM_UNAVAILABLE: { message: 'The Platform API cannot be reached at the moment.', retryable: true },
  PLATFORM_TIMEOUT: { message: 'The Platform API did not respond in time.', retryable: true },
  PLATFORM_RATE_LIMITED: { message: 'The Platform API receives too many requests at the moment.', retryable: true },
  PLATFORM_AUTH_FAILED: { message: "The Platform API refuses this gateway's key.", retryable: false },
  PLATFORM_BAD_RESPONSE: { message: "The Platform API's response breaks its contract.", retryable: false },
  INTERNAL_SERVER_ERROR: { message: 'Something went wrong in this gateway.', retryable: false },
};
