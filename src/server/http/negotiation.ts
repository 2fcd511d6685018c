import type { ExecutionResult } from 'graphql';
import type { RequestRecord } from '../request-record.js';
import { type Answer, Refusal } from './answers.js';

/** The media types of GraphQL over HTTP. */
const JSON_TYPE = 'application/json; charset=utf-8';
const GRAPHQL_TYPE = 'application/graphql-response+json; charset=utf-8';

/** The form of a response: complete in one of the two media types, or a stream of events. */
export type ResponseKind = 'json' | 'graphql' | 'stream';

/** Returns the media type of a response. */
export function toContentType(kind: ResponseKind | null): string {
  return kind === 'graphql' ? GRAPHQL_TYPE : JSON_TYPE;
}

/**
 * Returns the kind of response that the client's `Accept` header prefers, or null if it allows none. A client gets
 * application/graphql-response+json only if it names that type or refuses application/json.
 */
export function findResponseKind(record: RequestRecord): ResponseKind | null {
  const weights = readWeights(record.header('accept') || '*/*');
  const weigh = (type: string) => weights.get(type) ?? weights.get('application/*') ?? weights.get('*/*') ?? 0;
  const [graphql, json] = [weigh('application/graphql-response+json'), weigh('application/json')];
  const isPreferred = weights.has('application/graphql-response+json') ? graphql >= json : json === 0;
  if (graphql > 0 && isPreferred) return 'graphql';
  if (json > 0) return 'json';
  return (weights.get('text/event-stream') ?? 0) > 0 ? 'stream' : null;
}

/** Returns the weight of each media range of an `Accept` header (RFC 9110, 12.5.1), in lower case. */
function readWeights(accept: string): ReadonlyMap<string, number> {
  // A quoted parameter may contain a comma.
  const ranges = accept
    .toLowerCase()
    .replace(/"[^"]*"/g, '')
    .split(',');
  return new Map(
    ranges.map((range) => {
      const [type = '', ...parameters] = range.split(';').map((part) => part.trim());
      const weight = parameters.find((parameter) => parameter.startsWith('q='));
      return [type, weight === undefined ? 1 : Number(weight.slice(2))];
    }),
  );
}

/**
 * Requires a POST with a JSON body, from a client that accepts JSON or a stream of events.
 *
 * A GET would put ids into URLs, and responses with tokens into caches. A form is refused, because a foreign web page
 * can send one without a preflight.
 *
 * @throws {Refusal} 405, 406, 415 or 501
 */
export function requireJsonPost(record: RequestRecord): ResponseKind {
  if (record.method !== 'POST') {
    throw new Refusal(405, 'BAD_REQUEST', {
      message: 'Send GraphQL operations with POST.',
      headers: { allow: 'POST' },
    });
  }
  const kind = findResponseKind(record);
  if (kind === null) {
    // Checked before the execution, or else the audit would record a token that the client cannot read.
    const message =
      'The Accept header must allow application/json, application/graphql-response+json or text/event-stream.';
    throw new Refusal(406, 'BAD_REQUEST', { message });
  }
  const message = findMediaTypeProblem(record.header('content-type') ?? '');
  if (message !== null) throw new Refusal(415, 'BAD_REQUEST', { message });
  refuseCodings(record);
  return kind;
}

/** Refuses a compressed body. Without its name, the encoding would look like invalid JSON. */
function refuseCodings(record: RequestRecord): void {
  const encoding = record.header('content-encoding') || 'identity';
  if (encoding.toLowerCase() !== 'identity') {
    const message = `Send the body without the content encoding "${encoding.slice(0, 64)}".`;
    throw new Refusal(415, 'BAD_REQUEST', { message, headers: { 'accept-encoding': 'identity' } });
  }
  const coding = record.header('transfer-encoding') ?? 'chunked';
  if (coding.toLowerCase() !== 'chunked') {
    const message = `Send the body without the transfer coding "${coding.slice(0, 64)}".`;
    throw new Refusal(501, 'BAD_REQUEST', { message });
  }
}

