import { spawn, spawnSync } from 'node:child_process';
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { afterAll, beforeAll, expect, it } from 'vitest';

import { createSandbox } from '../../src/sandbox/index.js';
import { findFreePort } from '../support/free-port.js';
import { readBlocks } from '../support/page.js';
import { postJson } from '../support/post-json.js';

const textsOf = (language: string, page = 'README.md') => readBlocks(page, language).map(({ text }) => text);
const [start, curl, production, development] = textsOf('sh');
const [query] = textsOf('graphql');
const [firstAnswer, secondAnswer] = textsOf('json').map((text) => JSON.parse(text) as unknown);
const folder = 'test/.docs/readme';

let dev: { url: string; sandboxUrl: string; output(): string; stop(): Promise<unknown> };
beforeAll(async () => {
  mkdirSync(folder, { recursive: true });
  dev = await startDev();
});
afterAll(async () => {
  await dev.stop();
  rmSync(folder, { recursive: true });
  // Only npm received the signal. It must also have stopped the processes that npm started.
  await expect(fetch(dev.url)).rejects.toThrow('fetch failed');
  await expect(fetch(dev.sandboxUrl)).rejects.toThrow('fetch failed');
});

/** Runs the exact command of the quick start, on free ports. */
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

it('shows a first request that works unchanged, and its response', () => {
  const { stdout } = spawnSync('bash', ['-c', toDev(curl ?? '')], { encoding: 'utf8' });
  expect(JSON.parse(stdout)).toEqual(firstAnswer);
});

it('withholds the token from the caller that may not read tokens', () => {
  const request = (curl ?? '').replace('xkgk_demo_bff', 'xkgk_demo_status_page');
  const { stdout } = spawnSync('bash', ['-c', toDev(request)], { encoding: 'utf8' });
  expect(JSON.parse(stdout)).toMatchObject({
    data: { userConnection: { state: 'ACTIVE', authorization: { accessToken: null } } },
    errors: [{ extensions: { code: 'FORBIDDEN' } }],
  });
});

it('shows a query and its response', async () => {
  expect(await ask(query ?? '')).toEqual(JSON.parse(toDev(JSON.stringify(secondAnswer))));
});

it('prints a request and three queries that work unchanged', async () => {
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
])("returns alice's %s as %s after one GET with the right credentials", async (slug, state, link) => {
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

it('returns a repair link that opens', async () => {
  expect((await fetch(`${dev.sandboxUrl}/connectors/github`)).status).toBe(200);
});

it('serves GraphiQL at the printed URL', async () => {
  const page = await (await fetch(dev.url, { headers: { accept: 'text/html' } })).text();
  expect(page).toContain('xkit-graphql');
});

it('shows a host in the guide that works unchanged', async () => {
  const sandbox = await createSandbox().listen();
  const port = await findFreePort();
  const file = join(folder, 'host.ts');
  writeFileSync(file, (textsOf('ts', 'docs/guides/module.md')[0] ?? '').replace('4000', String(port)));
  const environment = {
    XKIT_PUBLISHABLE_KEY: 'pk_sandbox',
    XKIT_SECRET_KEY: 'sk_sandbox',
    XKIT_API_URL: sandbox.apiUrl,
  };
  const host = spawn(process.execPath, ['--import', 'tsx', file], {
    env: { ...process.env, ...environment },
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  try {
    const operation = postJson({ query: '{ userConnection(userId: "alice", connectorSlug: "slack") { state } }' });
    const response = await retry(() => fetch(`http://127.0.0.1:${port}/graphql`, operation));
    expect(await response.json()).toEqual({ data: { userConnection: { state: 'ACTIVE' } } });
  } finally {
    host.kill();
    await sandbox.close();
  }
});

it('shows the command for production and the test command that CI runs', () => {
  expect(production).toMatch(/^(?:[A-Z_]+=\S+ )+npm start\n$/);
  expect(development).toBe('npm ci && npm test\n');
  expect(readFileSync('.ci/run', 'utf8')).toContain('npm ci\nnpm test\n');
});

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
