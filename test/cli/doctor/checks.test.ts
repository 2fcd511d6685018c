import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { Redis } from 'ioredis';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';

import { hashServiceKey } from '../../../src/server/auth/service-key.js';
import { readServeConfiguration } from '../../../src/server/config/configuration.js';
import { type Check, ok, runChecks } from '../../../src/cli/doctor/check.js';
import { readUsableConfiguration } from '../../../src/cli/doctor/configuration.js';
import { describeCertificateProblem } from '../../../src/cli/doctor/connection-problem.js';
import {
  createAuditCheck,
  createSecretFilesCheck,
  createTrustedDocumentsCheck,
  judgeSpace,
} from '../../../src/cli/doctor/files.js';
import { createPackagesCheck } from '../../../src/cli/doctor/machine.js';
import { createIssuerChecks, createPolicyCheck } from '../../../src/cli/doctor/policy.js';
import { createRedisCheck } from '../../../src/cli/doctor/redis.js';
import { parsePolicyFile } from '../../../src/server/auth/policy-file.js';
import { startIssuer } from '../../support/issuer.js';
import { listenLocally } from '../../support/listen.js';
import { createRedis, type TestRedis } from '../../support/redis.js';

const folder = mkdtempSync(join(tmpdir(), 'xkit-graphql-'));
afterAll(() => rmSync(folder, { recursive: true }));
const write = (name: string, text: string) => {
  const path = join(folder, name);
  writeFileSync(path, text);
  return path;
};
const REQUIRED = {
  XKIT_PUBLISHABLE_KEY: 'pk',
  XKIT_SECRET_KEY: 'sk',
  XKIT_SLUG: 'acme',
  XKIT_POLICY_FILE: 'policy.yaml',
};
const configure = (changes: Record<string, string>) => readServeConfiguration({ ...REQUIRED, ...changes });
const run = async (check: Check | undefined) => check?.run(new AbortController().signal);

let redis: TestRedis;
beforeAll(async () => {
  redis = await createRedis('redis-canary');
  await redis.start();
});
afterAll(() => redis.stop());

it('counts in Redis like the rate limit, and leaves no key behind', async () => {
  expect(await run(createRedisCheck(redis.url))).toEqual(ok('Redis can count operations.'));
  const client = new Redis(redis.url);
  expect(await client.keys('*')).toEqual([]);
  client.disconnect();
});

it('reports the permissions that a user of Redis lacks, or a wrong password', async () => {
  const client = new Redis(redis.url);
  await client.call('ACL', 'SETUSER', 'reader', 'on', '>pass', '~*', '+ping', '+info', '+get');
  client.disconnect();
  const { host } = new URL(redis.url);
  expect(await run(createRedisCheck(`redis://reader:pass@${host}`))).toEqual({
    result: 'failed',
    found: ['The Redis user lacks permissions to count operations.'],
    advice:
      'Grant the permissions: ACL SETUSER … ~xkit-graphql:operations:* +eval +evalsha +set +incrby +pttl +expire +ping +info',
  });
  for (const [url, code] of [
    [`redis://reader:canary@${host}`, 'WRONGPASS'],
    [`redis://${host}`, 'NOAUTH'],
  ] as const) {
    expect(await run(createRedisCheck(url))).toEqual({
      result: 'failed',
      found: [`Redis rejects the user name or the password (${code}).`],
      advice: 'Put both into XKIT_REDIS_URL, percent-encoded: redis://name:password@host:6379.',
    });
  }
});

it('reports a Redis that refuses writes, or a server that is not Redis', async () => {
  const client = new Redis(redis.url);
  await client.replicaof('127.0.0.1', 1);
  expect(await run(createRedisCheck(redis.url))).toMatchObject({
    result: 'failed',
    found: ['This Redis is a replica, which does not accept writes.'],
  });
  await client.replicaof('NO', 'ONE');
  client.disconnect();
  const server = createServer();
  const port = await listenLocally(server);
  expect(await run(createRedisCheck(`redis://127.0.0.1:${port}`))).toMatchObject({
    result: 'failed',
    found: [`The server at 127.0.0.1:${port} is not Redis.`],
  });
  await new Promise((resolve) => server.close(resolve));
});

