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

it.each(['serve', 'dev', 'sandbox', 'sdl'])('prints the help of %s', async (command) => {
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
  [['nonesuch'], "Unknown command 'nonesuch'."],
  [['toString'], "Unknown command 'toString'."],
  [['serve', '--prot', '1'], "Unknown option '--prot'"],
  [['serve', 'now'], "Unexpected argument 'now'"],
  [['sandbox', '--envelope', 'none'], '--envelope must be siblings or nested.'],
])('refuses %o, and names the command that prints the help', async (args, message) => {
  const { code, output } = await run(args);
  expect(code).toBe(2);
  expect(output).toContain(message);
  expect(output).toMatch(/See: xkit-graphql.* --help/);
});

it('lists the variables that are missing and exits with 2', async () => {
  expect(await run(['serve'])).toEqual({
    code: 2,
    output:
      'Invalid configuration:\n' +
      '  XKIT_PUBLISHABLE_KEY must be set\n' +
      '  XKIT_SECRET_KEY must be set\n' +
      '  XKIT_POLICY_FILE must be set: without a policy file, every caller is refused. Create one with: xkit-graphql keys create > policy.yaml\n' +
      '  XKIT_SLUG or XKIT_CATALOG_URL must be set: repair links lead to the catalog\n' +
      'See: xkit-graphql serve --help. To try it without an account: xkit-graphql dev\n',
  });
});

it('names the help of the same command after an invalid variable', async () => {
  const { code, output } = await run(['query', 'slack', '--user', 'alice', '--url', 'http://127.0.0.1:1/graphql']);
  expect([code, output]).toEqual([2, expect.stringMatching(/^See: xkit-graphql query --help$/m)]);
  expect((await run(['dev'], { HOST: '0.0.0.0' })).output).toMatch(/^See: xkit-graphql dev --help$/m);
});

it('names the variable to change if a port is in use', async () => {
  const inUse = (variable: string) =>
    `Port ${takenPort} on 127.0.0.1 is in use. Stop the program that uses it, or choose another port: ${variable}=${Number(takenPort) + 10}\n`;
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
  ['an invalid URL', { XKIT_API_URL: 'platform' }, 2, /^ {2}XKIT_API_URL must be .*$/m],
  ['a URL without TLS', { XKIT_API_URL: 'http://platform.example.com' }, 2, /^ {2}XKIT_API_URL must use https, .*$/m],
  ['an empty secret', { XKIT_SECRET_KEY: '' }, 2, /^ {2}XKIT_SECRET_KEY must be set$/m],
  [
    'a missing secret file',
    { XKIT_SECRET_KEY: '', XKIT_SECRET_KEY_FILE: 'nonesuch' },
    2,
    /^ {2}XKIT_SECRET_KEY_FILE .*$/m,
  ],
  [
    'a missing policy file',
    { XKIT_POLICY_FILE: 'nonesuch.yaml' },
    2,
    /^ {2}nonesuch\.yaml cannot be read: there is no such file\. Create one with: .*$/m,
  ],
  ['an invalid policy file', { XKIT_POLICY_FILE: 'package.json' }, 2, /^ {2}name is not a known field$/m],
  [
    'a missing folder for the audit log',
    { XKIT_AUDIT_LOG: 'nonesuch/audit.log' },
    2,
    /^ {2}XKIT_AUDIT_LOG cannot be opened: ENOENT\. Name a file that this program can append to$/m,
  ],
  ['a missing manifest', { XKIT_TRUSTED_DOCUMENTS: 'nonesuch.json' }, 2, /there is no such file/],
  [
    'an address of another machine',
    { HOST: '192.0.2.1' },
    1,
    /^192\.0\.2\.1 is not an address of this machine\. Choose one of its addresses: HOST=127\.0\.0\.1, or HOST=0\.0\.0\.0$/m,
  ],
  [
    'an address of another machine for the metrics',
    { HOST: '192.0.2.1', XKIT_METRICS_PORT: '0' },
    1,
    /^192\.0\.2\.1 is not an address of this machine\. Choose one of its addresses: HOST=127\.0\.0\.1, or HOST=0\.0\.0\.0$/m,
  ],
])('does not start with %s, and prints the reason but no secret', async (_, environment, code, reason) => {
  const ended = await run(['serve'], { ...configured, PORT: '0', ...environment });
  expect(ended).toEqual({ code, output: expect.stringMatching(reason) as string });
  expect(ended.output).not.toContain(configured.XKIT_SECRET_KEY);
  expect(ended.output).not.toContain('    at ');
});

it('refuses to start in production without a configuration', async () => {
  const { code, output } = await run(['serve'], { NODE_ENV: 'production' });
  expect(code).toBe(2);
  expect(output).toContain('XKIT_POLICY_FILE must be set');
});

it('prints its URL at every log level, and exits with 0 on SIGTERM', async () => {
  const cli = startCli(['serve'], { ...configured, LOG_LEVEL: 'silent' });
  const [, url] = await cli.printed(/^Listening at (\S+)$/m);
  expect(url).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/graphql$/);
  expect(await cli.stop()).toBe(0);
});

it('creates a key whose hash the policy file accepts, and prints the key once', async () => {
  const { code, output } = await run(['keys', 'create', '--caller', 'shop', '--expires', '2099-01-31']);
  expect(code).toBe(0);
  const [key = ''] = /^xkgk_[\w-]{43}$/m.exec(output) ?? [];
  expect(output.split(key)).toHaveLength(2);
  const made = parsePolicyFile(output.slice(output.indexOf('callers:')));
  expect(made.callers).toMatchObject([
    { id: 'shop', keys: [{ hash: hashServiceKey(key), expires: Date.parse('2099-01-31') }] },
  ]);
  // If you redirect standard output to a file, it contains only the hash.
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
])('refuses to create a key with %o', async (args, message) => {
  const { code, output } = await run(['keys', 'create', ...args]);
  expect(code).toBe(2);
  expect(output).toContain(message);
  expect(output).not.toContain('xkgk_');
});

it('prints the commands for keys and their help', async () => {
  expect((await run(['keys'])).output).toContain('create');
  expect((await run(['keys', 'create', '--help'])).output).toContain('--expires');
  expect(await run(['keys', 'nonesuch'])).toMatchObject({ code: 2 });
});

it('serves the sandbox in the configured envelope and generation', async () => {
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
