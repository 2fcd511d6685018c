// Prints the files of this package that an operation executes after a warm-up, from V8's precise coverage.
// Run it with: node test/support/own-files.js
import { Session } from 'node:inspector/promises';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { createSandbox, SANDBOX_CREDENTIALS } from '../../dist/sandbox/index.js';
import { startServer } from '../../dist/server/index.js';
import { createServiceKey, hashServiceKey } from '../../dist/server/auth/service-key.js';

const folder = mkdtempSync(join(tmpdir(), 'xkit-graphql-own-files-'));
const key = createServiceKey();
const scopes = ['connections:read', 'tokens:read'];
const limits = { users: 'any', groups: 'any', connectors: 'any' };
const policy = { callers: [{ id: 'bff', scopes, ...limits, keys: [{ hash: hashServiceKey(key) }] }] };
const query = `query ($u: ID!) { userConnection(userId: $u, connectorSlug: "slack") { state authorization { accessToken } } }`;
writeFileSync(join(folder, 'policy.json'), JSON.stringify(policy));
writeFileSync(join(folder, 'manifest.json'), JSON.stringify({ one: query }));

const sandbox = await createSandbox().listen();
const server = await startServer({
  XKIT_PUBLISHABLE_KEY: SANDBOX_CREDENTIALS.publishableKey,
  XKIT_SECRET_KEY: SANDBOX_CREDENTIALS.secretKey,
  XKIT_API_URL: sandbox.apiUrl,
  XKIT_SLUG: 'acme',
  XKIT_POLICY_FILE: join(folder, 'policy.json'),
  XKIT_TRUSTED_DOCUMENTS: join(folder, 'manifest.json'),
  XKIT_AUDIT_LOG: join(folder, 'audit.log'),
  XKIT_METRICS_PORT: '0',
  LOG_LEVEL: 'silent',
  PORT: '0',
});
const ask = async () => {
  const response = await fetch(`${server.url}/graphql`, {
    method: 'POST',
    headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json' },
    body: JSON.stringify({ documentId: 'one', variables: { u: 'alice' } }),
  });
  const text = await response.text();
  if (!text.includes('"accessToken":"sandbox-alice')) throw new Error(text);
};
for (let time = 0; time < 20; time += 1) await ask();

const session = new Session();
session.connect();
await session.post('Profiler.enable');
await session.post('Profiler.startPreciseCoverage', { callCount: true, detailed: false });
await ask();
const { result } = await session.post('Profiler.takePreciseCoverage');
session.disconnect();
const root = new URL('../../dist/', import.meta.url).href;
const files = result
  .filter(({ url, functions }) => url.startsWith(root) && functions.some(({ ranges }) => ranges[0].count > 0))
  .map(({ url }) => url.slice(root.length))
  .filter((file) => !file.startsWith('sandbox/'))
  .toSorted();
process.stdout.write(`${files.join('\n')}\n`);
await server.close();
await sandbox.close();
rmSync(folder, { recursive: true });
