import { once } from 'node:events';
import { isIP } from 'node:net';
import { connect } from 'node:tls';

import { type Finding, ok, warning } from './check.js';
import { describeCertificateProblem, describeConnectionProblem, type Peer } from './connection-problem.js';
import { endsSoon, toDay } from './expiry.js';

/** Looks at the certificate of a server, and sends nothing. */
export async function checkCertificate(
  { host, port }: { readonly host: string; readonly port: number },
  peer: Peer,
  signal: AbortSignal,
): Promise<Finding> {
  // So that what is wrong with it can be told: nothing goes over this connection.
  const options = { host, port, rejectUnauthorized: false, ...(isIP(host) === 0 && { servername: host }) };
  const socket = connect(options);
  try {
    await once(socket, 'secureConnect', { signal });
    const code: unknown = socket.authorizationError;
    if (!socket.authorized) return describeCertificateProblem(String(code), peer);
    const end = Date.parse(socket.getPeerCertificate().valid_to);
    if (!endsSoon(end)) return ok(`The certificate is valid until ${toDay(end)}.`);
    return warning(`The certificate of ${peer.host} expires on ${toDay(end)}.`, 'Whoever runs it has to renew it.');
  } catch (error) {
    return describeConnectionProblem(error, peer);
  } finally {
    socket.destroy();
  }
}
