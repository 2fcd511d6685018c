import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { spawn, spawnSync } from 'node:child_process';
import { dirname, join } from 'node:path';

import { afterAll, beforeAll, expect, it } from 'vitest';

import { createOwnerHash } from '../src/access/audit.js';
import { createSandbox } from '../src/sandbox/index.js';
import { ERROR_CODES } from '../src/schema/error-codes.js';
import { describeVariables, devVariables, serveVariables } from '../src/server/variables.js';
import { findFreePort } from './support/free-port.js';
import { startInProcess } from './support/gateway.js';
import { GroupConnection, UserConnection } from './support/operations.js';
import { postJson } from './support/post-json.js';

const readme = readFileSync('README.md', 'utf8');
const operations = readFileSync('docs/operations.md', 'utf8');
const pages = ['README.md', 'CONTRIBUTING.md', 'SECURITY.md', 'CHANGELOG.md', ...listPages('docs')];

/** The README's code blocks of a language, in order. */
const blocks = (language: string) =>
  [...readme.matchAll(new RegExp(`\`\`\`${language}\\n([\\s\\S]*?)\`\`\``, 'g'))].map(([, text]) => text ?? '');
/** The cells of every table row whose first cell fits, without escapes and backticks. */
const rows = (page: string, first: RegExp) =>
  page
    .split('\n')
    .filter((line) => line.startsWith('| '))
    .map((line) =>
      line
        .split(/(?<!\\)\|/)
        .slice(1, -1)
        .map((cell) => cell.trim().replaceAll('\\|', '|').replaceAll('`', '')),
    )
    .filter(([cell = '']) => first.test(cell));

const [start, curl, production, development] = blocks('sh');
const [query] = blocks('graphql');
const [firstAnswer, secondAnswer] = blocks('json').map((text) => JSON.parse(text) as unknown);
const folder = 'test/.readme';

let dev: { url: string; sandboxUrl: string; output(): string; stop(): Promise<unknown> };
beforeAll(async () => {
  mkdirSync(folder, { recursive: true });
  dev = await startDev();
});
afterAll(async () => {
  await dev.stop();
  rmSync(folder, { recursive: true });
  // The signal went to npm alone, and has to end what npm started as well.
  await expect(fetch(dev.url)).rejects.toThrow('fetch failed');
  await expect(fetch(dev.sandboxUrl)).rejects.toThrow('fetch failed');
});

/** Runs the very command of the quick start, on free ports. */
async function startDev() {
  expect(start).toBe('npm ci && npm run dev\n');
  const child = spawn('npm', ['run', 'dev'], {
    env: { ...process.env, PORT: '0', SANDBOX_PORT: '0' },
    stdio: 'pipe',
  });
  let output = '';
  const ended = new Promise((resolve) => child.once('close', resolve));
  await new Promise<void>((resolve, reject) => {
    void ended.then(() => reject(new Error(output)));
    child.stderr.on('data', (chunk) => (output += String(chunk)));
    child.stdout.on('data', (chunk) => {
      output += String(chunk);
      if (output.includes('Ctrl+C')) resolve();
    });
  });
  const [, url = ''] = /GraphQL +(\S+)/.exec(output) ?? [];
  const [, sandboxUrl = ''] = /Sandbox Platform API +(\S+?)\/api/.exec(output) ?? [];
  return { url, sandboxUrl, output: () => output, stop: () => (child.kill('SIGTERM'), ended) };
}

const toDev = (text: string) =>
  text.replaceAll('http://127.0.0.1:4000/graphql', dev.url).replaceAll('http://127.0.0.1:4001', dev.sandboxUrl);

async function ask(
  text: string,
): Promise<{ data: Record<string, { state: string } | { state: string }[]>; errors?: unknown }> {
  const response = await fetch(dev.url, postJson({ query: text }, { authorization: 'Bearer xkgk_demo_bff' }));
  return (await response.json()) as Awaited<ReturnType<typeof ask>>;
}

it('shows a first request that works as it stands, and its answer', () => {
  const { stdout } = spawnSync('bash', ['-c', toDev(curl ?? '')], { encoding: 'utf8' });
  expect(JSON.parse(stdout)).toEqual(firstAnswer);
});

it('shows a refusal to the caller that may not read tokens', () => {
  const request = (curl ?? '').replace('xkgk_demo_bff', 'xkgk_demo_status_page');
  const { stdout } = spawnSync('bash', ['-c', toDev(request)], { encoding: 'utf8' });
  expect(JSON.parse(stdout)).toMatchObject({
    data: { userConnection: { state: 'ACTIVE', authorization: { accessToken: null } } },
    errors: [{ extensions: { code: 'FORBIDDEN' } }],
  });
});

