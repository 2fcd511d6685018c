import { type GatewayAnswer, readAnswer, toFailure } from './gateway-answer.js';

/** Where to send operations, and how long to wait for the responses. */
export interface SendOptions {
  /** The gateway's address, such as `https://gateway.internal/graphql`. */
  readonly url: string | URL;
  /**
   * Milliseconds until an operation fails with `GATEWAY_TIMEOUT`, 1 to 2147483647. Must be longer than the gateway's
   * `XKIT_TIMEOUT_MS`, or else the response cannot contain the gateway's error.
   * @default 10000
   */
  readonly timeoutMs?: number | undefined;
  /** Must honor `signal` and `redirect: 'manual'`. @default the global `fetch` */
  readonly fetch?: typeof globalThis.fetch | undefined;
}

/**
 * Creates the function that sends one operation, once. Every failure is an error in its result. If the response is not a
 * GraphQL response, the error contains neither the request nor the response.
 *
 * @throws {TypeError} if `url` cannot be used. The message does not contain it.
 * @throws {RangeError} if `timeoutMs` is out of range
 */
export function createSend({ url, timeoutMs = 10_000, fetch = globalThis.fetch }: SendOptions) {
  const address = requireUrl(url);
  if (!Number.isInteger(timeoutMs) || timeoutMs < 1 || timeoutMs > 2_147_483_647) {
    throw new RangeError('timeoutMs must be an integer from 1 to 2147483647.');
  }
  return async <Result>(
    operation: object,
    headers: Readonly<Record<string, string>>,
    hangUp?: AbortSignal,
  ): Promise<GatewayAnswer<Result>> => {
    const body = JSON.stringify(operation);
    const timeout = AbortSignal.timeout(timeoutMs);
    // A redirect must not receive the credentials. Frameworks that extend fetch must not cache a token.
    const init = {
      method: 'POST',
      headers: {
        ...headers,
        'content-type': 'application/json',
        accept: 'application/graphql-response+json, application/json;q=0.9',
      },
      body,
      signal: hangUp ? AbortSignal.any([timeout, hangUp]) : timeout,
      redirect: 'manual',
      cache: 'no-store',
    } as const;
    try {
      const response = await fetch(address, init);
      return readAnswer(response, await response.text());
    } catch {
      return toFailure(timeout.aborted ? 'GATEWAY_TIMEOUT' : 'GATEWAY_UNAVAILABLE');
    }
  };
}

function requireUrl(url: string | URL): string {
  const parsed = URL.canParse(url) ? new URL(url) : null;
  if (!parsed || !/^https?:$/.test(parsed.protocol) || parsed.username || parsed.password) {
    throw new TypeError('url must be an http or https URL without a user name and a password.');
  }
  return parsed.href;
}
