import type { TypedDocument } from './document.js';
import { type GatewayAnswer, readAnswer, toFailure } from './gateway-answer.js';

/** Configures {@link createGatewayClient}. */
export interface GatewayClientOptions {
  /** The gateway's address, such as `https://gateway.internal/graphql`. */
  readonly url: string | URL;
  /** A service key or a JSON Web Token. */
  readonly credentials: string;
  /**
   * Milliseconds until {@link GatewayClient.send} gives up, 1 to 2147483647. Must be longer than the gateway's
   * `XKIT_TIMEOUT_MS`, or else the response cannot contain the gateway's error.
   * @default 10000
   */
  readonly timeoutMs?: number | undefined;
  /** Must honor `signal` and `redirect: 'manual'`. @default the global `fetch` */
  readonly fetch?: typeof globalThis.fetch | undefined;
}

/** Sends operations to one gateway, as one caller. Keeps no state and caches nothing. */
export interface GatewayClient {
  /**
   * Sends one operation, once. The document determines the types of the variables and of the result.
   *
   * Every failure is an error in the result: the gateway cannot be reached, a proxy responds in its place, the gateway
   * refuses the operation, or a lookup fails. `extensions` has the `code`, whether the failure is `retryable`, and
   * `retryAfterMs` if the response names a time. No message contains the credentials, the address or a body.
   */
  send<Result, Variables>(
    document: TypedDocument<Result, Variables>,
    variables: Variables,
  ): Promise<GatewayAnswer<Result>>;
}

/**
 * Creates a client of a gateway over `fetch`. Any other GraphQL client can send the documents as well.
 *
 * @throws {TypeError} if `url` or `credentials` cannot be used. The message does not contain them.
 * @throws {RangeError} if `timeoutMs` is out of range
 * @example
 * const gateway = createGatewayClient({ url: 'https://gateway.internal/graphql', credentials: serviceKey });
 * const { data, errors } = await gateway.send(UserConnectionDocument, { userId, connectorSlug: 'slack' });
 * const accessToken = requireAccessToken(data?.userConnection, errors);
 */
export function createGatewayClient(options: GatewayClientOptions): GatewayClient {
  const { credentials, timeoutMs = 10_000, fetch = globalThis.fetch } = options;
  const url = requireUrl(options.url);
  // fetch would put an invalid header into the message of its error.
  if (!/^[\x21-\x7e]+$/.test(credentials)) {
    throw new TypeError('credentials must be a service key or a JSON Web Token, without spaces or line breaks.');
  }
  if (!Number.isInteger(timeoutMs) || timeoutMs < 1 || timeoutMs > 2_147_483_647) {
    throw new RangeError('timeoutMs must be an integer from 1 to 2147483647.');
  }
  const headers = {
    authorization: `Bearer ${credentials}`,
    'content-type': 'application/json',
    accept: 'application/graphql-response+json, application/json;q=0.9',
  };
  return {
    send: async (document, variables) => {
      const body = JSON.stringify({ query: document, variables });
      const signal = AbortSignal.timeout(timeoutMs);
      // A redirect must not receive the key. Frameworks that extend fetch must not cache a token.
      const init = { method: 'POST', headers, body, signal, redirect: 'manual', cache: 'no-store' } as const;
      try {
        const response = await fetch(url, init);
        return readAnswer(response, await response.text());
      } catch {
        return toFailure(signal.aborted ? 'GATEWAY_TIMEOUT' : 'GATEWAY_UNAVAILABLE');
      }
    },
  };
}

function requireUrl(url: string | URL): string {
  const parsed = URL.canParse(url) ? new URL(url) : null;
  if (!parsed || !/^https?:$/.test(parsed.protocol) || parsed.username || parsed.password) {
    throw new TypeError('url must be an http or https URL without a user name and a password.');
  }
  return parsed.href;
}