it('shows a query and the answer that it gets', async () => {
  expect(await ask(query ?? '')).toEqual(JSON.parse(toDev(JSON.stringify(secondAnswer))));
});

it('prints a request and three queries that work as they stand', async () => {
  const printed = dev.output();
  const request = /^curl [\s\S]*?'$/m.exec(printed)?.[0] ?? '';
  expect(JSON.parse(spawnSync('bash', ['-c', request], { encoding: 'utf8' }).stdout)).toEqual(firstAnswer);
  const queries = printed.split('\n').filter((line) => line.startsWith('{'));
  expect(queries).toHaveLength(3);
  const states: string[] = [];
  for (const printedQuery of queries) {
    const { data, errors } = await ask(printedQuery);
    expect(errors).toBeUndefined();
    states.push(
      ...Object.values(data)
        .flat()
        .map(({ state }) => state),
    );
  }
  expect(states).toEqual(['NEEDS_REPAIR', 'ACTIVE', 'NOT_ENABLED', 'ACTIVE']);
});

it.each([
  ['slack', 'ACTIVE', null],
  ['github', 'NEEDS_REPAIR', { action: 'REPAIR', reason: 'AUTHORIZATION_ERROR' }],
  ['salesforce', 'PENDING', { action: 'FINISH', reason: 'AUTHORIZATION_PENDING' }],
  ['google-drive', 'NOT_ENABLED', { action: 'SET_UP', reason: 'NOT_ENABLED' }],
  ['nonesuch', 'NOT_FOUND', { action: 'SET_UP', reason: 'NOT_FOUND' }],
])("answers alice's %s with %s, after one GET with the right credentials", async (slug, state, link) => {
  const before = dev.output().length;
  const { data } = await ask(
    `{ userConnection(userId: "alice", connectorSlug: "${slug}") { state repairLink { url action reason } } }`,
  );
  const url = `${dev.sandboxUrl}/connectors/${slug}`;
  expect(data).toEqual({ userConnection: { state, repairLink: link && { url, ...link } } });
  const status = state === 'NOT_FOUND' ? 404 : 200;
  const line = `sandbox: GET /api/platform/connections/alice/${slug} → ${status} (Basic credentials: right)`;
  await retry(async () => expect(dev.output().slice(before).split(line)).toHaveLength(2));
});

it('gives a repair link that opens', async () => {
  expect((await fetch(`${dev.sandboxUrl}/connectors/github`)).status).toBe(200);
});

it('shows GraphiQL where it says', async () => {
  const page = await (await fetch(dev.url, { headers: { accept: 'text/html' } })).text();
  expect(page).toContain('xkit-graphql');
});

it('shows a host that works as it stands', async () => {
  const sandbox = await createSandbox().listen();
  const port = await findFreePort();
  const file = join(folder, 'host.ts');
  writeFileSync(file, (blocks('ts')[0] ?? '').replace('4000', String(port)));
  const environment = {
    XKIT_PUBLISHABLE_KEY: 'pk_sandbox',
    XKIT_SECRET_KEY: 'sk_sandbox',
    XKIT_API_URL: sandbox.apiUrl,
  };
  const host = spawn(process.execPath, ['--import', 'tsx', file], {
    env: { ...process.env, ...environment },
    stdio: 'inherit',
  });
  try {
    const operation = postJson({ query: '{ userConnection(userId: "alice", connectorSlug: "slack") { state } }' });
    const response = await retry(() => fetch(`http://127.0.0.1:${port}/graphql`, operation));
    expect(await response.json()).toEqual({ data: { userConnection: { state: 'ACTIVE' } } });
  } finally {
    host.kill();
    await sandbox.close();
  }
  const { stdout } = spawnSync(
    'node_modules/typescript/bin/tsc',
    [
      '--ignoreConfig',
      '--noEmit',
      '--strict',
      '--module',
      'nodenext',
      '--target',
      'es2023',
      '--skipLibCheck',
      '--types',
      'node',
      file,
    ],
    { encoding: 'utf8' },
  );
  expect(stdout).toBe('');
});

it('shows commands that exist, and the test command that CI runs', () => {
  const { scripts } = JSON.parse(readFileSync('package.json', 'utf8')) as { scripts: Record<string, string> };
  expect(production).toMatch(/^(?:[A-Z_]+=\S+ )+npm start\n$/);
  expect(development).toBe('npm ci && npm test\n');
  expect(readFileSync('.ci/run', 'utf8')).toContain('npm ci\nnpm test\n');
  for (const page of pages) {
    for (const [, script = ''] of readFileSync(page, 'utf8').matchAll(/npm run ([\w:-]+)/g))
      expect(Object.keys(scripts)).toContain(script);
  }
});

