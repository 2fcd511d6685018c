import { createServer } from 'node:http';

import { afterAll, beforeAll, expect, it } from 'vitest';

import { startCli } from '../../support/gateway.js';
import { listenLocally } from '../../support/listen.js';
import { writePolicyFile } from '../../support/policy.js';

const policy = writePolicyFile();
const taken = createServer();
let takenPort = '';
beforeAll(async () => {
  takenPort = String(await listenLocally(taken));
});
afterAll(() => {
  taken.close();
  policy.remove();
});

const TAKEN = 'taken';

it.each<[string, Record<string, string>, number, RegExp]>([
  ['a variable', { XKIT_SLUG: '' }, 2, /XKIT_SLUG or XKIT_CATALOG_URL must be set/g],
  ['the policy file', { XKIT_POLICY_FILE: 'nonesuch.yaml' }, 2, /there is no such file/g],
  ['the audit log', { XKIT_AUDIT_LOG: 'nonesuch/audit.log' }, 2, /XKIT_AUDIT_LOG cannot be opened: ENOENT/g],
  ['the manifest', { XKIT_TRUSTED_DOCUMENTS: 'nonesuch.json' }, 2, /there is no such file/g],
  ['a port that is taken', { PORT: TAKEN }, 1, /Port \d+ on 127\.0\.0\.1 is in use\. .*: PORT=\d+$/gm],
  [
    'a port of the metrics that is taken',
    { XKIT_METRICS_PORT: TAKEN },
    1,
    /Port \d+ on 127\.0\.0\.1 is in use\. .*: XKIT_METRICS_PORT=\d+$/gm,
  ],
])('says once what is wrong with %s, however many workers there are to be', async (_, environment, code, problem) => {
  const configured = {
    XKIT_PUBLISHABLE_KEY: 'pk',
    XKIT_SECRET_KEY: 'sk-canary',
    XKIT_SLUG: 'acme',
    XKIT_POLICY_FILE: policy.path,
    PORT: '0',
    LOG_LEVEL: 'silent',
  };
  const withPort = Object.entries(environment).map(([name, value]) => [name, value === TAKEN ? takenPort : value]);
  const cli = startCli(['serve', '--workers', '3'], { ...configured, ...Object.fromEntries(withPort) });
  expect(await cli.ended).toBe(code);
  expect(cli.output().match(problem)).toHaveLength(1);
  expect(cli.output()).not.toMatch(/sk-canary|Listening|\n {4}at /);
});

it.each(['0', '65', '-1', 'two', '1.5', ''])(
  "refuses '%s' workers, and says how many there may be",
  async (workers) => {
    const cli = startCli(['serve', `--workers=${workers}`]);
    expect(await cli.ended).toBe(2);
    expect(cli.output()).toBe('--workers must be a whole number from 1 to 64.\nSee: xkit-graphql serve --help\n');
  },
);
