import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** A self-signed certificate. */
export interface TestCertificate {
  readonly key: string;
  readonly cert: string;
  /** The path of the certificate, for `NODE_EXTRA_CA_CERTS`. */
  readonly path: string;
  remove(): void;
}

/** Creates a certificate for a host, such as `IP:127.0.0.1` or `DNS:example.com`. */
export function createCertificate(host: string): TestCertificate {
  const folder = mkdtempSync(join(tmpdir(), 'xkit-graphql-'));
  const [keyPath, path] = [join(folder, 'key.pem'), join(folder, 'cert.pem')];
  const kind = ['-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes', '-days', '2'];
  const about = ['-subj', '/CN=xkit-graphql-test', '-addext', `subjectAltName=${host}`];
  const { status, stderr } = spawnSync('openssl', ['req', ...kind, ...about, '-keyout', keyPath, '-out', path], {
    encoding: 'utf8',
  });
  if (status !== 0) throw new Error(`The tests need openssl: apt-get install openssl\n${stderr}`);
  return {
    key: readFileSync(keyPath, 'utf8'),
    cert: readFileSync(path, 'utf8'),
    path,
    remove: () => rmSync(folder, { recursive: true }),
  };
}