it('lists every variable as the program describes it', () => {
  const described = [...describeVariables(serveVariables), ...describeVariables(devVariables)];
  expect(
    new Map(
      rows(operations, /^(?:XKIT_\w+|PORT|HOST|LOG_LEVEL|SANDBOX_PORT)$/).map(([name = '', text = '']) => [name, text]),
    ),
  ).toEqual(new Map(described));
});

it('lists every error code with its message, and what to do about it', () => {
  const listed = rows(readme, /^[A-Z_]+$/).filter((cells) => cells.length === 3);
  expect(listed).toEqual(
    Object.entries(ERROR_CODES).map(([code, { message, retryable }]) => [code, message, retryable ? 'yes' : 'no']),
  );
  const explained = rows(operations, /^[A-Z_]+$/).map(([code]) => code);
  const { BAD_USER_INPUT: _, ...others } = ERROR_CODES;
  expect(explained).toEqual(expect.arrayContaining(Object.keys(others)));
});

it('shows how to find the audit events of one user', () => {
  const [, command = ''] = /```sh\n(node -p .*)\n```/.exec(operations) ?? [];
  const environment = { ...process.env, XKIT_AUDIT_KEY: 'key-of-the-documentation' };
  const { stdout } = spawnSync('bash', ['-c', command], { encoding: 'utf8', env: environment });
  expect(stdout.trim()).toBe(createOwnerHash(environment.XKIT_AUDIT_KEY)('alice'));
});

it('lists what an audit event holds, as it is written', async () => {
  const [section = ''] = /## The audit log[\s\S]*?\n## /.exec(operations) ?? [];
  const listed = rows(section, /^[a-z]\w+(?:, \w+)*$/)
    .flatMap(([names = '']) => names.split(', '))
    .slice(1);
  let written: object = {};
  const audit = { sink: (event: object) => void (written = event), ownerHashKey: 'key-of-the-documentation' };
  const gateway = await startInProcess({ schema: { audit } });
  await gateway.send(UserConnection, { userId: 'alice', connectorSlug: 'slack' });
  await gateway.close();
  expect(listed.toSorted()).toEqual([...Object.keys(written), 'event'].toSorted());
});

it('shows how codegen writes a manifest, which is how it writes ours', () => {
  for (const file of ['docs/operations.md', 'codegen.ts']) {
    expect(readFileSync(file, 'utf8')).toContain("persistedDocuments: { hashAlgorithm: 'sha256' }");
  }
});

it('lists the people of the sandbox as they are', async () => {
  const page = readFileSync('docs/sandbox.md', 'utf8');
  const gateway = await startInProcess();
  const outcome = (connection?: { state: string; repairLink: { reason: string } | null } | null) =>
    [connection?.state, connection?.repairLink?.reason].filter(Boolean).join(', ');
  const people = rows(page, /./).filter((cells) => /^(?:ACTIVE|NOT_|NEEDS_|PENDING)/.test(cells[3] ?? ''));
  expect(people.length).toBeGreaterThan(18);
  for (const [owner = '', second = '', third = '', expected = ''] of people) {
    const isGroup = ['acme', 'broken-inc', 'newcomers'].includes(owner);
    const found = isGroup
      ? (await gateway.send(GroupConnection, { groupId: owner, connectorSlug: third })).data?.groupConnection
      : (await gateway.send(UserConnection, { userId: owner, connectorSlug: second })).data?.userConnection;
    expect([owner, second, outcome(found)]).toEqual([owner, second, expected.replace(', by carol', '')]);
  }
  await gateway.close();
});

it('has no broken link between its pages', () => {
  for (const page of pages) {
    for (const [, target = ''] of readFileSync(page, 'utf8').matchAll(/\]\((?!https?:)([^)#]+)/g)) {
      expect([page, target, existsSync(join(dirname(page), target))]).toEqual([page, target, true]);
    }
  }
});

it('names files and folders that exist', () => {
  for (const page of pages) {
    for (const [, path = ''] of readFileSync(page, 'utf8').matchAll(
      /`((?:test|docs|src|domain|platform|loaders|schema|server|sandbox)\/[\w./-]*)`/g,
    )) {
      expect([page, path, existsSync(path) || existsSync(join('src', path))]).toEqual([page, path, true]);
    }
  }
});

function listPages(directory: string): string[] {
  return readdirSync(directory, { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.md'))
    .map((name) => join(directory, name));
}

async function retry<T>(attempt: () => Promise<T>): Promise<T> {
  for (let left = 100; ; left -= 1) {
    try {
      return await attempt();
    } catch (error) {
      if (left === 0) throw error;
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
  }
}