it('reports keys that have expired or expire soon, and callers without a valid key', async () => {
  vi.useFakeTimers({ toFake: ['Date'], now: Date.parse('2026-11-25T12:00:00Z') });
  const key = (name: string, expires: string | null) => ({ hash: hashServiceKey(name), expires });
  const rest = { scopes: ['connections:read'], users: 'any', groups: [], connectors: 'any' };
  const policy = parsePolicyFile(
    JSON.stringify({
      callers: [
        { id: 'bff', ...rest, keys: [key('a', '2026-12-09'), key('b', '2026-12-10'), key('c', null)] },
        { id: 'old', ...rest, keys: [key('d', '2026-11-25')] },
      ],
    }),
  );
  expect(await run(createPolicyCheck(policy))).toEqual({
    result: 'warning',
    found: [
      'callers[0].keys[0] of bff expires on 2026-12-09.',
      'callers[1].keys[0] of old expired on 2026-11-25.',
      'old has no valid key, so its operations get HTTP 401.',
    ],
    advice: 'Create a new key with xkit-graphql keys create. Then remove the old hash from the file.',
  });
  vi.useRealTimers();
});

it('warns about secret files that all users of the machine may read', async () => {
  const files = {
    XKIT_SECRET_KEY_FILE: write('secret', 'sk-canary'),
    XKIT_REDIS_URL_FILE: write('redis', 'redis://canary'),
    XKIT_PUBLISHABLE_KEY_FILE: write('publishable', 'pk'),
  };
  chmodSync(files.XKIT_REDIS_URL_FILE, 0o640);
  chmodSync(files.XKIT_SECRET_KEY_FILE, 0o644);
  expect(await run(createSecretFilesCheck(files, new Set()))).toEqual({
    result: 'warning',
    found: ['The file in XKIT_SECRET_KEY_FILE can be read by every user of this machine.'],
    advice: 'Remove this permission: chmod o-r "$XKIT_SECRET_KEY_FILE". In Kubernetes, set defaultMode to 0440.',
  });
  chmodSync(files.XKIT_SECRET_KEY_FILE, 0o600);
  expect(await run(createSecretFilesCheck(files, new Set()))).toMatchObject({ result: 'ok' });
});

it('reports why the audit log cannot be written, and warns when its disk is nearly full', async () => {
  const audit = (path: string) => run(createAuditCheck(configure({ XKIT_AUDIT_LOG: path })));
  expect(await audit(write('audit.log', ''))).toMatchObject({ result: 'ok' });
  expect(await audit(folder)).toMatchObject({ result: 'failed', found: ['XKIT_AUDIT_LOG is a folder.'] });
  expect(await audit(join(write('file', ''), 'audit.log'))).toMatchObject({
    result: 'failed',
    found: ['The file in XKIT_AUDIT_LOG cannot be opened: ENOTDIR.'],
  });
  expect(judgeSpace(100).result).toBe('ok');
  expect(judgeSpace(99.9)).toMatchObject({
    result: 'warning',
    found: ['The disk of XKIT_AUDIT_LOG has only 99 MiB free. When it is full, tokens are withheld.'],
  });
});

it('reports trusted documents that cannot be executed', async () => {
  const path = write('documents.json', JSON.stringify({ good: '{ __typename }', bad: '{ nonesuch }' }));
  expect(await run(createTrustedDocumentsCheck(path, configure({})))).toMatchObject({
    result: 'failed',
    found: ['bad: Cannot query field "nonesuch" on type "Query".'],
  });
});

