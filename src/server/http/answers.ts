import { type ConnectionsErrorCode, ERROR_CODES } from '../../schema/error-codes.js';
import type { RequestRecord } from '../request-record.js';

/** A complete HTTP response, before the server writes it. */
export interface Answer {
  /** @default 200 */
  readonly status?: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | Uint8Array;
}

/** Creates a response with a JSON body. */
export function toJsonAnswer(value: unknown): Answer {
  return { headers: { 'content-type': 'application/json' }, body: JSON.stringify(value) };
}

/** The error code of a refused request: a code of the schema, or a code for a request that is not an operation. */
export type RefusalCode =
  ConnectionsErrorCode | 'BAD_REQUEST' | 'REQUEST_ENTITY_TOO_LARGE' | 'PERSISTED_QUERY_NOT_FOUND';

interface RefusalOptions {
  /** @default the fixed message of the code */
  readonly message?: string;
  readonly headers?: Readonly<Record<string, string>>;
  /** Milliseconds until the client may retry. The header `retry-after` has whole seconds, rounded up. */
  readonly retryAfterMs?: number;
  /** The reason why the credentials were refused, for the log. */
  readonly reason?: string;
  /** The first 8 hex digits of the key's hash, or the issuer's id, for the log. */
  readonly credential?: string | undefined;
}

/** Refuses a request before its operation is executed. Thrown by the steps of the pipeline. */
export class Refusal extends Error {
  override readonly name = 'Refusal';

  constructor(
    readonly status: number,
    readonly code: RefusalCode,
    readonly options: RefusalOptions = {},
  ) {
    super(options.message ?? findFacts(code)?.message ?? 'The request is malformed.');
  }

  /** Creates the HTTP response, whose body is a GraphQL response with one error. */
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

/** Headers of GraphiQL, the only HTML page. It loads nothing from other origins, and no other page can frame it. */
const PAGE_HEADERS = {
  'content-security-policy':
    // GraphiQL's editors create inline styles.
    "default-src 'none'; script-src 'self'; worker-src 'self'; connect-src 'self'; style-src 'self' 'unsafe-inline'; " +
    "font-src 'self' data:; img-src 'self' data:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
  'x-frame-options': 'DENY',
  'referrer-policy': 'no-referrer',
};

/**
 * Writes a response. Unless its headers allow caching, it has `cache-control: no-store`, because it may hold a token.
 *
 * @param corsHeaders headers that let a page of an allowed origin read the response
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
