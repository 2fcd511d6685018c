import { type ConnectionsErrorCode, ERROR_CODES } from '../../../src/schema/error-codes.js';
import { ADVICE, OTHER_CODES } from './error-advice.js';
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
  return `${[
    toHead('Error codes').trim(),
    'A failed item is `null`, and has an error. The `extensions` of the error contain `code`, `retryable`, `requestId` and sometimes `retryAfterMs`. ' +
      'If `retryable` is true, the same request may succeed later. ' +
      'No message contains a URL, a body, a header or a token. For details, search the log for the `requestId`, which is also in the header `x-request-id`.',
    toTable(['code', 'message', 'retryable'], rows),
    'The errors `BAD_USER_INPUT`, `UNAUTHENTICATED`, `FORBIDDEN` and `LIMIT_EXCEEDED`, and the error of a misused context, have a more precise message.',
    ...sections,
    `## Codes of GraphQL and HTTP`,
    toTable(['code', 'what to do'], OTHER_CODES),
  ].join('\n\n')}\n`;
}
