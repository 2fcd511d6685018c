import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { createOwnerHash } from '../../../src/access/audit.js';
import { createSandbox, type ListeningSandbox } from '../../../src/sandbox/index.js';
import { startProcess } from '../../support/gateway.js';
import { listenLocally } from '../../support/listen.js';
import { KEYS } from '../../support/policy.js';

const TOKEN = 'sandbox-alice-slack-1-token-1';
const auditKey = 'audit-key-of-the-tests';

const sandbox = createSandbox();
const folder = mkdtempSync(join(tmpdir(), 'xkit-graphql-'));
let listening: ListeningSandbox;
let environment: Record<string, string>;
beforeAll(async () => {
  listening = await sandbox.listen();
  environment = {
    XKIT_PUBLISHABLE_KEY: 'pk_sandbox',
    XKIT_SECRET_KEY: 'sk_sandbox',
    XKIT_API_URL: listening.apiUrl,
    XKIT_CATALOG_URL: listening.url,
  };
});
afterAll(async () => {
  await listening.close();
  rmSync(folder, { recursive: true });
});

async function query(args: string[], changes: Record<string, string> = {}) {
  const env = { PATH: process.env['PATH'] ?? '', ...environment, ...changes };
  const child = spawn(process.execPath, ['dist/cli/bin.js', 'query', ...args], { env });
  const [stdout, stderr, [code]] = await Promise.all([text(child.stdout), text(child.stderr), once(child, 'close')]);
  return { code: code as number, stdout, stderr };
}

it('prints a usable connection without its token', async () => {
  expect(await query(['slack', '--user', 'alice'])).toEqual({
    code: 0,
    stdout: `\
Slack of user alice

  state          ACTIVE
  authorization  ACTIVE (active)
  account        Acme Workspace
  token          hidden: --reveal shows it
  fingerprint    4143b7293efee8cd
`,
    stderr: '',
  });
});

it('prints the repair link, and exits with 3 if a person must repair the connection', async () => {
  expect(await query(['--user', 'alice', 'github'])).toEqual({
    code: 3,
    stdout: `\
GitHub of user alice

  state          NEEDS_REPAIR
  reason         AUTHORIZATION_ERROR
  action         REPAIR
  repair link    ${listening.url}/connectors/github
  authorization  ERROR (error)
  account        Acme
  error          invalid_grant: Token has been revoked
`,
    stderr: '',
  });
});

it('asks whether ids and variables are correct if the connection is not found', async () => {
  const { code, stdout, stderr } = await query(['slak', '--user', 'alice']);
  expect(code).toBe(3);
  expect(stdout).toContain('NOT_FOUND');
  expect(stderr).toBe(
    'The platform sends the same response for an unknown owner, an unknown connector and a wrong path. Check the spelling of the owner and the connector, XKIT_API_URL and XKIT_API_GENERATION.\n',
  );
});

it('prints what the documentation shows for its example command', async () => {
  const page = readFileSync('docs/doctor.md', 'utf8').replaceAll('http://127.0.0.1:4001', listening.url);
  const [, line = ''] = /```sh\n(XKIT_.* xkit-graphql query .*)\n```/.exec(page) ?? [];
  const [, shown] = /```text\n(GitHub [\s\S]*?)```/.exec(page) ?? [];
  const child = spawn('bash', ['-c', line.replace('xkit-graphql', `${process.execPath} dist/cli/bin.js`)]);
  expect(await text(child.stdout)).toBe(shown);
});

