import { randomUUID } from 'node:crypto';

import { createPlatformClient, DEFAULT_API_URL, type PlatformClientOptions } from '../../platform/client.js';
import { isPlatformError, type PlatformError } from '../../platform/errors.js';
import { failed, type Finding, ok, warning } from './check.js';
import { describeConnectionProblem, type Peer } from './connection-problem.js';

const RIGHT_URL = `Set XKIT_API_URL to the root that your Xkit documentation shows, such as ${DEFAULT_API_URL}, and XKIT_API_GENERATION to what its paths are like.`;

/** Looks whether the platform takes the key, by a lookup of a user that cannot exist. */
export async function checkKey(
  platform: PlatformClientOptions,
  connectorSlug: string,
  peer: Peer,
  signal: AbortSignal,
): Promise<Finding> {
  let asked = '';
  const client = createPlatformClient({
    ...platform,
    maxRetries: 0,
    breaker: false,
    fetch: (input, init) => {
      asked = String(input);
      return fetch(input, init);
    },
  });
  try {
    const ownerId = `xkit-graphql-doctor-${randomUUID()}`;
    const { found } = await client.readConnection({ ownerKind: 'USER', ownerId, connectorSlug }, { signal });
    if (found) return ok('The platform takes the key.');
    // A wrong path is answered like an unknown user, but to those without a key as well.
    const { status, body } = await fetch(asked, { redirect: 'manual', signal });
    // One that never ends would keep this process from ending.
    await body?.cancel();
    if (status !== 404) return ok('The platform takes the key, and says of an unknown user that it is none.');
    return failed('There is no Platform API at XKIT_API_URL: it answers 404 whether or not there is a key.', RIGHT_URL);
  } catch (error) {
    return isPlatformError(error) ? explain(error, peer) : describeConnectionProblem(error, peer);
  } finally {
    await client.close();
  }
}

function explain({ code, status, reason }: PlatformError, peer: Peer): Finding {
  switch (code) {
    case 'PLATFORM_AUTH_FAILED':
      return failed(
        `The platform refuses the key: it answers ${status}.`,
        'Set XKIT_PUBLISHABLE_KEY and XKIT_SECRET_KEY, or the files that hold them, to a pair of keys that is valid in Xkit.',
      );
    case 'PLATFORM_BAD_RESPONSE':
      return failed(`What answers at XKIT_API_URL is not the Platform API: ${describeAnswer(status)}.`, RIGHT_URL);
    case 'PLATFORM_RATE_LIMITED':
      return warning(
        'The platform answers 429, so that the key could not be looked at: it receives too many requests.',
        'Try again in a minute. If it stays so, ask Xkit for a higher limit.',
      );
    case 'PLATFORM_TIMEOUT':
      return failed(
        'The platform takes the connection, and does not answer in time.',
        'Try again in a minute. XKIT_ATTEMPT_TIMEOUT_MS says how long a request may take.',
      );
    default:
      return status === undefined
        ? describeConnectionProblem(Object.assign(new Error(code), { code: reason }), peer)
        : failed(`The platform answers ${status}.`, 'It is down, or the proxy before it: try again in a minute.');
  }
}

function describeAnswer(status: number | undefined): string {
  if (status !== undefined && status >= 300 && status < 400) return `it sends to another address (${status})`;
  return status === 200 ? 'the answer is no connection' : `it answers ${status ?? 'something that is no HTTP'}`;
}
