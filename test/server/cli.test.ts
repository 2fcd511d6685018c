import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

import { afterAll, beforeAll, expect, it } from 'vitest';

import { startCli } from '../support/gateway.js';

const taken = createServer();
let takenPort: string;
beforeAll(async () => {
  await new Promise<void>((resolve) => taken.listen(0, '127.0.0.1', resolve));
  takenPort = String((taken.address() as AddressInfo).port);
});
afterAll(() => taken.close());

async function run(args: string[], environment: Record<string, string> = {}) {
  const cli = startCli(args, environment);
  return { code: await cli.ended, output: cli.output() };
}

const configured = { XKIT_PUBLISHABLE_KEY: 'pk', XKIT_SECRET_KEY: 'sk', XKIT_SLUG: 'acme', PORT: '0' };

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
      '  XKIT_SLUG or XKIT_CATALOG_URL must be set: without it there is no repair link to give\n' +
      'See: xkit-graphql serve --help. To try it without an account: xkit-graphql dev\n',
  });
});

it('says what to do when a port is taken', async () => {
  const inUse = (variable: string) =>
    `Port ${takenPort} on 127.0.0.1 is in use. Stop the program that has it, or choose another port: ${variable}=${Number(takenPort) + 10}\n`;
  expect(await run(['serve'], { ...configured, PORT: takenPort })).toEqual({ code: 1, output: inUse('PORT') });
  expect(await run(['dev'], { PORT: takenPort, SANDBOX_PORT: '0' })).toEqual({ code: 1, output: inUse('PORT') });
  expect(await run(['dev'], { PORT: '0', SANDBOX_PORT: takenPort })).toEqual({
    code: 1,
    output: inUse('SANDBOX_PORT'),
  });
  expect(await run(['sandbox'], { SANDBOX_PORT: takenPort })).toEqual({ code: 1, output: inUse('SANDBOX_PORT') });
});

it('says loudly that it is open, listens on loopback only, and ends with 0 on SIGTERM', async () => {
  const cli = startCli(['serve'], configured);
  const [, url] = await cli.printed(/"url":"([^"]+)"/);
  expect(url).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/graphql$/);
  expect(cli.output()).toContain(
    "OPEN: callers are not authenticated yet. Every program on this machine can read every user's access token at\n" +
      `${url}. It listens on a loopback address only: do not forward or proxy anything to it.\n`,
  );
  expect(await cli.stop()).toBe(0);
});

it('serves the sandbox in the other envelope and generation on request', async () => {
  const cli = startCli(['sandbox', '--envelope', 'nested'], { SANDBOX_PORT: '0', XKIT_API_GENERATION: 'contexts' });
  const [, curl] = await cli.printed(/curl -s -u pk_sandbox:sk_sandbox (\S+)/);
  const headers = { authorization: `Basic ${btoa('pk_sandbox:sk_sandbox')}` };
  const body: unknown = await (await fetch(curl, { headers })).json();
  expect(body).toMatchObject({
    connection: { enabled: true, authorization: { credential: 'sandbox-alice-slack-1-token-1' } },
  });
  await cli.printed(/GET \/api\/platform\/contexts\/alice\/connections\/slack → 200 \(Basic credentials: right\)/);
  expect(await cli.stop()).toBe(0);
});
