import { expect, it } from 'vitest';

import { createSandbox, SANDBOX_CREDENTIALS } from '../../src/sandbox/index.js';
import { ConfigurationError, ListenError, PolicyFileError, startServer } from '../../src/server/index.js';
import { KEYS, writePolicyFile } from '../support/policy.js';
import { postJson } from '../support/post-json.js';

it('runs inside another program, and throws an error of a specific class if it cannot start', async () => {
  const sandbox = await createSandbox().listen();
  const policy = writePolicyFile();
  const environment = {
    XKIT_PUBLISHABLE_KEY: SANDBOX_CREDENTIALS.publishableKey,
    XKIT_SECRET_KEY: SANDBOX_CREDENTIALS.secretKey,
    XKIT_API_URL: sandbox.apiUrl,
    XKIT_SLUG: 'acme',
    XKIT_POLICY_FILE: policy.path,
    XKIT_AUDIT_LOG: `${policy.folder}/audit.log`,
    LOG_LEVEL: 'silent',
    PORT: '0',
  };
  const server = await startServer(environment);
  const query = '{ userConnection(userId: "alice", connectorSlug: "slack") { state } }';
  const ask = () => fetch(`${server.url}/graphql`, postJson({ query }, { authorization: `Bearer ${KEYS.bff}` }));
  expect(await (await ask()).json()).toEqual({ data: { userConnection: { state: 'ACTIVE' } } });

  policy.write({ callers: [] });
  await server.reload();
  // An invalid policy does not replace the current one.
  expect((await ask()).status).toBe(200);

  await expect(startServer({})).rejects.toBeInstanceOf(ConfigurationError);
  await expect(startServer(environment)).rejects.toBeInstanceOf(PolicyFileError);
  policy.remove();
  const other = writePolicyFile();
  const { port } = new URL(server.url);
  const taken = {
    ...environment,
    XKIT_POLICY_FILE: other.path,
    XKIT_AUDIT_LOG: `${other.folder}/audit.log`,
    PORT: port,
  };
  await expect(startServer(taken)).rejects.toBeInstanceOf(ListenError);
  server.announceClose();
  expect([(await fetch(`${server.url}/ready`)).status, (await ask()).status]).toEqual([503, 200]);
  await server.close();
  await expect(ask()).rejects.toThrow('fetch failed');
  other.remove();
  await sandbox.close();
});
