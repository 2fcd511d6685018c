import { spawnSync } from 'node:child_process';

import { createServer } from 'node:http';

import { afterAll, beforeAll, expect, it } from 'vitest';

import { hashServiceKey } from '../../src/server/auth/service-key.js';
import { parsePolicyFile } from '../../src/server/auth/policy-file.js';
import { startCli } from '../support/gateway.js';
import { listenLocally } from '../support/listen.js';
import { writePolicyFile } from '../support/policy.js';

const taken = createServer();
let takenPort: string;
beforeAll(async () => {
  takenPort = String(await listenLocally(taken));
});
afterAll(() => taken.close());

async function run(args: string[], environment: Record<string, string> = {}) {
  const cli = startCli(args, environment);
  return { code: await cli.ended, output: cli.output() };
}

const policy = writePolicyFile();
afterAll(policy.remove);
const configured = {
  XKIT_PUBLISHABLE_KEY: 'pk',
  XKIT_SECRET_KEY: 'sk-canary',
  XKIT_SLUG: 'acme',
  XKIT_POLICY_FILE: policy.path,
  PORT: '0',
};

it.each([[[]], [['--help']], [['-h']]])('prints its commands for %o', async (args) => {
  const { code, output } = await run(args);
  expect(code).toBe(0);
  for (const word of ['serve', 'dev', 'sandbox', 'sdl', 'EXIT CODES']) expect(output).toContain(word);
  expect(output).not.toContain('\u001b');
});

it.each(['serve', 'dev', 'sandbox', 'sdl'])('has help for %s', async (command) => {
  const { code, output } = await run([command, '--help']);
  expect(code).toBe(0);
  expect(output).toContain(`xkit-graphql ${command}`);
  expect(output).toMatch(/ENVIRONMENT|EXAMPLE/);
});

it('prints its version', async () => {
  expect(await run(['--version'])).toEqual({ code: 0, output: expect.stringMatching(/^\d+\.\d+\.\d+\n$/) as string });
});

it('prints the schema', async () => {
  const { code, output } = await run(['sdl']);
  expect(code).toBe(0);
  expect(output).toContain('type RepairLink {');
});

it.each([
  [['nonesuch'], "There is no command 'nonesuch'."],
  [['toString'], "There is no command 'toString'."],
  [['serve', '--prot', '1'], "Unknown option '--prot'"],
  [['serve', 'now'], "Unexpected argument 'now'"],
  [['sandbox', '--envelope', 'none'], '--envelope must be siblings or nested.'],
])('refuses %o, and says where the help is', async (args, message) => {
  const { code, output } = await run(args);
  expect(code).toBe(2);
  expect(output).toContain(message);
  expect(output).toMatch(/See: xkit-graphql.* --help/);
});

it('lists what the configuration lacks and ends with 2', async () => {
  expect(await run(['serve'])).toEqual({
    code: 2,
    output:
      'The configuration cannot work:\n' +
      '  XKIT_PUBLISHABLE_KEY must be set\n' +
      '  XKIT_SECRET_KEY must be set\n' +
      '  XKIT_POLICY_FILE must be set: without a policy file nobody may ask. Make a first one with: xkit-graphql keys create > policy.yaml\n' +
      '  XKIT_SLUG or XKIT_CATALOG_URL must be set: without it there is no repair link to give\n' +
      'See: xkit-graphql serve --help. To try it without an account: xkit-graphql dev\n',
  });
});

it('says of each command where its variables are', async () => {
  const { code, output } = await run(['query', 'slack', '--user', 'alice', '--url', 'http://127.0.0.1:1/graphql']);
  expect([code, output]).toEqual([2, expect.stringMatching(/^See: xkit-graphql query --help$/m)]);
  expect((await run(['dev'], { HOST: '0.0.0.0' })).output).toMatch(/^See: xkit-graphql dev --help$/m);
});

it('says what to do when a port is taken', async () => {
  const inUse = (variable: string) =>
    `Port ${takenPort} on 127.0.0.1 is in use. Stop the program that has it, or choose another port: ${variable}=${Number(takenPort) + 10}\n`;
  expect(await run(['serve'], { ...configured, PORT: takenPort })).toEqual({ code: 1, output: inUse('PORT') });
  expect(await run(['serve'], { ...configured, LOG_LEVEL: 'silent', XKIT_METRICS_PORT: takenPort })).toEqual({
    code: 1,
    output: inUse('XKIT_METRICS_PORT'),
  });
  expect(await run(['dev'], { PORT: takenPort, SANDBOX_PORT: '0' })).toEqual({ code: 1, output: inUse('PORT') });
  expect(await run(['dev'], { PORT: '0', SANDBOX_PORT: takenPort })).toEqual({
    code: 1,
    output: inUse('SANDBOX_PORT'),
  });
  expect(await run(['sandbox'], { SANDBOX_PORT: takenPort })).toEqual({ code: 1, output: inUse('SANDBOX_PORT') });
});

