import { randomUUID } from 'node:crypto';
import { lookup } from 'node:dns/promises';
import { once } from 'node:events';
import { connect, isIP } from 'node:net';
import { connect as connectTls } from 'node:tls';
import { toSocketAddress } from '../../domain/base-url.js';
import { createPlatformClient, DEFAULT_API_URL } from '../../platform/client.js';
import { isPlatformError, type PlatformError } from '../../platform/errors.js';
import { createUndiciTransport } from '../../platform/undici-transport.js';
import type { ServeConfiguration } from '../../server/config/configuration.js';
import type { Environment } from '../../server/config/environment.js';
import { findProxy, type Proxy } from '../../server/config/proxy-variables.js';
import { type Check, failed, type Finding, ok, warning } from './check.js';
import { describeCertificateProblem, describeConnectionProblem, type Peer } from './connection-problem.js';
import { expiresSoon, toDay } from './policy.js';

const VARIABLE = 'XKIT_API_URL';
const RIGHT_URL = `Set XKIT_API_URL to the root URL in your Xkit documentation, such as ${DEFAULT_API_URL}, and XKIT_API_GENERATION to the generation of its paths.`;

/** Checks the connection to the Platform API, then whether it accepts the key. */
export function createPlatformChecks(configuration: ServeConfiguration, environment: Environment): Check[] {
  const url = new URL(configuration.platform.apiUrl ?? DEFAULT_API_URL);
  const isTls = url.protocol === 'https:';
  const peer = { host: `${url.hostname}:${toSocketAddress(url.href).port}`, namedBy: VARIABLE };
  const proxy = findProxy(environment, isTls ? 'https:' : 'http:');
  const way = proxy ? [createProxyCheck(proxy, url.hostname)] : createWayChecks(url, peer);
  return [
    ...way,
    {
      id: 'platform-key',
      title: 'Platform key',
      variables: [VARIABLE, 'XKIT_PUBLISHABLE_KEY', 'XKIT_SECRET_KEY'],
      after: way.slice(-1).map(({ id }) => id),
      run: (signal) => checkKey(configuration, peer, signal),
    },
  ];
}

/**
 * Checks whether the proxy accepts connections. A failure is a warning, because `NO_PROXY` may exempt the platform. The
 * key check connects as the server does.
 */
function createProxyCheck({ variable, url }: Proxy, platform: string): Check {
  return {
    id: 'platform-proxy',
    title: 'Platform proxy',
    variables: [VARIABLE, variable],
    run: async (signal) => {
      const address = toSocketAddress(url);
      const peer = { host: `${address.host}:${address.port}`, namedBy: variable };
      const problem = await tryToConnect(address, peer, signal);
      if (problem) return { ...problem, result: 'warning' };
      return ok(`Requests to ${platform} go through the proxy at ${peer.host}, unless NO_PROXY exempts them.`);
    },
  };
}

async function tryToConnect(
  address: ReturnType<typeof toSocketAddress>,
  peer: Peer,
  signal: AbortSignal,
): Promise<Finding | null> {
  const socket = connect({ ...address, signal });
  try {
    await once(socket, 'connect');
    return null;
  } catch (error) {
    return describeConnectionProblem(error, peer);
  } finally {
    socket.destroy();
  }
}

/** Checks the direct connection to the platform, step by step. */
function createWayChecks(url: URL, peer: Peer): Check[] {
  const isTls = url.protocol === 'https:';
  const address = toSocketAddress(url.href);
  const { host } = address;
  const variables = [VARIABLE];
  return [
    {
      id: 'platform-dns',
      title: 'Platform DNS',
      variables,
      run: async () => {
        if (isIP(host) !== 0) return ok(`${host} is an IP address.`);
        try {
          const addresses = await lookup(host, { all: true });
          return ok(`${host} resolves to ${addresses.map((found) => found.address).join(', ')}.`);
        } catch (error) {
          return describeConnectionProblem(error, { host, namedBy: VARIABLE });
        }
      },
    },
    {
      id: 'platform-connection',
      title: 'Platform connection',
      variables,
      after: ['platform-dns'],
      run: async (signal) => (await tryToConnect(address, peer, signal)) ?? ok(`${peer.host} accepts connections.`),
    },
    {
      id: 'platform-tls',
      title: 'Platform TLS',
      variables,
      after: ['platform-connection'],
      run: (signal) =>
        isTls ? checkCertificate(address, peer, signal) : ok('Not needed: the platform is on this machine.'),
    },
  ];
}

