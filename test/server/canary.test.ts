import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import type { Fault } from '../../src/sandbox/index.js';
import { hashServiceKey } from '../../src/server/auth/service-key.js';
import { startProcess, type TestGateway } from '../support/gateway.js';
import { Connections, KeyOnly, UserConnection, WholeConnection } from '../support/operations.js';
import { KEYS, writePolicyFile } from '../support/policy.js';
import { postJson } from '../support/post-json.js';

const publishableKey = 'pk-canary-publishable';
const secretKey = 'sk-canary-secret';
const auditKey = 'audit-canary-key-of-hashes';
const owner = 'owner-canary@example.com';
const TOKEN = `sandbox-${owner}-slack-1-token-1`;

/** None of these may appear in the output, or in a response to an operation that did not select it. */
const secrets = [
  secretKey,
  Buffer.from(`${publishableKey}:${secretKey}`).toString('base64'),
  'token-1',
  // The callers' keys, and their hashes in the policy file.
  ...Object.values(KEYS).flatMap((key) => [key, hashServiceKey(key).replace('sha256:', '')]),
  auditKey,
  'canary-body',
  'canary-header',
];
const own = { userId: owner, connectorSlug: 'slack' };

const body = JSON.stringify({
  connection: { enabled: true },
  connector: { slug: 'slack' },
  authorization: { status: 'error', access_token: 'canary-body', error_message: 'canary-body' },
});
const headers = {
  'x-secret': 'canary-header',
  'retry-after': 'canary-header',
  location: 'https://canary-header.example/',
};
const faults: Fault[] = [
  ...[200, 201, 302, 400, 401, 403, 404, 408, 418, 429, 500, 503].map((status) => ({ status, body, headers })),
  { body: 'canary-body' },
  { body: `{"connection":"canary-body"}` },
  { body, headers: { 'content-encoding': 'gzip' } },
  { disconnect: 'before-response', times: 2 },
  { disconnect: 'mid-body' },
];

describe.each(['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent'])(
  'the gateway at log level %s',
  (level) => {
    let gateway: TestGateway;
    const policy = writePolicyFile();
    const auditLog = join(policy.folder, 'audit.log');
    beforeAll(async () => {
      const options = { publishableKey, secretKey };
      gateway = await startProcess(
        {
          LOG_LEVEL: level,
          DEBUG: '*',
          NODE_ENV: level === 'trace' ? 'development' : 'production',
          XKIT_POLICY_FILE: policy.path,
          XKIT_AUDIT_KEY: auditKey,
          // The audit log goes to standard output at the level trace, and to a file at the other levels.
          ...(level !== 'trace' && { XKIT_AUDIT_LOG: auditLog }),
        },
        options,
      );
      gateway.sandbox.store.setConnections(owner, 'slack', [{ enabled: true, status: 'active' }]);
    });
    afterAll(async () => {
      await gateway.close();
      policy.remove();
    });

    const expectClean = (text: string) => {
      for (const secret of secrets) expect(text).not.toContain(secret);
    };

    it('returns the token only in the field that selects it', async () => {
      const { body: answer } = await gateway.send(UserConnection, own);
      expect(answer.split(TOKEN)).toHaveLength(2);
      expectClean(answer.replace(TOKEN, ''));
      const { body: whole } = await gateway.send(WholeConnection, own);
      expectClean(whole.replace(TOKEN, ''));
      expectClean((await gateway.send(KeyOnly, { ...own, more: true })).body);
    });

    it('returns no secret for any fault of the platform', async () => {
      for (const fault of faults) {
        gateway.sandbox.faults.add(fault);
        expectClean((await gateway.send(UserConnection, own)).body);
        gateway.sandbox.faults.clear();
      }
      gateway.sandbox.faults.add({ status: 500, body, headers });
      const keys = [{ ownerKind: 'USER' as const, ownerId: owner, connectorSlug: 'slack' }];
      const { headers: answered } = await gateway.send(Connections, { keys });
      expectClean(JSON.stringify([...answered]));
    });

    it('returns no secret to forbidden callers or for invalid credentials', async () => {
      const wrong = [
        'Bearer xkgk_canary-body',
        `Bearer ${KEYS.expired}`,
        `Basic ${btoa(`:${KEYS.bff}`)}`,
        'canary-body',
      ];
      for (const authorization of [...[KEYS.bob, KEYS.statusPage].map((key) => `Bearer ${key}`), ...wrong]) {
        const { body: answer, headers: answered } = await gateway.send(UserConnection, own, { authorization });
        expectClean(answer);
        expectClean(JSON.stringify([...answered]));
      }
      process.kill(gateway.pid ?? 0, 'SIGHUP');
    });

    it('prints no secret and no owner id between start and exit', async () => {
      for (const junk of ['{', '{ nonesuch }', 'query { userConnection(userId: 7) { state } }']) {
        await gateway.fetch('/graphql', postJson({ query: junk, variables: { token: 'canary-body' } }));
      }
      await gateway.close();
      const audit = level === 'trace' ? '' : readFileSync(auditLog, 'utf8');
      const printed = gateway.output() + audit;
      expectClean(printed);
      expect(printed).not.toContain(owner);
      expect(printed).not.toContain(publishableKey);
      if (level === 'trace') expect(printed).toContain('"operation":"UserConnection"');
      expect(printed).toContain('"outcome":"disclosed"');
      expect(printed).toContain('"outcome":"refused"');
    });
  },
);