it.each<[string, Record<string, string>, number, RegExp]>([
  ['a URL that is none', { XKIT_API_URL: 'platform' }, 2, /^ {2}XKIT_API_URL must be .*$/m],
  ['a URL without TLS', { XKIT_API_URL: 'http://platform.example.com' }, 2, /^ {2}XKIT_API_URL must use https, .*$/m],
  ['no secret', { XKIT_SECRET_KEY: '' }, 2, /^ {2}XKIT_SECRET_KEY must be set$/m],
  [
    'no file of the secret',
    { XKIT_SECRET_KEY: '', XKIT_SECRET_KEY_FILE: 'nonesuch' },
    2,
    /^ {2}XKIT_SECRET_KEY_FILE .*$/m,
  ],
  [
    'no policy file',
    { XKIT_POLICY_FILE: 'nonesuch.yaml' },
    2,
    /^ {2}nonesuch\.yaml cannot be read: there is no such file\. Make a first one with: .*$/m,
  ],
  ['a policy file that is none', { XKIT_POLICY_FILE: 'package.json' }, 2, /^ {2}name is not known here$/m],
  [
    'no folder for the audit log',
    { XKIT_AUDIT_LOG: 'nonesuch/audit.log' },
    2,
    /^ {2}XKIT_AUDIT_LOG cannot be opened: ENOENT\. Name a file that can be appended to$/m,
  ],
  ['no manifest', { XKIT_TRUSTED_DOCUMENTS: 'nonesuch.json' }, 2, /there is no such file/],
  [
    'an address of another machine',
    { HOST: '192.0.2.1' },
    1,
    /^This machine has no address 192\.0\.2\.1\. Choose one of its own: HOST=127\.0\.0\.1, or HOST=0\.0\.0\.0$/m,
  ],
  [
    'an address of another machine for the metrics',
    { HOST: '192.0.2.1', XKIT_METRICS_PORT: '0' },
    1,
    /^This machine has no address 192\.0\.2\.1\. Choose one of its own: HOST=127\.0\.0\.1, or HOST=0\.0\.0\.0$/m,
  ],
])('says why it does not start over %s, and no secret', async (_, environment, code, reason) => {
  const ended = await run(['serve'], { ...configured, PORT: '0', ...environment });
  expect(ended).toEqual({ code, output: expect.stringMatching(reason) as string });
  expect(ended.output).not.toContain(configured.XKIT_SECRET_KEY);
  expect(ended.output).not.toContain('    at ');
});

it('refuses to start in production with nothing configured', async () => {
  const { code, output } = await run(['serve'], { NODE_ENV: 'production' });
  expect(code).toBe(2);
  expect(output).toContain('XKIT_POLICY_FILE must be set');
});

it('says where it listens at every log level, and ends with 0 on SIGTERM', async () => {
  const cli = startCli(['serve'], { ...configured, LOG_LEVEL: 'silent' });
  const [, url] = await cli.printed(/^Listening at (\S+)$/m);
  expect(url).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/graphql$/);
  expect(await cli.stop()).toBe(0);
});

it('makes a key whose hash the policy file takes, and shows the key once', async () => {
  const { code, output } = await run(['keys', 'create', '--caller', 'shop', '--expires', '2099-01-31']);
  expect(code).toBe(0);
  const [key = ''] = /^xkgk_[\w-]{43}$/m.exec(output) ?? [];
  expect(output.split(key)).toHaveLength(2);
  const made = parsePolicyFile(output.slice(output.indexOf('callers:')));
  expect(made.callers).toMatchObject([
    { id: 'shop', keys: [{ hash: hashServiceKey(key), expires: Date.parse('2099-01-31') }] },
  ]);
  // A file made of standard output holds the hash alone.
  const { stdout } = spawnSync(process.execPath, ['dist/cli/bin.js', 'keys', 'create'], { encoding: 'utf8' });
  expect(parsePolicyFile(stdout).callers).toHaveLength(1);
  expect(stdout).not.toContain('xkgk_');
  const other = JSON.parse((await run(['keys', 'create', '--json'])).output) as Record<string, string>;
  expect(other).toMatchObject({ caller: 'my-bff', hash: hashServiceKey(other['key'] ?? ''), expires: null });
  expect(other['key']).not.toBe(key);
});

it.each([
  [['--caller', 'a b'], '--caller must be 1 to 64 letters'],
  [['--expires', 'soon'], '--expires must be a date such as 2027-01-31'],
  [['--expires', '2027-02-31'], '--expires must be a date such as 2027-01-31'],
])('refuses to make a key with %o', async (args, message) => {
  const { code, output } = await run(['keys', 'create', ...args]);
  expect(code).toBe(2);
  expect(output).toContain(message);
  expect(output).not.toContain('xkgk_');
});

it('shows what there is to do with keys', async () => {
  expect((await run(['keys'])).output).toContain('create');
  expect((await run(['keys', 'create', '--help'])).output).toContain('--expires');
  expect(await run(['keys', 'nonesuch'])).toMatchObject({ code: 2 });
});

it('serves the sandbox in the other envelope and generation on request', async () => {
  const cli = startCli(['sandbox', '--envelope', 'nested'], { SANDBOX_PORT: '0', XKIT_API_GENERATION: 'contexts' });
  const [, curl] = await cli.printed(/curl -s -u pk_sandbox:sk_sandbox (\S+)/);
  const headers = { authorization: `Basic ${btoa('pk_sandbox:sk_sandbox')}` };
  const body: unknown = await (await fetch(curl, { headers })).json();
  expect(body).toMatchObject({
    connection: { enabled: true, authorization: { credential: 'sandbox-alice-slack-1-token-1' } },
  });
  const [, overview] = await cli.printed(/Sandbox +(http:\S+) in a browser/);
  expect(await (await fetch(overview)).text()).toContain('This is a sandbox.');
  await cli.printed(/GET \/api\/platform\/contexts\/alice\/connections\/slack → 200 \(Basic credentials: right\)/);
  expect(await cli.stop()).toBe(0);
});
