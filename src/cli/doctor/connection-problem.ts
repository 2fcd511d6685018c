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
    `See whether ${peer.namedBy} is right, and whether what it names runs.`,
  ];
  return failed(found, advice);
}

/** Describes the problem of a certificate, by the TLS error code. */
export function describeCertificateProblem(code: string, peer: Peer): Finding {
  return describeConnectionProblem(Object.assign(new Error('A certificate is not valid.'), { code }), peer);
}

const OWN_AUTHORITY =
  'If it is of an authority of your own, name its file in NODE_EXTRA_CA_CERTS. If not, somebody may be in between.';
const FIREWALL = 'See whether a firewall is in between.';

function explain(code: string, { host, namedBy }: Peer): readonly [found: string, advice: string] | null {
  switch (code) {
    case 'ENOTFOUND':
      return [
        `There is no host named ${host}.`,
        `Look for a typing mistake in ${namedBy}. If there is none, see this machine's DNS settings.`,
      ];
    case 'EAI_AGAIN':
      return [`The name ${host} cannot be looked up: the DNS does not answer.`, "See this machine's DNS settings."];
    case 'ECONNREFUSED':
      return [`Nothing listens at ${host}.`, `See whether it runs, and whether host and port of ${namedBy} are right.`];
    case 'ECONNRESET':
    case 'EPIPE':
    case 'UND_ERR_SOCKET':
      return [`${host} closes the connection.`, `See whether ${namedBy} is right, and whether a proxy is in between.`];
    case 'ETIMEDOUT':
    case 'UND_ERR_CONNECT_TIMEOUT':
      return [`${host} does not answer.`, FIREWALL];
    case 'EHOSTUNREACH':
    case 'ENETUNREACH':
      return [`There is no way from this machine to ${host}.`, `See this machine's network. ${FIREWALL}`];
    case 'DEPTH_ZERO_SELF_SIGNED_CERT':
    case 'SELF_SIGNED_CERT_IN_CHAIN':
      return [`The certificate of ${host} is signed by itself (${code}).`, OWN_AUTHORITY];
    case 'UNABLE_TO_GET_ISSUER_CERT':
    case 'UNABLE_TO_GET_ISSUER_CERT_LOCALLY':
    case 'UNABLE_TO_VERIFY_LEAF_SIGNATURE':
      return [`The certificate of ${host} is signed by an authority that this machine does not know.`, OWN_AUTHORITY];
    case 'CERT_HAS_EXPIRED':
      return [
        `The certificate of ${host} has expired.`,
        "Whoever runs it has to renew it, unless it is this machine's clock that is wrong.",
      ];
    case 'CERT_NOT_YET_VALID':
      return [`The certificate of ${host} is not valid yet.`, "See whether this machine's clock is right."];
    case 'ERR_TLS_CERT_ALTNAME_INVALID':
      return [`The certificate of ${host} is of another host.`, `Use the name in ${namedBy} that the certificate has.`];
    case 'EPROTO':
    case 'ERR_SSL_WRONG_VERSION_NUMBER':
    case 'ERR_SSL_PACKET_LENGTH_TOO_LONG':
      return [`${host} does not speak TLS at this port.`, `Look at the port in ${namedBy}.`];
    default:
      return null;
  }
}
