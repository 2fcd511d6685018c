import { type ConnectionsErrorCode, ERROR_CODES } from '../../schema/error-codes.js';
import type { RequestRecord } from '../request-record.js';

/** A whole HTTP response, before it is written. */
export interface Answer {
  /** @default 200 */
  readonly status?: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | Uint8Array;
}

/** Creates an answer in JSON. */
export function toJsonAnswer(value: unknown): Answer {
  return { headers: { 'content-type': 'application/json' }, body: JSON.stringify(value) };
}

/** The code of a refusal: one of the schema's, or one for a request that is not an operation. */
export type RefusalCode =
  ConnectionsErrorCode | 'BAD_REQUEST' | 'REQUEST_ENTITY_TOO_LARGE' | 'PERSISTED_QUERY_NOT_FOUND';

interface RefusalOptions {
  /** @default the fixed message of the code */
  readonly message?: string;
  readonly headers?: Readonly<Record<string, string>>;
  /** When the client may try again: in the extensions, and in whole seconds as `retry-after`. */
  readonly retryAfterMs?: number;
  /** Why the credentials were refused, for the log. */
  readonly reason?: string;
  /** What the policy file knows of those credentials, for the log. */
  readonly credential?: string | undefined;
}

/** Refuses a request before its operation is executed. A step of the pipeline throws it. */
export class Refusal extends Error {
  override readonly name = 'Refusal';

  constructor(
    readonly status: number,
    readonly code: RefusalCode,
    readonly options: RefusalOptions = {},
  ) {
    super(options.message ?? findFacts(code)?.message ?? 'The request is malformed.');
  }

  /** Creates the answer, in the form of a GraphQL response. */
  toAnswer({ requestId }: RequestRecord, contentType: string): Answer {
    const { status, code, message } = this;
    const { headers, retryAfterMs } = this.options;
    const retryable = findFacts(code)?.retryable ?? false;
    const extensions = { code, retryable, ...(retryAfterMs !== undefined && { retryAfterMs }), requestId };
    const retryAfter = retryAfterMs !== undefined && { 'retry-after': String(Math.ceil(retryAfterMs / 1_000)) };
    return {
      status,
      headers: { 'content-type': contentType, ...headers, ...retryAfter },
      body: JSON.stringify({ errors: [{ message, extensions }] }),
    };
  }
}

function findFacts(code: RefusalCode) {
  return code in ERROR_CODES ? ERROR_CODES[code as ConnectionsErrorCode] : undefined;
}

/** What keeps GraphiQL, the one page, to itself: it loads from nowhere else, and no other page shows it in a frame. */
const PAGE_HEADERS = {
  'content-security-policy':
    // The editors create styles as they go.
    "default-src 'none'; script-src 'self'; worker-src 'self'; connect-src 'self'; style-src 'self' 'unsafe-inline'; " +
    "font-src 'self' data:; img-src 'self' data:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
  'x-frame-options': 'DENY',
  'referrer-policy': 'no-referrer',
};

/**
 * Writes an answer. Unless it says otherwise, no cache may keep it, since it may hold a token.
 *
 * @param corsHeaders what lets a page of an allowed origin read it
 */
export function writeAnswer(
  { response, requestId }: RequestRecord,
  { status = 200, headers, body }: Answer,
  corsHeaders: Readonly<Record<string, string>>,
): void {
  const isPage = headers['content-type']?.startsWith('text/html');
  response.writeHead(status, {
    'cache-control': 'no-store',
    'x-content-type-options': 'nosniff',
    'x-request-id': requestId,
    ...corsHeaders,
    ...headers,
    ...(isPage && PAGE_HEADERS),
    ...(body.length > 0 && { 'content-length': Buffer.byteLength(body) }),
  });
  response.end(body);
}
