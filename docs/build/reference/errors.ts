import { type ConnectionsErrorCode, ERROR_CODES } from '../../../src/schema/error-codes.js';
import { ADVICE, OTHER_CODES } from './error-advice.js';
import { toHead, toTable } from './markdown.js';

/** Writes the reference of the error codes, from the codes themselves and what is advised about each. */
export function toErrorReference(): string {
  const codes = Object.entries(ERROR_CODES) as [ConnectionsErrorCode, (typeof ERROR_CODES)[ConnectionsErrorCode]][];
  const rows = codes.map(([code, { message, retryable }]) => [
    `[\`${code}\`](#${code.toLowerCase()})`,
    message,
    retryable ? 'yes' : 'no',
  ]);
  const sections = codes.map(([code, { message }]) => {
    const { caller, operator } = ADVICE[code];
    return [`## ${code}`, `> ${message}`, `**Who asked:** ${caller}`, `**Who operates it:** ${operator}`].join('\n\n');
  });
  return `${[
    toHead('Error codes').trim(),
    'An item that fails is null beside an error whose `extensions` hold `code`, `retryable`, `requestId` (as in the log and the header `x-request-id`) and sometimes `retryAfterMs`. ' +
      '`retryable` says whether the same request may succeed later. No message holds a URL, a body, a header or a token. The log has the details, by `requestId`.',
    toTable(['code', 'message', 'retryable'], rows),
    '`BAD_USER_INPUT`, `UNAUTHENTICATED`, `FORBIDDEN`, `LIMIT_EXCEEDED` and a misused context say more precisely what is wrong.',
    ...sections,
    `## Of GraphQL and HTTP`,
    toTable(['code', 'what to do'], OTHER_CODES),
  ].join('\n\n')}\n`;
}
