import { afterAll, expect, it } from 'vitest';

import { startCli } from '../support/gateway.js';
import { writePolicyFile } from '../support/policy.js';

const policy = writePolicyFile();
afterAll(() => policy.remove());

const environment = {
  XKIT_PUBLISHABLE_KEY: 'pk',
  XKIT_SECRET_KEY: 'sk',
  XKIT_SLUG: 'acme',
  XKIT_POLICY_FILE: policy.path,
  PORT: '0',
};

/** Runs a command in a shell, because Node itself passes on only UTF-8. */
const inShell = (script: string) => ['bash', '-c', `${script} exec "$@"`, 'bash'];

it('does not start with a variable that is not UTF-8', async () => {
  const cli = startCli(['serve'], environment, inShell(String.raw`export XKIT_CONNECTORS=$'slack,jos\xe9';`));
  expect(await cli.ended).toBe(2);
  expect(cli.output()).toContain('XKIT_CONNECTORS is not UTF-8 text');
});

it('refuses an id in the arguments that is not UTF-8', async () => {
  const cli = startCli(['query', 'slack'], environment, inShell(String.raw`set -- "$@" --user $'jos\xe9';`));
  expect(await cli.ended).toBe(2);
  expect(cli.output()).toContain('Argument 3 is not UTF-8 text.\nSee: xkit-graphql query --help');
});
