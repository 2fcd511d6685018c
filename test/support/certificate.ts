import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** A certificate. */
export interface TestCertificate {
  readonly key: string;
  readonly cert: string;
  /** The path of the certificate, for `NODE_EXTRA_CA_CERTS`. */
  readonly path: string;
  remove(): void;
}

/** Creates a self-signed certificate for a host, such as `IP:127.0.0.1` or `DNS:example.com`. */
export function createCertificate(host: string): TestCertificate {
  const folder = mkdtempSync(join(tmpdir(), 'xkit-graphql-'));
  openssl(folder, ['req', '-x509', ...NEW_KEY, '-days', '2', ...about(host), '-out', 'cert.pem']);
  return read(folder);
}

/** Creates a certificate that an authority has signed, or else that is self-signed, with a validity of two days. */
export function issueCertificate(
  host: string,
  options: { readonly issuer?: TestCertificate; readonly isAuthority?: boolean; readonly startsAt?: number },
): TestCertificate {
  const { issuer, isAuthority = false, startsAt = Date.now() - DAY_MS } = options;
  const folder = mkdtempSync(join(tmpdir(), 'xkit-graphql-'));
  const constraints = `basicConstraints=critical,CA:${isAuthority ? 'TRUE' : 'FALSE'}`;
  openssl(folder, ['req', '-new', ...NEW_KEY, ...about(host), '-addext', constraints, '-out', 'request.pem']);
  writeFileSync(join(folder, 'ca.cnf'), AUTHORITY);
  writeFileSync(join(folder, 'index.txt'), '');
  if (issuer) {
    writeFileSync(join(folder, 'issuer-key.pem'), issuer.key);
    writeFileSync(join(folder, 'issuer.pem'), issuer.cert);
  }
  const signer = issuer ? ['-keyfile', 'issuer-key.pem', '-cert', 'issuer.pem'] : ['-keyfile', 'key.pem', '-selfsign'];
  const validity = ['-startdate', toTime(startsAt), '-enddate', toTime(startsAt + 2 * DAY_MS)];
  const paths = ['-in', 'request.pem', '-out', 'cert.pem'];
  openssl(folder, ['ca', '-batch', '-notext', '-config', 'ca.cnf', '-rand_serial', ...signer, ...validity, ...paths]);
  return read(folder);
}

const DAY_MS = 24 * 60 * 60_000;
const NEW_KEY = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes', '-keyout', 'key.pem'];
const AUTHORITY = `[ca]
default_ca = own
[own]
database = index.txt
new_certs_dir = .
serial = serial
default_md = sha256
policy = any
copy_extensions = copy
unique_subject = no
[any]
commonName = supplied
`;

// Each certificate has its own name: OpenSSL finds the issuer by its name.
let created = 0;
function about(host: string): string[] {
  created += 1;
  return ['-subj', `/CN=xkit-graphql-test-${created}`, '-addext', `subjectAltName=${host}`];
}

function toTime(time: number): string {
  return `${new Date(time).toISOString().replaceAll(/[-:T]/g, '').slice(0, 14)}Z`;
}

function openssl(folder: string, args: readonly string[]): void {
  const { status, stderr } = spawnSync('openssl', args, { cwd: folder, encoding: 'utf8' });
  if (status !== 0) throw new Error(`The tests need openssl: apt-get install openssl\n${stderr}`);
}

function read(folder: string): TestCertificate {
  const path = join(folder, 'cert.pem');
  return {
    key: readFileSync(join(folder, 'key.pem'), 'utf8'),
    cert: readFileSync(path, 'utf8'),
    path,
    remove: () => rmSync(folder, { recursive: true }),
  };
}
