import type { ConnectionsErrorCode } from '../../../src/schema/error-codes.js';

interface Advice {
  /** What the program that asked the gateway does about it. */
  readonly caller: string;
  /** Where whoever operates the gateway looks, and what to change. */
  readonly operator: string;
}

/** What to do about each error code, in Markdown. */
export const ADVICE: Readonly<Record<ConnectionsErrorCode, Advice>> = {
  BAD_USER_INPUT: {
    caller:
      'The message names the argument or variable, and what it has to be. Send another. Send every id as a string: a number that is not a safe integer is refused.',
    operator: 'Nothing, unless a connector that should be allowed is missing in `XKIT_CONNECTORS`.',
  },
  UNAUTHENTICATED: {
    caller:
      'Send `Authorization: Bearer …` with a service key or a token that is valid. A host makes a context with a `caller`.',
    operator:
      "The log's line `unauthenticated` says why, by `requestId`: `missing`, `malformed`, `unknown-key`, `expired-key`, `unknown-issuer`, `bad-token`, `expired-token`; and of a key or issuer that is known, `credential` names it.",
  },
  AUTHENTICATION_UNAVAILABLE: {
    caller: 'Ask again a little later.',
    operator:
      "The `jwks` of an issuer cannot be fetched; `credential` in the log's line `unauthenticated` names the issuer. [`xkit-graphql doctor`](../doctor.md) says more.",
  },
  FORBIDDEN: {
    caller:
      'Asking again does not help: have the policy changed. It says nothing of whether there is such a connection.',
    operator:
      'The audit event has the caller and `missingScope`. Without one, the owner or connector is outside its limits, or it is a browser and the owner a group.',
  },
  AUDIT_UNAVAILABLE: {
    caller: 'Ask again a little later: the rest of the answer stands.',
    operator: "The log's line `audit-failure` has the system's reason, such as `ENOSPC` for a full disk.",
  },
  LIMIT_EXCEEDED: {
    caller: 'The message says which limit. Ask for less in one operation.',
    operator:
      'The [limits](../operations.md#limits) that can be set: `XKIT_MAX_CONNECTIONS`. The others protect the process.',
  },
  RATE_LIMITED: {
    caller: 'Wait for `retryAfterMs`, or `Retry-After`, and ask again.',
    operator:
      "The log's line `rate-limited` names the caller. Its limit is `operationsPerMinute` in the policy file, or `XKIT_RATE_LIMIT`.",
  },
  OVERLOADED: {
    caller: 'Wait for `Retry-After`, and ask again.',
    operator:
      "Too much for this process: the processor is busy, or the platform slow. The log's line `overloaded` counts what was refused and is in flight, `platform-failure` names what found the queue full. Add replicas, or raise `XKIT_MAX_OPERATIONS`, `XKIT_MAX_SOCKETS` or `XKIT_MAX_QUEUE` if it has processor time and memory to spare.",
  },
  SHUTTING_DOWN: {
    caller: 'Ask again at once, on a new connection: nothing was executed.',
    operator: 'The client keeps its connection to a replica that stops. A proxy can repeat such requests.',
  },
  PLATFORM_UNAVAILABLE: {
    caller: 'Wait for `retryAfterMs` if it is there, and ask again. Do not tell anybody to reconnect.',
    operator:
      "The log's line `platform-failure` has the `status`, or as `reason` the system's code of the broken connection, or `BREAKER_OPEN`. A certificate that is not trusted is in here too. [`xkit-graphql doctor`](../doctor.md) says more.",
  },
  PLATFORM_TIMEOUT: {
    caller: "Ask again, with a time-out of your own that is longer than the gateway's.",
    operator:
      'The platform is slow, or requests queue behind slow ones; `XKIT_TIMEOUT_MS` is how long is waited. In the log it also stands for callers that hung up.',
  },
  PLATFORM_RATE_LIMITED: {
    caller: 'Wait for `retryAfterMs`, and ask again.',
    operator: 'Ask Xkit for a higher limit, or ask less often.',
  },
  PLATFORM_AUTH_FAILED: {
    caller: 'Tell whoever operates the gateway: asking again does not help.',
    operator:
      'The platform refuses `XKIT_PUBLISHABLE_KEY` and `XKIT_SECRET_KEY`. [`xkit-graphql doctor`](../doctor.md) says more.',
  },
  PLATFORM_BAD_RESPONSE: {
    caller: 'Tell whoever operates the gateway: asking again does not help.',
    operator:
      "The platform, or a proxy before it, does not keep to the contract: look at `XKIT_API_URL`. The log's `reason` says what was wrong. [`xkit-graphql doctor`](../doctor.md) says more.",
  },
  INTERNAL_SERVER_ERROR: {
    caller: 'Tell whoever operates the gateway, with the `requestId`.',
    operator: "A defect: please report the log's line of that `requestId`.",
  },
};

/** What to do about codes that are not this program's own. */
export const OTHER_CODES: readonly (readonly [codes: string, advice: string])[] = [
  ['`BAD_REQUEST`', 'The request is no GraphQL over HTTP. The message says why.'],
  [
    '`GRAPHQL_PARSE_FAILED`, `GRAPHQL_VALIDATION_FAILED`',
    'The document is no GraphQL, or does not fit the [schema](schema.md). The message says where.',
  ],
  ['`OPERATION_RESOLUTION_FAILURE`', 'The document has several operations: name one in `operationName`.'],
  [
    '`PERSISTED_QUERY_NOT_FOUND`',
    'The manifest has no document of that id: deploy the [manifest](../operations.md#trusted-documents) before the clients.',
  ],
  ['`REQUEST_ENTITY_TOO_LARGE`', 'The body has more than 100 kB.'],
];
