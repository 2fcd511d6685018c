import { once } from 'node:events';
import { isIP } from 'node:net';
import { connect } from 'node:tls';

import { type Finding, ok, warning } from './check.js';
import { describeCertificateProblem, describeConnectionProblem, type Peer } from './connection-problem.js';

const DAY_MS = 24 * 60 * 60 * 1_000;
/** How long before its end a certificate is worth a warning, in days. */
const SOON_DAYS = 14;

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
    const date = new Date(end).toISOString().slice(0, 10);
    if (end > Date.now() + SOON_DAYS * DAY_MS) return ok(`The certificate is valid until ${date}.`);
    return warning(`The certificate of ${peer.host} expires on ${date}.`, 'Whoever runs it has to renew it.');
  } catch (error) {
    return describeConnectionProblem(error, peer);
  } finally {
    socket.destroy();
  }
}