it('reports an issuer that has no key for its algorithms, or that returns another status', async () => {
  const issuer = await startIssuer();
  const rest = { scopes: ['connections:read'], users: 'any', groups: [], connectors: 'any', audience: 'x' };
  const check = (algorithms: string[]) => {
    const issuers = [{ id: 'staff', issuer: 'https://login.example.com/', jwks: issuer.jwks, algorithms, ...rest }];
    return run(createIssuerChecks(parsePolicyFile(JSON.stringify({ issuers })))[0]);
  };
  const { host } = new URL(issuer.jwks);
  expect(await check(['RS256', 'ES256'])).toEqual(ok(`Usable keys at ${host}: 1.`));
  expect(await check(['RS256', 'ES384'])).toEqual({
    result: 'failed',
    found: [`No key at ${host} can be used with RS256, ES384.`],
    advice:
      "Check issuers[0].jwks of the policy file. The issuer's documentation or its /.well-known/openid-configuration shows the URL. Also check the algorithms of that issuer.",
  });
  issuer.answerWith({ status: 302, body: '', headers: { location: 'https://example.com/' } });
  expect(await check(['ES256'])).toMatchObject({ result: 'failed', found: [`${host} responds with HTTP 302.`] });
  await issuer.close();
});

it.each([
  ['CERT_HAS_EXPIRED', 'The certificate of x:443 has expired.'],
  ['CERT_NOT_YET_VALID', 'The certificate of x:443 is not valid yet.'],
  [
    'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
    'The certificate of x:443 is signed by an authority that this machine does not trust.',
  ],
  ['SOMETHING_ELSE', 'The connection to x:443 failed: SOMETHING_ELSE.'],
  ['nothing that could be shown: canary', 'The connection to x:443 failed.'],
])('explains the certificate error %s', (code, found) => {
  expect(describeCertificateProblem(code, { host: 'x:443', namedBy: 'XKIT_API_URL' }).found).toEqual([found]);
});

it('continues if the endpoint for traces is not a URL, and lists it with all other problems', () => {
  const { configuration, problems } = readUsableConfiguration({
    ...REQUIRED,
    OTEL_EXPORTER_OTLP_ENDPOINT: 'collector',
    PORT: '70000',
  });
  expect(problems).toEqual([
    'OTEL_EXPORTER_OTLP_ENDPOINT must be a URL such as http://127.0.0.1:4318',
    'PORT must be a port number from 0 to 65535',
  ]);
  expect(configuration.traces).toBe(false);
});

it('checks that the packages for tracing are installed', async () => {
  const check = createPackagesCheck(configure({ OTEL_TRACES_EXPORTER: 'otlp' }));
  expect(await run(check)).toEqual(ok('All needed packages are installed.'));
});

it('aborts a check that hangs, and hides the message of an unexpected error', async () => {
  vi.useFakeTimers();
  let aborted = false;
  const checks: Check[] = [
    {
      id: 'hangs',
      title: 'What hangs',
      run: (signal) => {
        signal.addEventListener('abort', () => (aborted = true));
        return new Promise(() => undefined);
      },
    },
    { id: 'after', title: 'After it', after: ['hangs'], run: () => ok('never') },
    {
      id: 'breaks',
      title: 'What breaks',
      run: () => {
        throw new RangeError('canary');
      },
    },
  ];
  const waited: string[] = [];
  const outcomes = runChecks(checks, new Set(), { onWait: ({ id }) => waited.push(id), onOutcome: () => undefined });
  await vi.advanceTimersByTimeAsync(5_000);
  expect((await outcomes).map(({ id, result, found }) => [id, result, ...found])).toEqual([
    ['hangs', 'failed', 'No response arrived within 5 s.'],
    ['after', 'skipped', "Skipped because 'What hangs' did not pass."],
    ['breaks', 'failed', 'The check itself failed: RangeError.'],
  ]);
  expect([aborted, waited]).toEqual([true, ['hangs', 'after', 'breaks']]);
  vi.useRealTimers();
});
