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
import { writePolicyFile } from '../../support/policy.js';
import { until } from '../../support/until.js';

let around: Surroundings;
beforeAll(async () => {
  around = await startSurroundings();
});
afterAll(() => around.close());

/** For runs at the same time, which would find each other's port in use. */
const ANY_PORT = { PORT: '0' };

/** All that any of the runs has printed. */
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

it('finds nothing wrong where nothing is, asks the platform for nobody, and leaves nothing behind', async () => {
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

it('names six faults at once, and what to do about each', async () => {
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
      'callers[0].scopes must have connections:read: without it nothing can be asked for ' +
      'callers[0].users is missing: must be any, or a list of texts ' +
      'callers[0].groups is missing: must be any, or a list of texts ' +
      'callers[0].connectors is missing: must be any, or a list of texts ' +
      'callers[0].keys is missing: must be a list ' +
      '→ Put the file of XKIT_POLICY_FILE right: docs/policy.md says what it may hold.',
    port: `failed: Port ${taken} on 127.0.0.1 is in use. → Stop the program that has it, or choose another port: PORT=${Number(taken) + 10}`,
    audit: 'failed: There is no folder for the file of XKIT_AUDIT_LOG. → Make the folder, or name another file.',
    'platform-key':
      'failed: The platform refuses the key: it answers 401. ' +
      '→ Set XKIT_PUBLISHABLE_KEY and XKIT_SECRET_KEY, or the files that hold them, to a pair of keys that is valid in Xkit.',
    issuers: "skipped: Needs 'Policy file' to pass first.",
    catalog: `failed: There is no catalog at ${host}: it answers 404. Every repair link would lead there. → Look for a typing mistake in XKIT_CATALOG_URL.`,
    redis: `failed: Nothing listens at 127.0.0.1:${closed}. → See whether it runs, and whether host and port of XKIT_REDIS_URL are right.`,
  });
});

it('tells a wrong URL from an unknown user', async () => {
  const { checks, code } = await run({ XKIT_API_URL: `${around.listening.url}/wrong` });
  expect([code, checks['platform-key']]).toEqual([
    1,
    expect.objectContaining({
      found: ['There is no Platform API at XKIT_API_URL: it answers 404 whether or not there is a key.'],
      advice:
        'Set XKIT_API_URL to the root that your Xkit documentation shows, such as https://app.xkit.co/api/platform, and XKIT_API_GENERATION to what its paths are like.',
    }),
  ]);
});

it('names a host that does not exist, and skips what would need it', async () => {
  const diagnosis = await run({ XKIT_API_URL: 'https://platform.invalid/api/platform' });
  const dns = diagnosis.checks['platform-dns'];
  expect(dns?.result).toBe('failed');
  // Without any network the DNS itself is what is missing.
  expect(dns?.found[0]).toMatch(
    /^(?:There is no host named platform\.invalid\.|The name platform\.invalid cannot be looked up)/,
  );
  const { 'platform-dns': _, ...others } = findingsOf(diagnosis);
  expect(others).toEqual({
    'platform-connection': "skipped: Needs 'DNS of the platform' to pass first.",
    'platform-tls': "skipped: Needs 'Connection to the platform' to pass first.",
    'platform-key': "skipped: Needs 'TLS of the platform' to pass first.",
  });
});

it('names what is wrong with a certificate, and shows the platform no key', async () => {
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
  const skipped = "skipped: Needs 'TLS of the platform' to pass first.";
  expect(findingsOf(unknown)).toEqual({
    'platform-tls': `failed: The certificate of ${selfSigned} is signed by itself (DEPTH_ZERO_SELF_SIGNED_CERT). → If it is of an authority of your own, name its file in NODE_EXTRA_CA_CERTS. If not, somebody may be in between.`,
    'platform-key': skipped,
  });
  expect(findingsOf(misnamed)).toEqual({
    'platform-tls': `failed: The certificate of ${other} is of another host. → Use the name in XKIT_API_URL that the certificate has.`,
    'platform-key': skipped,
  });
  expect([trusted.code, findingsOf(trusted)]).toEqual([
    0,
    {
      'platform-tls': expect.stringMatching(
        /^warning: The certificate of [\d.:]+ expires on \d{4}-\d\d-\d\d\. → Whoever runs it has to renew it\.$/,
      ) as string,
    },
  ]);
  expect(credentials.filter((sent) => sent !== undefined)).toEqual([`Basic ${btoa('pk-canary:sk-canary')}`]);
});

