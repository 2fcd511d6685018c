import type { GatewayErrorCode } from '../../../src/client/gateway-answer.js';
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
    operator: 'If the message names a connector that callers should reach, add it to `XKIT_CONNECTORS`.',
  },
  UNAUTHENTICATED: {
    caller:
      'Send `Authorization: Bearer …` with a valid service key or JSON Web Token. If your own program executes the schema, pass a `caller` to `createConnectionsContext`.',
    operator:
      'The log line `unauthenticated` with the same `requestId` has the `reason`: `missing`, `malformed`, `too-long`, `unknown-key`, `expired-key`, `unknown-issuer`, `bad-token`, `expired-token` or `too-many-keys`. If the policy file contains the key or the issuer, the `credential` of the line identifies it.',
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
      'The audit event has the caller and the `missingScope`. If `missingScope` is null, the policy does not allow this caller to read this owner or this connector. A caller of kind `browser` may not read the token of a group.',
  },
  AUDIT_UNAVAILABLE: {
    caller: 'Retry a little later. The rest of the response is valid.',
    operator: "The log line `audit-failure` has the system's error code as `reason`, such as `ENOSPC` for a full disk.",
  },
  LIMIT_EXCEEDED: {
    caller: 'The message names the limit. Request less in one operation.',
    operator:
      '`limits` in the log line `operation` names the limit. `XKIT_MAX_CONNECTIONS` sets how many connections one operation may query. The other [limits of an operation](../operations.md#limits) are fixed. If your own program executes the schema, give each operation of a batch a context of its own: see [Batches of operations](../guides/module.md#batches-of-operations).',
  },
  PERSISTED_QUERY_NOT_SUPPORTED: {
    caller:
      'Send the document as `query`. The [persisted-query links](../guides/bff.md#persisted-queries) of Apollo Client and urql do this automatically.',
    operator:
      'The client sent only the hash of a document, and this gateway has no manifest of trusted documents. Do nothing, or configure [trusted documents](../operations.md#trusted-documents).',
  },
  RATE_LIMITED: {
    caller: 'Wait for `retryAfterMs` milliseconds, then retry. The header `Retry-After` has the same time in seconds.',
    operator:
      'The log line `rate-limited` names the caller. The limit is `operationsPerMinute` in the policy file, or else `XKIT_RATE_LIMIT`.',
  },
  OVERLOADED: {
    caller:
      'If the response has a header `Retry-After`, wait for the number of seconds in it. Otherwise wait a little. Then retry.',
    operator:
      'The processor is busy, or the platform is slow. If the log has the line `overloaded`, the server refused whole requests: add replicas, or raise `XKIT_MAX_OPERATIONS` if the processor is not busy. If the log has the line `platform-failure` with this code, the queue for the platform was full: raise `XKIT_MAX_SOCKETS` or `XKIT_MAX_QUEUE`.',
  },
  SHUTTING_DOWN: {
    caller: 'Retry immediately, on a new HTTP connection: nothing was executed.',
    operator: 'The client has kept its HTTP connection to a replica that is stopping. A proxy can retry such requests.',
  },
  PLATFORM_UNAVAILABLE: {
    caller:
      'If the error has `retryAfterMs`, wait for that number of milliseconds. Then retry. Do not ask the user to reconnect.',
    operator:
      'The log line `platform-failure` has the HTTP `status`, or a `reason`. The `reason` is a code such as `ECONNREFUSED`, or `BREAKER_OPEN` while the [breaker](../glossary.md) is open. An untrusted certificate also causes this error. Run [`xkit-graphql doctor`](../doctor.md) for details.',
  },
  PLATFORM_TIMEOUT: {
    caller: "Retry, with a timeout that is longer than the gateway's.",
    operator:
      'The platform is slow, or requests wait in the queue behind slow ones. `XKIT_TIMEOUT_MS` limits the time of one operation. The log also has this code for a caller that closed its connection before the response.',
  },
  PLATFORM_RATE_LIMITED: {
    caller:
      'If the error has `retryAfterMs`, wait for that number of milliseconds. Otherwise wait a minute. Then retry.',
    operator: 'Ask Xkit for a higher limit, or send fewer requests.',
  },
  PLATFORM_AUTH_FAILED: {
    caller: 'Tell the operator of the gateway. A retry does not help.',
    operator:
      'The platform refuses the pair of `XKIT_PUBLISHABLE_KEY` and `XKIT_SECRET_KEY`. Run [`xkit-graphql doctor`](../doctor.md) for details.',
  },
  PLATFORM_BAD_RESPONSE: {
    caller: 'Tell the operator of the gateway. A retry does not help.',
    operator:
      "The response of the platform, or of a proxy in front of it, breaks the API's contract. Check `XKIT_API_URL`. The log has the `status` of the response, and a `reason` that names the broken part. Run [`xkit-graphql doctor`](../doctor.md) for details.",
  },
  INTERNAL_SERVER_ERROR: {
    caller: 'Send the `requestId` to the operator of the gateway.',
    operator:
      'This is a bug in the gateway. Please report it to the project, with the log line that has this `requestId`.',
  },
};

/** The advice about each error that the client itself creates, in Markdown. */
export const CLIENT_ADVICE: Readonly<Record<GatewayErrorCode, string>> = {
  GATEWAY_UNAVAILABLE:
    'The gateway is down, or a proxy responds in its place with 429 or 5xx. Wait for `retryAfterMs`, if it is present, then retry.',
  GATEWAY_TIMEOUT:
    'If `timeoutMs` is not longer than the `XKIT_TIMEOUT_MS` of the gateway, raise it. If it is already longer, retry.',
  GATEWAY_BAD_RESPONSE:
    'Another server responds, or a proxy redirects or refuses the request. Check the `url`. The message contains the HTTP status.',
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
    'The gateway executes only [trusted documents](../operations.md#trusted-documents), and has none with this id. The operator must deploy the new manifest before the client.',
  ],
  ['`REQUEST_ENTITY_TOO_LARGE`', 'The body is longer than 100 kB. Send a shorter one.'],
];