/** Checks the certificate of a server, and sends nothing. */
async function checkCertificate(
  { host, port }: { readonly host: string; readonly port: number },
  peer: Peer,
  signal: AbortSignal,
): Promise<Finding> {
  // An invalid certificate is accepted so that its problem can be named: this connection carries no data.
  const options = { host, port, rejectUnauthorized: false, ...(isIP(host) === 0 && { servername: host }) };
  const socket = connectTls(options);
  try {
    await once(socket, 'secureConnect', { signal });
    const code: unknown = socket.authorizationError;
    if (!socket.authorized) return describeCertificateProblem(String(code), peer);
    const end = Date.parse(socket.getPeerCertificate().valid_to);
    if (!expiresSoon(end)) return ok(`The certificate is valid until ${toDay(end)}.`);
    return warning(
      `The certificate of ${peer.host} expires on ${toDay(end)}.`,
      'The operator of that server must renew the certificate.',
    );
  } catch (error) {
    return describeConnectionProblem(error, peer);
  } finally {
    socket.destroy();
  }
}

/** Checks whether the platform accepts the key, by looking up a user that cannot exist. */
async function checkKey(
  { platform, connectors, usesProxyVariables }: ServeConfiguration,
  peer: Peer,
  signal: AbortSignal,
): Promise<Finding> {
  let url = '';
  const transport = createUndiciTransport({ usesProxyVariables });
  const client = createPlatformClient({
    ...platform,
    maxRetries: 0,
    breaker: false,
    transport: {
      send: (request) => {
        url = request.url;
        return transport.send(request);
      },
      close: () => transport.close?.() ?? Promise.resolve(),
    },
  });
  try {
    const ownerId = `xkit-graphql-doctor-${randomUUID()}`;
    const connectorSlug = connectors?.[0] ?? 'slack';
    const { found } = await client.readConnection({ ownerKind: 'USER', ownerId, connectorSlug }, { signal });
    if (found) return ok('The platform accepts the key.');
    // A wrong path gets 404 like an unknown user, but also without a key.
    const { response, abort } = transport.send({ url, headers: { accept: 'application/json' } });
    signal.addEventListener('abort', abort, { once: true });
    const { status } = await response;
    if (status !== 404) return ok('The platform accepts the key, and responds with HTTP 404 for an unknown user.');
    return failed(
      'The server at XKIT_API_URL is not the Platform API: it responds with HTTP 404, with and without the key.',
      RIGHT_URL,
    );
  } catch (error) {
    return isPlatformError(error) ? describePlatformError(error, peer) : describeConnectionProblem(error, peer);
  } finally {
    await client.close();
  }
}

function describePlatformError({ code, status, reason }: PlatformError, peer: Peer): Finding {
  switch (code) {
    case 'PLATFORM_AUTH_FAILED':
      return failed(
        `The platform rejects the key: it responds with HTTP ${status}.`,
        'Set XKIT_PUBLISHABLE_KEY and XKIT_SECRET_KEY, or the files that hold them, to a valid pair of keys from Xkit.',
      );
    case 'PLATFORM_BAD_RESPONSE':
      return failed(
        `The server at XKIT_API_URL is not the Platform API: ${describeAnswer(status, reason)}.`,
        RIGHT_URL,
      );
    case 'PLATFORM_RATE_LIMITED':
      return warning(
        'The key could not be checked: the platform responds with HTTP 429, because it receives too many requests.',
        'Try again in a minute. If this continues, ask Xkit for a higher limit.',
      );
    case 'PLATFORM_TIMEOUT':
      return failed(
        'The platform accepts the connection, but does not respond in time.',
        'Try again in a minute. XKIT_ATTEMPT_TIMEOUT_MS limits the time of a request.',
      );
    default:
      return status === undefined
        ? describeConnectionProblem(Object.assign(new Error(code), { code: reason }), peer)
        : failed(
            `The platform responds with HTTP ${status}.`,
            'The platform or a proxy in front of it is down. Try again in a minute.',
          );
  }
}

function describeAnswer(status: number | undefined, reason: string | undefined): string {
  if (reason === 'HTML_PAGE') return `it, or a proxy in front of it, responds with HTTP ${status} and an HTML page`;
  if (status !== undefined && status >= 300 && status < 400) return `it redirects to another URL (HTTP ${status})`;
  if (status === 200) return 'its response is not a connection';
  return status === undefined ? 'its response is not HTTP' : `it responds with HTTP ${status}`;
}