it('names a clock that is wrong, by how much, and who says so', async () => {
  const [ahead, behind] = await Promise.all([
    around
      .listen(createServer(around.toFront(-120_000)))
      .then((port) => run({ ...ANY_PORT, XKIT_API_URL: `http://127.0.0.1:${port}/api/platform` })),
    around
      .listen(createServer(around.toFront(20_000)))
      .then((port) => run({ ...ANY_PORT, XKIT_API_URL: `http://127.0.0.1:${port}/api/platform` })),
  ]);
  const advice =
    "→ Let NTP set this machine's clock: timedatectl shows whether it does. JSON Web Tokens and keys expire by it, and 5 s are forgiven. Others agree with it: perhaps the clock named here is wrong.";
  // A machine that is busy takes a second or two to hear of it.
  const seconds = (diagnosis: Diagnosis) => findingsOf(diagnosis)['clock']?.replace(/(?:11\d|120|1[5-9]|20) s/, 'N s');
  expect([ahead.code, seconds(ahead)]).toEqual([
    1,
    `failed: This machine's clock is N s ahead of that of the platform. ${advice}`,
  ]);
  expect([behind.code, seconds(behind)]).toEqual([
    0,
    `warning: This machine's clock is N s behind that of the platform. ${advice}`,
  ]);
});

it('names an issuer whose keys are none, and a platform that is none', async () => {
  around.issuer.answerWith({ status: 200, body: '<html>canary</html>' });
  const page = await around.listen(createServer((_, response) => response.end('<html>canary</html>')));
  const diagnosis = await run({ XKIT_API_URL: `http://127.0.0.1:${page}` });
  around.issuer.answerWith(null);
  const { host } = new URL(around.issuer.jwks);
  expect(diagnosis.checks['issuer-staff']).toMatchObject({
    result: 'failed',
    found: [`${host} answers no JSON Web Key Set.`],
  });
  expect(diagnosis.checks['platform-key']?.found).toEqual([
    'What answers at XKIT_API_URL is not the Platform API: the answer is no connection.',
  ]);
});

it('takes its own port for no fault where a gateway runs already', async () => {
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
  // The page shows some of the lines, and not the whole of a long one.
  const [, block = ''] = /```text\n([\s\S]*?)```/.exec(readFileSync('docs/doctor.md', 'utf8')) ?? [];
  const output = shown.replaceAll(port, '4000').replace(/ (?:1[5-9]|20) s behind/, ' 19 s behind');
  for (const line of block.trimEnd().split('\n')) expect(output).toContain(line.replace(/ …$/, ''));
});

it('tells people the same, line by line, without colours in a pipe', async () => {
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
  ✓ Configuration               The environment variables can work.
  ✓ Files of secrets            None is named: the secrets are in variables.
  ✓ Optional packages           None is needed.
  ✓ Policy file                 Callers that may ask: 1. Issuers: 1.
  ✓ Port                        Port ${around.sound['PORT']} on 127.0.0.1 is free.
  ✓ Audit log                   Events can be written to the file of XKIT_AUDIT_LOG.
  ✓ DNS of the platform         127.0.0.1 is an address already.
  ✓ Connection to the platform  ${host} takes connections.
  ✓ TLS of the platform         None is needed: it is on this machine.
  ✗ Key of the platform         The platform refuses the key: it answers 401.
                                → Set XKIT_PUBLISHABLE_KEY and XKIT_SECRET_KEY, or the files that hold them, to a pair of keys that is valid in Xkit.
  ✓ Keys of staff               Keys that can be used at ${new URL(around.issuer.jwks).host}: 1.
  ✓ Clock                       It agrees with that of the platform, staff.
  ✓ Catalog                     ${host} answers.

1 failed. Exit code 1.
`);
});

it('has printed no secret, and nothing that others answered', () => {
  expect(printed.length).toBeGreaterThan(10_000);
  expect(printed).not.toContain('canary');
});
