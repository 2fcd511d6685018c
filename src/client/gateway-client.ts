import type { TypedDocument } from './document.js';
import type { GatewayAnswer } from './gateway-answer.js';
import { createSend, type SendOptions } from './send-operation.js';

/** Configures {@link createGatewayClient}. */
export interface GatewayClientOptions extends SendOptions {
  /** A service key or a JSON Web Token. */
  readonly credentials: string;
}

/** Sends operations to one gateway, as one caller. Keeps no state and caches nothing. */
export interface GatewayClient {
  /**
   * Sends one operation, once. The document determines the types of the variables and of the result.
   *
   * Every failure is an error in the result: the gateway cannot be reached, a proxy responds in its place, the gateway
   * refuses the operation, or a lookup fails. `extensions` has the `code`, whether the failure is `retryable`, and
   * `retryAfterMs` if the response names a time. No message that this client writes contains the credentials, the address
   * or a body.
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
export function createGatewayClient({ credentials, ...options }: GatewayClientOptions): GatewayClient {
  const send = createSend(options);
  // fetch would put an invalid header into the message of its error.
  if (!/^[\x21-\x7e]+$/.test(credentials)) {
    throw new TypeError('credentials must be a service key or a JSON Web Token, without spaces or line breaks.');
  }
  const headers = { authorization: `Bearer ${credentials}` };
  return { send: (document, variables) => send({ query: document, variables }, headers) };
}