/** Returns the problem of a body's media type, which must be JSON in UTF-8 (RFC 9110, 8.3), or null. */
function findMediaTypeProblem(contentType: string): string | null {
  // A quoted parameter may contain a semicolon.
  const unambiguous = contentType.replace(/"[^"]*"/g, (quoted) => quoted.replaceAll(';', ','));
  const [type = '', ...parameters] = unambiguous.split(';').map((part) => part.trim().toLowerCase());
  if (type !== 'application/json') return 'Send GraphQL operations as application/json.';
  const charsets = parameters.filter((parameter) => /^charset\s*=/.test(parameter));
  return charsets.every((charset) => /^charset="?utf-?8"?$/.test(charset))
    ? null
    : 'Send GraphQL operations in UTF-8, without another charset in Content-Type.';
}

/**
 * The headers that a page may send: the gateway's own, and the headers that libraries add to every request for traces
 * (W3C, Sentry, Datadog, Zipkin, New Relic) and for the identification of clients (Apollo, GraphQL Hive).
 */
const PAGE_REQUEST_HEADERS = [
  'authorization, content-type, x-request-id',
  'traceparent, tracestate, baggage, sentry-trace, newrelic',
  'x-datadog-origin, x-datadog-parent-id, x-datadog-sampling-priority, x-datadog-trace-id',
  'b3, x-b3-flags, x-b3-parentspanid, x-b3-sampled, x-b3-spanid, x-b3-traceid',
  'apollo-require-preflight, apollographql-client-name, apollographql-client-version',
  'x-apollo-operation-id, x-apollo-operation-name',
  'graphql-client-name, graphql-client-version, x-graphql-client-name, x-graphql-client-version',
].join(', ');

/** Lets pages of the configured origins read responses. A page sends its own credentials, which are never a cookie. */
export interface Cors {
  /** Returns the headers that let a page read the response to its request. */
  headersFor(record: RequestRecord): Readonly<Record<string, string>>;
  /** Returns the response to the preflight of an allowed origin, or null for any other request. */
  answerPreflight(record: RequestRecord): Answer | null;
}

/** Creates the CORS rules. If `origins` is empty, no page of another origin can read a response. */
export function createCors(origins: readonly string[]): Cors {
  const allowed = new Set(origins);
  return {
    headersFor: (record) => {
      if (allowed.size === 0) return {};
      const origin = originOf(record);
      if (!allowed.has(origin)) return { vary: 'Origin' };
      return {
        vary: 'Origin',
        'access-control-allow-origin': origin,
        'access-control-expose-headers': 'x-request-id, retry-after',
      };
    },
    answerPreflight: (record) => {
      const isPreflight = record.method === 'OPTIONS' && record.header('access-control-request-method') !== null;
      if (!isPreflight || !allowed.has(originOf(record))) return null;
      return {
        status: 204,
        headers: {
          'access-control-allow-methods': 'POST',
          'access-control-allow-headers': PAGE_REQUEST_HEADERS,
          'access-control-max-age': '600',
        },
        body: '',
      };
    },
  };
}

function originOf({ request }: RequestRecord): string {
  return request.headers.origin ?? '';
}

/** Creates the response for the result of an operation, with the status that GraphQL over HTTP requires. */
export function toResultAnswer(result: ExecutionResult, kind: ResponseKind): Answer {
  return {
    status: toStatus(result, kind),
    headers: { 'content-type': toContentType(kind) },
    body: JSON.stringify(result),
  };
}

/**
 * Returns the status. An operation that was not executed has no `data`. Its status is 400, or 200 if the response is
 * application/json. The status of a document that exceeds a limit is always 400.
 */
function toStatus({ data, errors = [] }: ExecutionResult, kind: ResponseKind): number {
  if (data !== undefined) return 200;
  return kind === 'json' && !errors.some(({ extensions }) => extensions['code'] === 'LIMIT_EXCEEDED') ? 200 : 400;
}
