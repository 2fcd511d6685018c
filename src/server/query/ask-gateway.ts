import { toTransportError } from '../../platform/transport-error.js';
import { GatewayError } from './gateway-error.js';
import { type QueryAnswer, type Question, toOperation } from './question.js';

/** How long a gateway may take, in milliseconds: longer than it takes for its lookups. */
const TIMEOUT_MS = 15_000;

/**
 * Asks a gateway for one connection, as one of its callers.
 *
 * @param credentials a service key or a JSON Web Token
 * @throws {GatewayError} if there is no answer
 */
export async function askGateway(url: string, credentials: string, question: Question): Promise<QueryAnswer> {
  const response = await fetch(url, {
    method: 'POST',
    headers: { authorization: `Bearer ${credentials}`, 'content-type': 'application/json', accept: 'application/json' },
    body: JSON.stringify(toOperation(question)),
    // The key must not travel to another place.
    redirect: 'manual',
    signal: AbortSignal.timeout(TIMEOUT_MS),
  }).catch((error: unknown) => {
    const { reason = 'no answer' } = toTransportError(error);
    throw new GatewayError(
      `The gateway cannot be reached: ${reason}. See whether it runs, and whether --url is right.`,
    );
  });
  const answer: unknown = await response.json().catch(() => null);
  if (isAnswer(answer)) return answer;
  throw new GatewayError(
    `What is at --url is no gateway: it answers ${response.status}. Its path is /graphql, unless a proxy has another one.`,
  );
}

function isAnswer(value: unknown): value is QueryAnswer {
  if (typeof value !== 'object' || value === null) return false;
  const { data, errors } = value as { readonly data?: unknown; readonly errors?: unknown };
  return Array.isArray(errors) || (typeof data === 'object' && data !== null && 'connection' in data);
}
