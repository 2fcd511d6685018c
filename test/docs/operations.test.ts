import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { createOwnerHash } from '../../src/access/audit.js';
import { startInProcess } from '../support/gateway.js';
import { UserConnection } from '../support/operations.js';
import { listNames, readBlocks, readRows } from '../support/page.js';

/** Runs the command of a page that contains these words. */
function run(page: string, words: string, environment: Record<string, string>): string {
  const { text = '' } = readBlocks(page, 'sh').find((block) => block.text.includes(words)) ?? {};
  const { stdout } = spawnSync('bash', ['-c', text], { encoding: 'utf8', env: { ...process.env, ...environment } });
  return stdout.trim();
}

it('shows how to find the audit events of one user', () => {
  const key = 'key-of-the-documentation';
  expect(run('docs/operations.md', 'createHmac', { XKIT_AUDIT_KEY: key })).toBe(createOwnerHash(key)('alice'));
});

it('shows how to find the audit events of a token', () => {
  const fingerprint = createHash('sha256').update('sandbox-alice-slack-1-token-1').digest('hex').slice(0, 16);
  expect(run('docs/guides/security.md', 'sha256sum', { TOKEN: 'sandbox-alice-slack-1-token-1' })).toBe(fingerprint);
});

it('lists exactly the fields of a written audit event', async () => {
  const listed = listNames(readRows('docs/operations.md', 'The audit log'));
  let written: object = {};
  const audit = { sink: (event: object) => void (written = event), ownerHashKey: 'key-of-the-documentation' };
  const gateway = await startInProcess({ schema: { audit } });
  await gateway.send(UserConnection, { userId: 'alice', connectorSlug: 'slack' });
  await gateway.close();
  expect(listed.toSorted()).toEqual([...Object.keys(written), 'event'].toSorted());
});

it('shows the codegen option for a manifest that this project uses itself', () => {
  for (const file of ['docs/operations.md', 'codegen.ts']) {
    expect(readFileSync(file, 'utf8')).toContain("persistedDocuments: { hashAlgorithm: 'sha256' }");
  }
});
