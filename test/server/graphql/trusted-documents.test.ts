import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { print } from 'graphql';
import { afterAll, expect, it } from 'vitest';

import { hashDocument } from '../../../src/access/audit.js';
import { startCli, startProcess, type TestGateway } from '../../support/gateway.js';
import { KeyOnly, UserConnection } from '../../support/operations.js';
import { writePolicyFile } from '../../support/policy.js';
import { postJson } from '../../support/post-json.js';

/** The manifest that codegen generates from the operations of the tests. */
const MANIFEST = 'test/support/__generated__/persisted-documents.json';
const manifest = JSON.parse(readFileSync(MANIFEST, 'utf8')) as Record<string, string>;
const idOf = (name: string) =>
  Object.keys(manifest).find((id) => manifest[id]?.includes(`query ${name}(`)) ?? `no ${name} in the manifest`;

const alice = { userId: 'alice', connectorSlug: 'slack' };
const documentId = idOf('UserConnection');
const folder = mkdtempSync(join(tmpdir(), 'xkit-graphql-manifest-'));
afterAll(() => rmSync(folder, { recursive: true }));

async function post(gateway: TestGateway, body: object) {
  const response = await gateway.fetch('/graphql', postJson(body));
  const { data, errors } = (await response.json()) as {
    data?: { userConnection: { state: string } };
    errors?: { extensions: { code: string; retryable: boolean; requestId: string } }[];
  };
  return { status: response.status, state: data?.userConnection.state, code: errors?.[0]?.extensions.code };
}

it('executes only the documents of the manifest, by their ids', async () => {
  const gateway = await startProcess({ XKIT_TRUSTED_DOCUMENTS: MANIFEST });
  const served = { status: 200, state: 'ACTIVE', code: undefined };
  expect(await post(gateway, { documentId, variables: alice })).toEqual(served);
  const hash = documentId.replace('sha256:', '');
  const persistedQuery = { version: 1, sha256Hash: hash };
  expect(await post(gateway, { extensions: { persistedQuery }, variables: alice })).toEqual(served);
  // The gateway finds the compiled document by its text, but not by a text in the body of a request.
  for (let time = 0; time < 5; time += 1) expect(await post(gateway, { documentId, variables: alice })).toEqual(served);
  const lookups = gateway.sandbox.requests.entries.length;
  const refused = { status: 400, state: undefined };
  const compiled = { query: manifest[documentId], variables: alice };
  expect(await post(gateway, compiled)).toEqual({ ...refused, code: 'BAD_REQUEST' });

  const query = print(UserConnection);
  expect(await post(gateway, { query, variables: alice })).toEqual({ ...refused, code: 'BAD_REQUEST' });
  expect(await post(gateway, { query, documentId, variables: alice })).toEqual({ ...refused, code: 'BAD_REQUEST' });
  // A caller cannot add a document, unlike with automatic persisted queries.
  const own = { version: 1, sha256Hash: hashDocument(query) };
  expect(await post(gateway, { query, extensions: { persistedQuery: own }, variables: alice })).toEqual({
    ...refused,
    code: 'BAD_REQUEST',
  });
  const unknown = { ...refused, code: 'PERSISTED_QUERY_NOT_FOUND' };
  expect(await post(gateway, { documentId: '0'.repeat(64), variables: alice })).toEqual(unknown);
  expect(await post(gateway, { documentId: '__proto__', variables: alice })).toEqual(unknown);
  for (const body of [{}, { documentId: 7 }, { documentId: null }, { extensions: { persistedQuery: null } }]) {
    expect(await post(gateway, { ...body, variables: alice })).toMatchObject(refused);
  }
  expect(gateway.sandbox.requests.entries).toHaveLength(lookups);
  await gateway.close();
  // Audit events name a trusted document by its id.
  expect(gateway.output()).toContain(`"documentHash":"${hash}"`);
});

it.each(['preferred', 'off'])('executes other documents, too, if trusted documents are %s', async (mode) => {
  const gateway = await startProcess({ XKIT_TRUSTED_DOCUMENTS: MANIFEST, XKIT_TRUSTED_DOCUMENTS_MODE: mode });
  expect((await gateway.send(KeyOnly, alice)).status).toBe(200);
  const { status } = await post(gateway, { documentId, variables: alice });
  expect(status).toBe(mode === 'preferred' ? 200 : 400);
  await gateway.close();
});

it.each([
  ['a missing file', null, 'It cannot be read: there is no such file'],
  ['invalid JSON', '{', 'It must be a JSON object of ids and documents.'],
  ['a list', '[]', 'It must be a JSON object of ids and documents.'],
  ['an empty object', '{}', 'It has no documents.'],
  ['an object with a number', '{"a":7}', 'a: is not a string'],
  ['an object with invalid GraphQL', '{"a":"query {"}', 'a: is not GraphQL'],
  ['an object with an unknown field', '{"a":"{ nonesuch }"}', 'a: Cannot query field "nonesuch" on type "Query".'],
])('does not start if the manifest is %s, and reports the problem', async (_, text, problem) => {
  const path = join(folder, text === null ? 'nonesuch' : 'manifest.json');
  if (text !== null) writeFileSync(path, text);
  const policy = writePolicyFile();
  const cli = startCli(['serve'], {
    XKIT_PUBLISHABLE_KEY: 'pk',
    XKIT_SECRET_KEY: 'sk',
    XKIT_SLUG: 'acme',
    XKIT_POLICY_FILE: policy.path,
    XKIT_TRUSTED_DOCUMENTS: path,
    PORT: '0',
  });
  expect(await cli.ended).toBe(2);
  expect(cli.output()).toContain(`Invalid manifest of trusted documents:\n  ${problem}\n`);
  policy.remove();
});
