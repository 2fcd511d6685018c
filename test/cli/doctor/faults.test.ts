import { existsSync, readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import { join } from 'node:path';

import { afterAll, beforeAll, expect, it } from 'vitest';

import { createCertificate } from '../../support/certificate.js';
import { type Diagnosis, diagnose, findingsOf, startSurroundings, type Surroundings } from '../../support/doctor.js';
import { metricsUrlOf } from '../../support/exposition.js';
import { findFreePort } from '../../support/free-port.js';
import { startCli, startProcess } from '../../support/gateway.js';
import { listenLocally } from '../../support/listen.js';
import { writePolicyFile } from '../../support/policy.js';
import { until } from '../../support/until.js';

let around: Surroundings;
beforeAll(async () => {
  around = await startSurroundings();
});
afterAll(() => around.close());

/** For parallel runs, which would otherwise report each other's port as in use. */
const ANY_PORT = { PORT: '0' };

/** The output of all runs. */
let printed = '';
async function run(changes: Record<string, string>): Promise<Diagnosis> {
  const diagnosis = await diagnose({ ...around.sound, ...changes });
  printed += diagnosis.output;
  return diagnosis;
}

const right = createCertificate('IP:127.0.0.1');
const wrongHost = createCertificate('DNS:platform.example.com');
afterAll(() => {
  right.remove();
  wrongHost.remove();
});

it('reports no problem in a working setup, looks up only a made-up user, and leaves no file behind', async () => {
  around.sandbox.requests.clear();
  const diagnosis = await run({});
  expect([diagnosis.code, diagnosis.ok, findingsOf(diagnosis)]).toEqual([0, true, {}]);
  expect(Object.keys(diagnosis.checks)).toEqual([
    'configuration',
    'secret-files',
    'node',
    'packages',
    'policy',
    'port',
    'metrics-port',
    'audit',
    'platform-dns',
    'platform-connection',
    'platform-tls',
    'platform-key',
    'issuer-staff',
    'clock',
    'catalog',
    'redis',
  ]);
  expect(existsSync(around.sound['XKIT_AUDIT_LOG'] ?? '')).toBe(false);
  const asked = around.sandbox.requests.entries.map(({ path, credentials }) => [credentials, path]);
  const nobody = expect.stringMatching(
    /^\/api\/platform\/connections\/xkit-graphql-doctor-[\w-]{36}\/slack$/,
  ) as string;
  expect(asked.toSorted()).toEqual([
    ['none', '/api/platform'],
    ['none', nobody],
    ['right', nobody],
  ]);
});

it('reports six faults in one run, with advice for each', async () => {
  const broken = writePolicyFile({ callers: [{ id: 'bff', scopes: [] }] });
  const taken = String(await around.listen(createServer((_, response) => response.end('somebody else'))));
  const closed = await findFreePort();
  const diagnosis = await run({
    XKIT_SECRET_KEY: 'sk-canary-wrong',
    XKIT_CATALOG_URL: `${around.listening.url}/nonesuch`,
    XKIT_AUDIT_LOG: join(around.policy.folder, 'nonesuch', 'audit.log'),
    XKIT_REDIS_URL: `redis://:redis-canary@127.0.0.1:${closed}`,
    XKIT_POLICY_FILE: broken.path,
    PORT: taken,
  });
  broken.remove();
  expect([diagnosis.code, diagnosis.ok]).toEqual([1, false]);
  const host = new URL(around.listening.url).host;
  expect(findingsOf(diagnosis)).toEqual({
    policy:
      'failed: callers[0].scopes must have at least one scope ' +
      'callers[0].scopes must have connections:read: every lookup needs it ' +
      'callers[0].users is missing: it must be any, or a list of strings ' +
      'callers[0].groups is missing: it must be any, or a list of strings ' +
      'callers[0].connectors is missing: it must be any, or a list of strings ' +
      'callers[0].keys is missing: it must be a list ' +
      '→ Fix the file in XKIT_POLICY_FILE. docs/policy.md describes its format.',
    port: `failed: Port ${taken} on 127.0.0.1 is in use. → Stop the program that uses it, or choose another port: PORT=${Number(taken) + 10}`,
    audit:
      'failed: The folder of the file in XKIT_AUDIT_LOG does not exist. → Create the folder, or choose another file.',
    'platform-key':
      'failed: The platform rejects the key: it responds with HTTP 401. ' +
      '→ Set XKIT_PUBLISHABLE_KEY and XKIT_SECRET_KEY, or the files that hold them, to a valid pair of keys from Xkit.',
    issuers: "skipped: Skipped because 'Policy file' did not pass.",
    catalog: `failed: No catalog exists at ${host}: the server responds with HTTP 404. Every repair link would lead there. → Check XKIT_CATALOG_URL.`,
    redis: `failed: No server listens at 127.0.0.1:${closed}. → Check that the server is running, and that the host and the port in XKIT_REDIS_URL are correct.`,
  });
});

it.each([
  ['json', 'it responds with HTTP 404, with and without the key'],
  ['html', 'it, or a proxy in front of it, responds with HTTP 404 and an HTML page'],
])('distinguishes a wrong URL that responds with %s from an unknown user', async (type, problem) => {
  const server = createServer((_, response) => {
    response.writeHead(404, { 'content-type': type === 'json' ? 'application/json' : 'text/html' }).end('{}');
  });
  const port = await listenLocally(server);
  const { checks, code } = await run({ XKIT_API_URL: `http://127.0.0.1:${port}/wrong` });
  server.close();
  expect([code, checks['platform-key']]).toEqual([
    1,
    expect.objectContaining({
      found: [`The server at XKIT_API_URL is not the Platform API: ${problem}.`],
      advice:
        'Set XKIT_API_URL to the root URL in your Xkit documentation, such as https://app.xkit.co/api/platform, and XKIT_API_GENERATION to the generation of its paths.',
    }),
  ]);
});

it('reports a host that does not exist, and skips the checks that need it', async () => {
  const diagnosis = await run({ XKIT_API_URL: 'https://platform.invalid/api/platform' });
  const dns = diagnosis.checks['platform-dns'];
  expect(dns?.result).toBe('failed');
  // Without a network, the DNS server itself cannot be reached.
  expect(dns?.found[0]).toMatch(
    /^(?:The host platform\.invalid does not exist\.|The host name platform\.invalid cannot be resolved)/,
  );
  const { 'platform-dns': _, ...others } = findingsOf(diagnosis);
  expect(others).toEqual({
    'platform-connection': "skipped: Skipped because 'Platform DNS' did not pass.",
    'platform-tls': "skipped: Skipped because 'Platform connection' did not pass.",
    'platform-key': "skipped: Skipped because 'Platform TLS' did not pass.",
  });
});

it('reports a problem with a certificate, and does not send the key', async () => {
  const credentials: (string | undefined)[] = [];
  const front = around.toFront();
  const over = async ({ key, cert }: typeof right) => {
    const server = createTlsServer({ key, cert }, (request, response) => {
      credentials.push(request.headers.authorization);
      front(request, response);
    });
    return `127.0.0.1:${await around.listen(server)}`;
  };
  const [selfSigned, other] = await Promise.all([over(right), over(wrongHost)]);
  const [unknown, misnamed, trusted] = await Promise.all([
    run({ ...ANY_PORT, XKIT_API_URL: `https://${selfSigned}/api/platform` }),
    run({ ...ANY_PORT, XKIT_API_URL: `https://${other}/api/platform`, NODE_EXTRA_CA_CERTS: wrongHost.path }),
    run({ ...ANY_PORT, XKIT_API_URL: `https://${selfSigned}/api/platform`, NODE_EXTRA_CA_CERTS: right.path }),
  ]);
  const skipped = "skipped: Skipped because 'Platform TLS' did not pass.";
  expect(findingsOf(unknown)).toEqual({
    'platform-tls': `failed: The certificate of ${selfSigned} is self-signed (DEPTH_ZERO_SELF_SIGNED_CERT). → If your own authority signed the certificate, set NODE_EXTRA_CA_CERTS to the certificate file of that authority. If not, the connection may be intercepted.`,
    'platform-key': skipped,
  });
  expect(findingsOf(misnamed)).toEqual({
    'platform-tls': `failed: The certificate of ${other} is for another host. → In XKIT_API_URL, use the host name that is in the certificate.`,
    'platform-key': skipped,
  });
  expect([trusted.code, findingsOf(trusted)]).toEqual([
    0,
    {
      'platform-tls': expect.stringMatching(
        /^warning: The certificate of [\d.:]+ expires on \d{4}-\d\d-\d\d\. → The operator of that server must renew the certificate\.$/,
      ) as string,
    },
  ]);
  expect(credentials.filter((sent) => sent !== undefined)).toEqual([`Basic ${btoa('pk-canary:sk-canary')}`]);
});

it('reports a wrong clock, the difference, and the host that it was compared with', async () => {
  const [ahead, behind] = await Promise.all([
    around
      .listen(createServer(around.toFront(-120_000)))
      .then((port) => run({ ...ANY_PORT, XKIT_API_URL: `http://127.0.0.1:${port}/api/platform` })),
    around
      .listen(createServer(around.toFront(20_000)))
      .then((port) => run({ ...ANY_PORT, XKIT_API_URL: `http://127.0.0.1:${port}/api/platform` })),
  ]);
  const advice =
    "→ Synchronize this machine's clock with NTP; timedatectl shows whether it is synchronized. JSON Web Tokens and keys expire by this clock, with a tolerance of 5 s. Other servers agree with this clock, so the other clock may be wrong.";
  // On a busy machine the response arrives a second or two late.
  const seconds = (diagnosis: Diagnosis) => findingsOf(diagnosis)['clock']?.replace(/(?:11\d|120|1[5-9]|20) s/, 'N s');
  expect([ahead.code, seconds(ahead)]).toEqual([
    1,
    `failed: This machine's clock is N s ahead of the clock of the platform. ${advice}`,
  ]);
  expect([behind.code, seconds(behind)]).toEqual([
    0,
    `warning: This machine's clock is N s behind the clock of the platform. ${advice}`,
  ]);
});

it('reports an issuer without a JSON Web Key Set, and a URL that is not a Platform API', async () => {
  around.issuer.answerWith({ status: 200, body: '<html>canary</html>' });
  const page = await around.listen(createServer((_, response) => response.end('<html>canary</html>')));
  const diagnosis = await run({ XKIT_API_URL: `http://127.0.0.1:${page}` });
  around.issuer.answerWith(null);
  const { host } = new URL(around.issuer.jwks);
  expect(diagnosis.checks['issuer-staff']).toMatchObject({
    result: 'failed',
    found: [`The response of ${host} is not a JSON Web Key Set.`],
  });
  expect(diagnosis.checks['platform-key']?.found).toEqual([
    'The server at XKIT_API_URL is not the Platform API: its response is not a connection.',
  ]);
});

it('does not report a port as in use if a gateway is running on it', async () => {
  const gateway = await startProcess({ XKIT_METRICS_PORT: '0' });
  const [, port = ''] = /Listening at http:\/\/127\.0\.0\.1:(\d+)/.exec(gateway.output()) ?? [];
  const metrics = new URL(await until(() => metricsUrlOf(gateway) || null)).port;
  const [diagnosis, shown] = await Promise.all([
    run({ PORT: port, XKIT_METRICS_PORT: metrics }),
    around.listen(createServer(around.toFront(20_000))).then(async (front) => {
      const apiUrl = `http://127.0.0.1:${front}/api/platform`;
      const cli = startCli(['doctor'], {
        ...around.sound,
        PORT: port,
        XKIT_SECRET_KEY: 'sk-canary-wrong',
        XKIT_API_URL: apiUrl,
      });
      await cli.ended;
      return cli.output();
    }),
  ]);
  await gateway.close();
  printed += shown;
  expect(findingsOf(diagnosis)).toEqual({});
  expect(diagnosis.checks['port']?.found).toEqual([`A gateway is running at port ${port} on 127.0.0.1.`]);
  expect(diagnosis.checks['metrics-port']?.found).toEqual([`A gateway is running at port ${metrics} on 127.0.0.1.`]);
  // The page shows some of the lines, and the long ones shortened.
  const [, block = ''] = /```text\n([\s\S]*?)```/.exec(readFileSync('docs/doctor.md', 'utf8')) ?? [];
  const output = shown.replaceAll(port, '4000').replace(/ (?:1[5-9]|20) s behind/, ' 19 s behind');
  for (const line of block.trimEnd().split('\n')) expect(output).toContain(line.replace(/ …$/, ''));
});

it('prints the same results as text, without colors in a pipe', async () => {
  const cli = startCli(['doctor'], {
    ...around.sound,
    XKIT_SECRET_KEY: 'sk-canary-wrong',
    XKIT_REDIS_URL: '',
    XKIT_METRICS_PORT: '',
    XKIT_API_URL: around.listening.apiUrl,
  });
  expect(await cli.ended).toBe(1);
  printed += cli.output();
  const { host } = new URL(around.listening.url);
  const lines = cli
    .output()
    .replace(/ {2}[✓!✗] Node .*\n(?: +→.*\n)?/, '')
    .replace(/(?:, \d warning)?, \d+ ok/, '');
  expect(lines).toBe(`\
  ✓ Configuration               The environment variables are valid.
  ✓ Secret files                No secret is read from a file: the secrets are in variables.
  ✓ Optional packages           No optional package is needed.
  ✓ Policy file                 Callers: 1. Issuers: 1.
  ✓ Port                        Port ${around.sound['PORT']} on 127.0.0.1 is free.
  ✓ Audit log                   Audit events can be written to the file in XKIT_AUDIT_LOG.
  ✓ Platform DNS                127.0.0.1 is an IP address.
  ✓ Platform connection         ${host} accepts connections.
  ✓ Platform TLS                Not needed: the platform is on this machine.
  ✗ Platform key                The platform rejects the key: it responds with HTTP 401.
                                → Set XKIT_PUBLISHABLE_KEY and XKIT_SECRET_KEY, or the files that hold them, to a valid pair of keys from Xkit.
  ✓ Issuer keys of staff        Usable keys at ${new URL(around.issuer.jwks).host}: 1.
  ✓ Clock                       This machine's clock agrees with: the platform, staff.
  ✓ Catalog                     ${host} responds.

1 failed. Exit code 1.
`);
});

it('prints no secret, and nothing from the responses of other servers', () => {
  expect(printed.length).toBeGreaterThan(10_000);
  expect(printed).not.toContain('canary');
});