it('prints JSON for scripts, with a token only for --reveal', async () => {
  const [group, user, rejected] = await Promise.all([
    query(['slack', '--group', 'acme', '--json']),
    query(['slack', '--user', 'alice', '--json', '--reveal']),
    query(['slack', '--user', 'alice', '--json', '--rejected', '4143b7293efee8cd']),
  ]);
  expect([group.code, JSON.parse(group.stdout)]).toMatchObject([0, { data: { connection: { ownerKind: 'GROUP' } } }]);
  expect(group.stdout).not.toMatch(/accessToken"|-token-/);
  expect([user.code, JSON.parse(user.stdout)]).toMatchObject([
    0,
    { data: { connection: { authorization: { accessToken: TOKEN } } } },
  ]);
  expect([rejected.code, JSON.parse(rejected.stdout)]).toMatchObject([
    3,
    { data: { connection: { state: 'NEEDS_REPAIR', repairLink: { reason: 'TOKEN_REJECTED' } } } },
  ]);
});

it('writes an audit event for a token that it prints, and withholds the token if that fails', async () => {
  const path = join(folder, 'audit.log');
  const shown = await query(['slack', '--user', 'alice', '--reveal'], {
    XKIT_AUDIT_LOG: path,
    XKIT_AUDIT_KEY: auditKey,
  });
  expect(shown.stdout).toContain(`  token          ${TOKEN}\n`);
  const [line = '', ...rest] = readFileSync(path, 'utf8').split('\n');
  expect(rest).toEqual(['']);
  expect(JSON.parse(line)).toMatchObject({
    event: 'audit',
    outcome: 'disclosed',
    caller: 'xkit-graphql query',
    ownerHash: createOwnerHash(auditKey)('alice'),
    tokenFingerprint: '4143b7293efee8cd',
  });
  expect(line).not.toContain(TOKEN);

  const held = await query(['slack', '--user', 'alice', '--reveal'], { XKIT_AUDIT_LOG: '/dev/full' });
  expect([held.code, held.stdout]).toEqual([1, expect.not.stringMatching(/token/) as string]);
  expect(held.stderr).toBe(
    'AUDIT_UNAVAILABLE: The audit event could not be written, so the token was withheld.\nTo find out why: xkit-graphql doctor\n',
  );
});

it('prints what is wrong, and which command helps', async () => {
  const see = 'See: xkit-graphql query --help\n';
  const [refused, impossible, unowned, unset] = await Promise.all([
    query(['slack', '--user', 'alice'], { XKIT_SECRET_KEY: 'sk-canary' }),
    query(['slack', '--user', '..']),
    query(['slack', '--user', 'alice', '--group', 'acme']),
    query(['slack', '--user', 'alice'], { XKIT_SECRET_KEY: '' }),
  ]);
  expect(refused).toEqual({
    code: 1,
    stdout: '',
    stderr:
      "PLATFORM_AUTH_FAILED: The Platform API refuses this gateway's key.\nTo find out why: xkit-graphql doctor\n",
  });
  expect(impossible).toEqual({
    code: 2,
    stdout: '',
    stderr: `BAD_USER_INPUT: The user id must not consist only of dots.\n${see}`,
  });
  expect(unowned).toEqual({
    code: 2,
    stdout: '',
    stderr: `Exactly one of --user and --group is required.\n${see}`,
  });
  expect([unset.code, unset.stderr]).toEqual([2, expect.stringContaining('  XKIT_SECRET_KEY must be set\n') as string]);
});

it('queries a gateway with a service key, within the limits of the policy', async () => {
  const gateway = await startProcess();
  const [, url = ''] = /^Listening at (\S+)$/m.exec(gateway.output()) ?? [];
  const ask = (key: string, ...args: string[]) =>
    query(['slack', '--user', 'alice', '--url', url, ...args], { XKIT_SERVICE_KEY: key });
  const [shown, withheld, unknown] = await Promise.all([
    ask(KEYS.bff, '--reveal'),
    ask(KEYS.statusPage, '--reveal'),
    ask('xkgk_canary'),
  ]);
  expect([shown.code, shown.stdout]).toEqual([0, expect.stringContaining(`  token          ${TOKEN}\n`) as string]);
  expect([withheld.code, withheld.stdout]).toEqual([1, expect.not.stringContaining('token') as string]);
  expect(withheld.stderr).toBe(
    "FORBIDDEN: The caller lacks the scope tokens:read.\nThe gateway's policy file shows what the caller with XKIT_SERVICE_KEY may read.\n",
  );
  expect([unknown.code, unknown.stderr]).toEqual([
    1,
    "UNAUTHENTICATED: Send a valid service key or token as Authorization: Bearer …\nThe gateway's log shows why it rejects XKIT_SERVICE_KEY.\n",
  ]);
  await gateway.close();
});

it('queries a gateway with prefixes, and names their variables if they are missing', async () => {
  const prefixes = { XKIT_TYPE_PREFIX: 'Xkit', XKIT_FIELD_PREFIX: 'xkit' };
  const gateway = await startProcess(prefixes);
  const [, url = ''] = /^Listening at (\S+)$/m.exec(gateway.output()) ?? [];
  const ask = (args: string[], changes: Record<string, string>) =>
    query(['slack', ...args, '--url', url], { XKIT_SERVICE_KEY: KEYS.bff, ...changes });
  const [user, group, without, invalid] = await Promise.all([
    ask(['--user', 'alice'], prefixes),
    ask(['--group', 'acme'], prefixes),
    ask(['--user', 'alice'], {}),
    ask(['--user', 'alice'], { XKIT_FIELD_PREFIX: 'xkit_' }),
  ]);
  await gateway.close();
  expect([user.code, user.stdout]).toEqual([0, expect.stringMatching(/^Slack of user alice\n/) as string]);
  expect([group.code, group.stdout]).toEqual([0, expect.stringMatching(/^Slack of group acme\n/) as string]);
  expect(without.code).toBe(1);
  expect(without.stderr).toContain('GRAPHQL_VALIDATION_FAILED: Cannot query field "userConnection" on type "Query".\n');
  expect(without.stderr).toContain(
    'Set XKIT_TYPE_PREFIX and XKIT_FIELD_PREFIX to the same values as for the gateway.\n',
  );
  expect([invalid.code, invalid.stderr]).toEqual([
    2,
    expect.stringContaining('  XKIT_FIELD_PREFIX must be letters and digits, and begin with a letter\n') as string,
  ]);
});

it('reports why a gateway returns no result, and does not send the key unencrypted to another machine', async () => {
  const ask = (url: string) => query(['slack', '--user', 'alice', '--url', url], { XKIT_SERVICE_KEY: 'xkgk_canary' });
  const hostile = createServer((_, response) => response.end('{"errors":[{"message":"\\u001b[31mred\\u0007"}]}'));
  const port = await listenLocally(hostile);
  const [red, other, nobody, clear] = await Promise.all([
    ask(`http://127.0.0.1:${port}`),
    ask(listening.url),
    ask('http://127.0.0.1:1/graphql'),
    ask('http://gateway.example.com/graphql'),
  ]);
  hostile.close();
  expect([red.code, red.stderr]).toEqual([1, 'ERROR: [31mred\nTo find out why: xkit-graphql doctor\n']);
  expect([other.code, other.stderr]).toEqual([
    1,
    'The server at --url is not a gateway: it responds with HTTP 404. Check the path: it is /graphql, unless a proxy changes it.\n',
  ]);
  expect(nobody.code).toBe(1);
  expect(nobody.stderr).toMatch(
    /^The gateway at --url cannot be reached: .+\. Check that it is running and that --url is correct\.\n$/,
  );
  expect([clear.code, clear.stderr]).toEqual([
    2,
    '--url must use https, since its host is not a loopback address.\nSee: xkit-graphql query --help\n',
  ]);
});

it('prints the response of any gateway without control characters, and refuses an invalid response', async () => {
  const connection = {
    connectorSlug: 'slack',
    ownerKind: 'USER',
    ownerId: 'alice',
    state: 'NEEDS_REPAIR',
    connector: { name: 'A\u009b31m\u007f' },
    repairLink: { url: 'https://acme.xkit.co/\u202ecinnoc', action: 'REPAIR', reason: 'TOKEN_MISSING' },
  };
  const answers: Record<string, unknown> = {
    '/controls': { data: { connection } },
    '/nothing': { data: null, errors: [] },
    '/empty': { data: { connection: {} } },
    '/null': { errors: [null] },
    '/object': { data: { connection: { ...connection, connector: { name: { toString: 1 } } } } },
    '/code': { errors: [{ message: 'no', extensions: { code: { toString: 1 } } }] },
  };
  const hostile = createServer(({ url = '' }, response) => {
    if (url !== '/endless') return response.end(JSON.stringify(answers[url]));
    const timer = setInterval(() => response.write(' '.repeat(65_536)), 1);
    return response.on('close', () => clearInterval(timer));
  });
  const port = await listenLocally(hostile);
  const ask = (path: string, ...args: string[]) => {
    const url = `http://127.0.0.1:${port}${path}`;
    return query(['slack', '--user', 'alice', '--url', url, ...args], { XKIT_SERVICE_KEY: 'xkgk_canary' });
  };
  const [shown, json, code] = await Promise.all([ask('/controls'), ask('/controls', '--json'), ask('/code')]);
  const others = await Promise.all(['/nothing', '/empty', '/null', '/object', '/endless'].map((path) => ask(path)));
  hostile.close();
  expect(shown.stdout).toContain('A31m of user alice\n');
  expect(shown.stdout).toContain('repair link    https://acme.xkit.co/cinnoc\n');
  expect(json.stdout).toContain(String.raw`"name": "A\u009b31m\u007f"`);
  expect(JSON.parse(json.stdout)).toEqual(answers['/controls']);
  expect([code.code, code.stderr]).toEqual([1, 'ERROR: no\nTo find out why: xkit-graphql doctor\n']);
  for (const other of others) {
    expect(other).toEqual({
      code: 1,
      stdout: '',
      stderr: expect.stringMatching(/^The server at --url is not a gateway: it responds with HTTP 200\./) as string,
    });
  }
});
