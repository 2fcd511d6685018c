import { lookup } from 'node:dns/promises';
import { once } from 'node:events';
import { connect, isIP } from 'node:net';

import { toSocketAddress } from '../../domain/base-url.js';
import { DEFAULT_API_URL } from '../../platform/client.js';
import type { ServeConfiguration } from '../../server/config/configuration.js';
import { checkCertificate } from './certificate.js';
import { type Check, ok } from './check.js';
import { describeConnectionProblem } from './connection-problem.js';
import { checkKey } from './platform-key.js';

const VARIABLE = 'XKIT_API_URL';

/** Looks at the way to the Platform API, step by step, and whether it takes the key. */
export function createPlatformChecks({ platform, connectors }: ServeConfiguration): Check[] {
  const url = new URL(platform.apiUrl ?? DEFAULT_API_URL);
  const isTls = url.protocol === 'https:';
  const address = toSocketAddress(url.href);
  const { host } = address;
  const peer = { host: `${url.hostname}:${address.port}`, namedBy: VARIABLE };
  const variables = [VARIABLE];
  return [
    {
      id: 'platform-dns',
      title: 'DNS of the platform',
      variables,
      run: async () => {
        if (isIP(host) !== 0) return ok(`${host} is an address already.`);
        try {
          const addresses = await lookup(host, { all: true });
          return ok(`${host} is at ${addresses.map((found) => found.address).join(', ')}.`);
        } catch (error) {
          return describeConnectionProblem(error, { host, namedBy: VARIABLE });
        }
      },
    },
    {
      id: 'platform-connection',
      title: 'Connection to the platform',
      variables,
      after: ['platform-dns'],
      run: async (signal) => {
        const socket = connect({ ...address, signal });
        try {
          await once(socket, 'connect');
          return ok(`${peer.host} takes connections.`);
        } catch (error) {
          return describeConnectionProblem(error, peer);
        } finally {
          socket.destroy();
        }
      },
    },
    {
      id: 'platform-tls',
      title: 'TLS of the platform',
      variables,
      after: ['platform-connection'],
      run: (signal) => (isTls ? checkCertificate(address, peer, signal) : ok('None is needed: it is on this machine.')),
    },
    {
      id: 'platform-key',
      title: 'Key of the platform',
      variables: [VARIABLE, 'XKIT_PUBLISHABLE_KEY', 'XKIT_SECRET_KEY'],
      after: ['platform-tls'],
      run: (signal) => checkKey(platform, connectors?.[0] ?? 'slack', peer, signal),
    },
  ];
}
