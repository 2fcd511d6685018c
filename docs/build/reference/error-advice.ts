import type { ConnectionsErrorCode } from '../../../src/schema/error-codes.js';

interface Advice {
  /** Advice for the caller. */
  readonly caller: string;
  /** Advice for the operator: where to look, and what to change. */
  readonly operator: string;
}

/** The advice about each error code, in Markdown. */
export const ADVICE: Readonly<Record<ConnectionsErrorCode, Advice>> = {
  BAD_USER_INPUT: {
    caller:
      'The message names the argument or variable, and what is wrong with its value. Send a valid value. Send every id as a string: a number that is not a safe integer is refused.',
    operator: 'If the connector should be allowed, add it to `XKIT_CONNECTORS`. Otherwise, do nothing.',
  },
  UNAUTHENTICATED: {
    caller:
      'Send `Authorization: Bearer …` with a valid service key or token. A host must create the context with a `caller`.',
    operator:
      'The log line `unauthenticated` with the same `requestId` has the `reason`: `missing`, `malformed`, `unknown-key`, `expired-key`, `unknown-issuer`, `bad-token` or `expired-token`. Its `credential` identifies a known key or issuer.',
  },
  AUTHENTICATION_UNAVAILABLE: {
    caller: 'Retry a little later.',
    operator:
      'The gateway cannot fetch the `jwks` of an issuer. `credential` in the log line `unauthenticated` names the issuer. Run [`xkit-graphql doctor`](../doctor.md) for details.',
  },
  FORBIDDEN: {
    caller:
      'A retry does not help. Ask the operator to change the policy. The error does not show whether the connection exists.',
    operator:
      "The audit event has the caller and the `missingScope`. If `missingScope` is null, the owner or the connector is outside the caller's limits, or the caller is a browser that reads the token of a group.",
  },
  AUDIT_UNAVAILABLE: {
    caller: 'Retry a little later. The rest of the response is valid.',
    operator: "The log line `audit-failure` has the system's error code as `reason`, such as `ENOSPC` for a full disk.",
  },
  LIMIT_EXCEEDED: {
    caller: 'The message names the limit. Request less in one operation.',
    operator:
      'You can raise only `XKIT_MAX_CONNECTIONS`. The other [limits](../operations.md#limits) protect the process.',
  },
  RATE_LIMITED: {
    caller: 'Wait for `retryAfterMs` or `Retry-After`, then retry.',
    operator:
      'The log line `rate-limited` names the caller. The limit is `operationsPerMinute` in the policy file, or else `XKIT_RATE_LIMIT`.',
  },
  OVERLOADED: {
    caller: 'Wait for `Retry-After`, then retry.',
    operator:
      'The processor is busy, or the platform is slow. The log line `overloaded` counts the refused and the in-flight requests. The log line `platform-failure` names a request whose lookup found the queue full. Add replicas. If the process has processor time and memory to spare, raise `XKIT_MAX_OPERATIONS`, `XKIT_MAX_SOCKETS` or `XKIT_MAX_QUEUE` instead.',
  },
  SHUTTING_DOWN: {
    caller: 'Retry immediately, on a new HTTP connection: nothing was executed.',
    operator: 'The client has kept its HTTP connection to a replica that is stopping. A proxy can retry such requests.',
  },
  PLATFORM_UNAVAILABLE: {
    caller: 'Wait for `retryAfterMs`, if it is present, then retry. Do not ask the user to reconnect.',
    operator:
      "The log line `platform-failure` has the `status`, or a `reason`: the system's error code of the broken HTTP connection, or `BREAKER_OPEN`. An untrusted certificate also causes this error. Run [`xkit-graphql doctor`](../doctor.md) for details.",
  },
  PLATFORM_TIMEOUT: {
    caller: "Retry, with a timeout that is longer than the gateway's.",
    operator:
      'The platform is slow, or requests wait in the queue behind slow ones. `XKIT_TIMEOUT_MS` is the time limit. In the log, this code also stands for callers that hung up.',
  },
  PLATFORM_RATE_LIMITED: {
    caller: 'Wait for `retryAfterMs`, then retry.',
    operator: 'Ask Xkit for a higher limit, or send fewer requests.',
  },
  PLATFORM_AUTH_FAILED: {
    caller: 'Tell the operator of the gateway. A retry does not help.',
    operator:
      'The platform refuses `XKIT_PUBLISHABLE_KEY` and `XKIT_SECRET_KEY`. Run [`xkit-graphql doctor`](../doctor.md) for details.',
  },
  PLATFORM_BAD_RESPONSE: {
    caller: 'Tell the operator of the gateway. A retry does not help.',
    operator:
      "The response of the platform, or of a proxy in front of it, breaks the API's contract. Check `XKIT_API_URL`. The `reason` in the log names the broken part. Run [`xkit-graphql doctor`](../doctor.md) for details.",
  },
  INTERNAL_SERVER_ERROR: {
    caller: 'Send the `requestId` to the operator of the gateway.',
    operator: 'This is a bug. Please report the log line with the `requestId`.',
  },
};

/** The advice about codes that are not this program's own, in Markdown. */
export const OTHER_CODES: readonly (readonly [codes: string, advice: string])[] = [
  ['`BAD_REQUEST`', 'The request does not follow GraphQL over HTTP. The message names the problem.'],
  [
    '`GRAPHQL_PARSE_FAILED`, `GRAPHQL_VALIDATION_FAILED`',
    'The document is not valid GraphQL, or does not match the [schema](schema.md). The message names the problem.',
  ],
  ['`OPERATION_RESOLUTION_FAILURE`', 'The document has several operations. Send the name of one as `operationName`.'],
  [
    '`PERSISTED_QUERY_NOT_FOUND`',
    'The manifest has no document with this id. Deploy the [manifest](../operations.md#trusted-documents) before the clients.',
  ],
  ['`REQUEST_ENTITY_TOO_LARGE`', 'The body is longer than 100 kB.'],
];
