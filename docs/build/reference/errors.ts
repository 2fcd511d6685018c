import { GATEWAY_ERRORS, type GatewayErrorCode } from '../../../src/client/gateway-answer.js';
import { type ConnectionsErrorCode, ERROR_CODES } from '../../../src/schema/error-codes.js';
import { ADVICE, CLIENT_ADVICE, OTHER_CODES } from './error-advice.js';
import { toHead, toTable } from './markdown.js';

/** Formats the reference of the error codes: the codes, and the advice about each. */
export function toErrorReference(): string {
  const codes = Object.entries(ERROR_CODES) as [ConnectionsErrorCode, (typeof ERROR_CODES)[ConnectionsErrorCode]][];
  const rows = codes.map(([code, { message, retryable }]) => [
    `[\`${code}\`](#${code.toLowerCase()})`,
    message,
    retryable ? 'yes' : 'no',
  ]);
  const sections = codes.map(([code, { message }]) => {
    const { caller, operator } = ADVICE[code];
    return [`## ${code}`, `> ${message}`, `**Caller:** ${caller}`, `**Operator:** ${operator}`].join('\n\n');
  });
  const clientCodes = Object.entries(GATEWAY_ERRORS) as [GatewayErrorCode, (typeof GATEWAY_ERRORS)[GatewayErrorCode]][];
  const clientRows = clientCodes.map(([code, { message, retryable }]) => [
    `\`${code}\``,
    message,
    retryable ? 'yes' : 'no',
    CLIENT_ADVICE[code],
  ]);
  return `${[
    toHead('Error codes').trim(),
    'If a connection or a token cannot be returned, its field is `null`, and `errors` has an entry with the same `path`. The `extensions` of the entry contain `code`, `retryable`, `requestId` and sometimes `retryAfterMs`. ' +
      'If `retryable` is true, the same request may succeed later. ' +
      'No message contains a URL, a body, a header or a token. The response header `x-request-id` has the same `requestId`. With this id, the operator finds the details in the log of the gateway.',
    toTable(['code', 'message', 'retryable'], rows),
    'The actual message of `BAD_USER_INPUT`, `UNAUTHENTICATED`, `FORBIDDEN` or `LIMIT_EXCEEDED` is often more precise than the one in this table.',
    ...sections,
    `## Codes of GraphQL and HTTP`,
    toTable(['code', 'what to do'], OTHER_CODES),
    '## Codes without a GraphQL response',
    'The function `send` of `createGatewayClient` and the executor of `createGatewayExecutor` return these codes if the gateway sends no GraphQL response.',
    toTable(['code', 'message', 'retryable', 'what to do'], clientRows),
  ].join('\n\n')}\n`;
}
