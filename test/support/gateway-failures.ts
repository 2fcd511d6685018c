import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { text } from 'node:stream/consumers';
import type { ExecutionResult } from 'graphql';
import { expect } from 'vitest';

import { listenUntilClosed } from './listen.js';
import { PEOPLE } from './people.js';
import { KEYS } from './policy.js';
import { postJson } from './post-json.js';

type Respond = (response: ServerResponse, request: IncomingMessage, body: string) => unknown;

/**
 * Starts a proxy in front of a gateway. It responds in the gateway's place while `respond` is set.
 *
 * @param closing receives the function that closes the proxy
 */
export async function startProxy(target: string, closing: (() => unknown)[]) {
  const proxy: { url: string; respond: Respond | null } = { url: '', respond: null };
  const server = createServer(async (request, response) => {
    const body = await text(request);
    if (proxy.respond) return void proxy.respond(response, request, body);
    const { authorization } = request.headers;
    const answer = await fetch(target, postJson(body, authorization === undefined ? {} : { authorization }));
    const type = answer.headers.get('content-type') ?? '';
    return void response.writeHead(answer.status, { 'content-type': type }).end(await answer.text());
  });
  proxy.url = `http://127.0.0.1:${await listenUntilClosed(server, closing)}/graphql`;
  return proxy;
}

export const TOKEN = 'canary-token';
const SECRETS = [TOKEN, KEYS.bff, 'Bearer', 'alice', 'person-', '127.0.0.1'];

export function expectNoSecret(printed: string): void {
  for (const secret of SECRETS) expect(printed).not.toContain(secret);
}

export const QUERY = `query ($userId: ID!) {
  users { name connection(connectorSlug: "slack") { state } }
  userConnection(userId: $userId, connectorSlug: "slack") { state }
}`;
export const VARIABLES = { userId: 'alice' };
export const WORKING = {
  data: {
    users: PEOPLE.map(({ name }) => ({ name, connection: { state: 'ACTIVE' } })),
    userConnection: { state: 'ACTIVE' },
  },
};
export const FAILED = {
  users: PEOPLE.map(({ name }) => ({ name, connection: null })),
  userConnection: null,
};

/** Sends the query with the key of a caller, or without a key. */
export async function ask(url: string, key: string | null = KEYS.bff): Promise<ExecutionResult> {
  const headers: Record<string, string> = key === null ? {} : { authorization: `Bearer ${key}` };
  const response = await fetch(url, postJson({ query: QUERY, variables: VARIABLES }, headers));
  return (await response.json()) as ExecutionResult;
}

/** Repeats the request, as some proxies do in their pages. */
const repeat = ({ url, headers }: IncomingMessage, body: string) =>
  `${url} ${JSON.stringify(headers)} ${body} ${TOKEN}`;

export const sendJson = (response: ServerResponse, status: number, body: object) =>
  response.writeHead(status, { 'content-type': 'application/json', 'retry-after': '30' }).end(JSON.stringify(body));

const BUSY = { code: 'PLATFORM_RATE_LIMITED', retryable: true, retryAfterMs: 500, requestId: 'request-1' };
export const UNAVAILABLE = { code: 'GATEWAY_UNAVAILABLE', retryable: true };
const BAD_RESPONSE = { code: 'GATEWAY_BAD_RESPONSE', retryable: false };

/** The failures that no host may pass on, and the errors of a stitched gateway. */
export const FAILURES: readonly [string, Respond, string, object][] = [
  [
    'the connection breaks',
    (response) => response.destroy(),
    'The gateway cannot be reached at the moment.',
    UNAVAILABLE,
  ],
  [
    'a page repeats the request',
    (response, request, body) =>
      response.writeHead(502, { 'content-type': 'text/html', 'retry-after': '30' }).end(repeat(request, body)),
    'The gateway cannot be reached at the moment. HTTP status: 502.',
    { ...UNAVAILABLE, retryAfterMs: 30_000 },
  ],
  [
    'the body breaks off after a token',
    (response) =>
      response.writeHead(200, { 'content-type': 'application/json' }).end(`{"data":{"users":[{"token":"${TOKEN}"`),
    'The response is not a GraphQL response. HTTP status: 200.',
    BAD_RESPONSE,
  ],
  [
    'a token is beside the errors',
    (response) => sendJson(response, 200, { errors: [{ message: 'busy', extensions: BUSY }], token: TOKEN }),
    'busy',
    BUSY,
  ],
];

/** The failures in which another program writes GraphQL errors, or adds to them. */
export const FOREIGN: typeof FAILURES = [
  [
    'a token is in an error',
    (response) =>
      sendJson(response, 200, {
        errors: [{ message: 'busy', token: TOKEN, extensions: { ...BUSY, token: TOKEN, http: { body: TOKEN } } }],
        extensions: { token: TOKEN },
      }),
    'busy',
    BUSY,
  ],
  [
    'an error without a code repeats the request',
    (response, request, body) => sendJson(response, 200, { errors: [{ message: repeat(request, body) }] }),
    'The response is not a GraphQL response.',
    BAD_RESPONSE,
  ],
  [
    'an error with an unknown code and malformed properties repeats the request',
    (response, request, body) =>
      sendJson(response, 503, {
        errors: [
          {
            message: repeat(request, body),
            path: { token: TOKEN },
            extensions: { code: { token: TOKEN }, requestId: [TOKEN], retryAfterMs: TOKEN },
          },
        ],
      }),
    'The gateway cannot be reached at the moment.',
    UNAVAILABLE,
  ],
  [
    'an error has no extensions',
    (response) => sendJson(response, 200, { errors: [{ message: TOKEN, extensions: null }] }),
    'The response is not a GraphQL response.',
    BAD_RESPONSE,
  ],
  [
    'the gateway is replaced by a redirect',
    (response, request, body) => response.writeHead(307, { location: `/${TOKEN}` }).end(repeat(request, body)),
    'The response is not a GraphQL response. HTTP status: 307.',
    BAD_RESPONSE,
  ],
];
