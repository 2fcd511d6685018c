import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readFileSync } from 'node:fs';
import { createServer } from 'node:http';

import { expect, it, onTestFinished } from 'vitest';

import { composeSupergraph } from '../../examples/federation/compose.js';
import { findFreePort } from '../support/free-port.js';
import { startProcess } from '../support/gateway.js';
import { listenLocally } from '../support/listen.js';
import { KEYS } from '../support/policy.js';

/** Returns the commands in an example's README, in order. */
const commandsOf = (example: string) =>
  [...readFileSync(`examples/${example}/README.md`, 'utf8').matchAll(/```sh\n([\s\S]*?)```/g)].map(
    ([, text = '']) => text,
  );

/**
 * Starts an example with the command in its README, and waits for the address that it prints.
 *
 * @param log receives what the example prints to standard error
 */
async function start(example: string, environment: Record<string, string>, log: string[] = []): Promise<string> {
  const command = `node --import tsx examples/${example}/main.ts`;
  expect(commandsOf(example).join('')).toContain(`${command}\n`);
  const [, ...args] = command.split(' ');
  const child = spawn(process.execPath, args, {
    env: { PATH: process.env['PATH'], ...environment },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    log.push(text);
    process.stderr.write(text);
  });
  onTestFinished(async () => {
    const ended = once(child, 'exit');
    child.kill();
    await ended;
  });
  let printed = '';
  for await (const text of child.stdout.setEncoding('utf8')) {
    printed += String(text);
    const [, url] = /Listening (?:at|on) (http:\S+)/.exec(printed) ?? [];
    if (url !== undefined) return url.replaceAll(/\u001B\[\d+m/g, '');
  }
  throw new Error(`${example} ended without an address:\n${printed}`);
}

/** Runs the `curl` command in an example's README against the real address of the example. */
function curl(example: string, from: string, to: string): { data: { users: { name: string; connection: unknown }[] } } {
  const command = commandsOf(example).at(-1) ?? '';
  expect(command).toContain(from);
  return JSON.parse(execFileSync('sh', ['-c', command.replace(from, to)], { encoding: 'utf8' })) as ReturnType<
    typeof curl
  >;
}

const ALICE = {
  name: 'Alice',
  connection: {
    state: 'ACTIVE',
    authorization: { accessToken: 'sandbox-alice-slack-1-token-1' },
    repairLink: null,
  },
};

it.each([
  ['stitching-gateway', 'http://127.0.0.1:4000/graphql'],
  ['apollo-server-host', 'http://127.0.0.1:4000/'],
])('runs %s as its README describes', async (example, address) => {
  const url = await start(example, { PORT: '0' });
  const { data } = curl(example, address, url);
  expect(data.users.map(({ name }) => name)).toEqual(['Alice', 'Bob', 'Carol', 'Dave']);
  expect(data.users[0]).toEqual(ALICE);
});

it('runs federation as its README describes, with a current supergraph', { timeout: 300_000 }, async () => {
  expect(readFileSync('examples/federation/hive/supergraph.graphql', 'utf8')).toBe(composeSupergraph());
  if (!existsSync('examples/federation/hive/node_modules')) {
    execFileSync('npm', ['--prefix', 'examples/federation/hive', 'ci', '--no-audit', '--no-fund'], { stdio: 'pipe' });
  }
  const port = await findFreePort();
  const environment = { CONNECTIONS_PORT: '0', USERS_PORT: '0', SANDBOX_PORT: '0', PORT: String(port) };
  const url = await start('federation', environment);
  expect(curl('federation', 'http://127.0.0.1:4000/graphql', `${url}/graphql`).data.users[0]).toEqual(ALICE);
});

it('runs bff, which serves channels, repair links, retryable errors and masked errors, also without a gateway', async () => {
  const gateway = await startProcess();
  onTestFinished(() => gateway.close());
  let isHtml = false;
  let accepted = 'sandbox-carol-slack-1-token-1';
  const slack = createServer(({ headers }, response) => {
    if (isHtml) {
      // The message of the error of JSON.parse quotes this body.
      response.writeHead(200, { 'content-type': 'text/html' }).end(headers.authorization);
      return;
    }
    const isAccepted = headers.authorization === `Bearer ${accepted}`;
    // Slack accepts only its newest token. When it refuses a token, the platform already has a newer one.
    if (!isAccepted) gateway.sandbox.store.expireTokens('carol', 'slack');
    const answer = isAccepted ? { ok: true, channels: [{ name: 'general' }] } : { ok: false, error: 'invalid_auth' };
    response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(answer));
  });
  const slackPort = await listenLocally(slack);
  onTestFinished(() => void slack.close());
  const { url: gatewayUrl } = await gateway.fetch('/health');
  const log: string[] = [];
  const environment = {
    PORT: '0',
    GATEWAY_URL: gatewayUrl.replace('/health', '/graphql'),
    GATEWAY_KEY: KEYS.bff,
    SLACK_URL: `http://127.0.0.1:${slackPort}`,
  };
  const url = await start('bff', environment, log);
  const page = async (userId: string) => {
    const response = await fetch(`${url}/users/${userId}/channels`);
    return [response.status, await response.json(), response.headers.get('retry-after')];
  };
  expect(await page('carol')).toEqual([200, { channels: ['general'] }, null]);
  accepted = 'sandbox-carol-slack-1-token-2';
  expect(await page('carol')).toEqual([200, { channels: ['general'] }, null]);
  const repair = { url: 'https://acme.xkit.co/connectors/slack', action: 'SET_UP', reason: 'NOT_ENABLED' };
  expect(await page('dave')).toEqual([409, { repair }, null]);
  gateway.sandbox.faults.add({ status: 429, headers: { 'retry-after': '60' } });
  expect(await page('alice')).toEqual([503, { error: 'PLATFORM_RATE_LIMITED' }, '60']);
  gateway.sandbox.faults.add({ status: 401 });
  expect(await page('%ff')).toEqual([500, { error: 'Something went wrong.' }, null]);
  expect(await page('alice')).toEqual([500, { error: 'Something went wrong.' }, null]);
  isHtml = true;
  expect(await page('carol')).toEqual([500, { error: 'Something went wrong.' }, null]);
  await expect.poll(() => log.join('')).toContain('SyntaxError\n');
  expect(log.join('')).not.toContain('Bearer');
  // The gateway stops, so its port refuses connections.
  if (gateway.pid !== undefined) process.kill(gateway.pid);
  await gateway.ended;
  expect(await page('carol')).toEqual([503, { error: 'GATEWAY_UNAVAILABLE' }, '1']);
});
