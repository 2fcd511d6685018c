import { toTransportError } from '../../platform/errors.js';
import { failed, type Finding } from './check.js';

/** The other side of a connection that failed. */
export interface Peer {
  readonly host: string;
  /** The environment variable, or the place in a file, that holds its address. */
  readonly namedBy: string;
}

/** Describes why a connection failed, in our own words. Only the code of a foreign error is used. */
export function describeConnectionProblem(error: unknown, peer: Peer): Finding {
  const { reason } = toTransportError(error);
  const [found, advice] = explain(reason ?? '', peer) ?? [
    `The connection to ${peer.host} failed${reason === undefined ? '' : `: ${reason}`}.`,
    `Check ${peer.namedBy}, and check that the server is running.`,
  ];
  return failed(found, advice);
}

/** Describes the problem of a certificate, by the TLS error code. */
export function describeCertificateProblem(code: string, peer: Peer): Finding {
  return describeConnectionProblem(Object.assign(new Error('A certificate is not valid.'), { code }), peer);
}

const OWN_AUTHORITY =
  'If your own authority signed the certificate, set NODE_EXTRA_CA_CERTS to the certificate file of that authority. If not, the connection may be intercepted.';
const FIREWALL = 'Check whether a firewall blocks the connection.';

function explain(code: string, { host, namedBy }: Peer): readonly [found: string, advice: string] | null {
  switch (code) {
    case 'ENOTFOUND':
      return [
        `The host ${host} does not exist.`,
        `Check ${namedBy}. If it is correct, check this machine's DNS settings.`,
      ];
    case 'EAI_AGAIN':
      return [
        `The host name ${host} cannot be resolved: the DNS server does not respond.`,
        "Check this machine's DNS settings.",
      ];
    case 'ECONNREFUSED':
      return [
        `No server listens at ${host}.`,
        `Check that the server is running, and that the host and the port in ${namedBy} are correct.`,
      ];
    case 'ECONNRESET':
    case 'EPIPE':
    case 'UND_ERR_SOCKET':
      return [`${host} closed the connection.`, `Check ${namedBy}, and check whether a proxy closes the connection.`];
    case 'ETIMEDOUT':
    case 'UND_ERR_CONNECT_TIMEOUT':
      return [`${host} does not respond.`, FIREWALL];
    case 'EHOSTUNREACH':
    case 'ENETUNREACH':
      return [`This machine has no route to ${host}.`, `Check this machine's network. ${FIREWALL}`];
    case 'DEPTH_ZERO_SELF_SIGNED_CERT':
    case 'SELF_SIGNED_CERT_IN_CHAIN':
      return [`The certificate of ${host} is self-signed (${code}).`, OWN_AUTHORITY];
    case 'UNABLE_TO_GET_ISSUER_CERT':
    case 'UNABLE_TO_GET_ISSUER_CERT_LOCALLY':
    case 'UNABLE_TO_VERIFY_LEAF_SIGNATURE':
      return [`The certificate of ${host} is signed by an authority that this machine does not trust.`, OWN_AUTHORITY];
    case 'CERT_HAS_EXPIRED':
      return [
        `The certificate of ${host} has expired.`,
        `Check this machine's clock. If the clock is correct, the operator of ${host} must renew the certificate.`,
      ];
    case 'CERT_NOT_YET_VALID':
      return [`The certificate of ${host} is not valid yet.`, "Check this machine's clock."];
    case 'ERR_TLS_CERT_ALTNAME_INVALID':
      return [
        `The certificate of ${host} is for another host.`,
        `In ${namedBy}, use the host name that is in the certificate.`,
      ];
    case 'EPROTO':
    case 'ERR_SSL_WRONG_VERSION_NUMBER':
    case 'ERR_SSL_PACKET_LENGTH_TOO_LONG':
      return [`${host} does not speak TLS at this port.`, `Check the port in ${namedBy}.`];
    default:
      return null;
  }
}
