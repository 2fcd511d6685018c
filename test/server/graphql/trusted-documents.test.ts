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

const apollo = (operations: unknown, version = 1) =>
  JSON.stringify({ format: 'apollo-persisted-query-manifest', version, operations });
const VERSION_1 = "It must be version 1 of Apollo's format, with a list of operations.";
const NONESUCH = 'a: Cannot query field "nonesuch" on type "Query".';

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

it("executes only the operations of Apollo's manifest, by their ids", async () => {
  const path = join(folder, 'apollo.json');
  const name = 'UserConnection';
  const body = print(UserConnection);
  // The same operation may be listed for each client.
  const operations = ['web', 'ios'].map((clientName) => ({ id: 'some-id', name, type: 'query', body, clientName }));
  writeFileSync(path, apollo(operations));
  const gateway = await startProcess({ XKIT_TRUSTED_DOCUMENTS: path });
  const served = { status: 200, state: 'ACTIVE', code: undefined };
  const withHash = (sha256Hash: string) => ({ extensions: { persistedQuery: { version: 1, sha256Hash } } });
  expect(await post(gateway, { ...withHash('some-id'), variables: alice })).toEqual(served);
  expect(await post(gateway, { documentId: 'some-id', variables: alice })).toEqual(served);
  for (const id of ['format', 'operations', '0', hashDocument(body)]) {
    const refused = { status: 400, state: undefined, code: 'PERSISTED_QUERY_NOT_FOUND' };
    expect(await post(gateway, { ...withHash(id), variables: alice })).toEqual(refused);
  }
  expect(await post(gateway, { query: body, variables: alice })).toMatchObject({ status: 400, code: 'BAD_REQUEST' });
  await gateway.close();
});

it.each([
  ['required', { documentId: 'unknown' }, 'No trusted document has this id.'],
  ['required', { extensions: { persistedQuery: { sha256Hash: 'unknown' } } }, 'No trusted document has this id.'],
  ['preferred', { documentId: 'unknown' }, 'No trusted document has this id.'],
  ['preferred', { extensions: { persistedQuery: { sha256Hash: 'unknown' } } }, 'PersistedQueryNotFound'],
])('refuses an unknown id, if trusted documents are %s: %j', async (mode, body, message) => {
  const gateway = await startProcess({ XKIT_TRUSTED_DOCUMENTS: MANIFEST, XKIT_TRUSTED_DOCUMENTS_MODE: mode });
  const response = await gateway.fetch('/graphql', postJson(body));
  expect(await response.json()).toMatchObject({
    errors: [{ message, extensions: { code: 'PERSISTED_QUERY_NOT_FOUND', retryable: false } }],
  });
  await gateway.close();
});

it('refuses a hash without a manifest by the message and the code that clients look for', async () => {
  const gateway = await startProcess();
  const withHash = (sha256Hash: unknown) => ({ extensions: { persistedQuery: { version: 1, sha256Hash } } });
  const response = await gateway.fetch('/graphql', postJson({ ...withHash('0'.repeat(64)), variables: alice }));
  expect([response.status, await response.json()]).toEqual([
    400,
    {
      errors: [
        {
          message: 'PersistedQueryNotSupported',
          extensions: { code: 'PERSISTED_QUERY_NOT_SUPPORTED', retryable: true, requestId: expect.any(String) },
        },
      ],
    },
  ]);
  // With the document, the hash is ignored. Without a hash, the document is missing.
  const query = print(UserConnection);
  expect(await post(gateway, { query, ...withHash('0'), variables: alice })).toMatchObject({ state: 'ACTIVE' });
  expect(await post(gateway, { ...withHash(7), variables: alice })).toMatchObject({ code: 'BAD_REQUEST' });
  expect(await post(gateway, { extensions: {}, variables: alice })).toMatchObject({ code: 'BAD_REQUEST' });
  await gateway.close();
});

it('reads a manifest with a byte order mark, and finds a document only by its exact id', async () => {
  const path = join(folder, 'marked.json');
  const text = manifest[documentId] ?? '';
  writeFileSync(path, `\ufeff${JSON.stringify({ josé: text, 'A b': text })}`);
  const gateway = await startProcess({ XKIT_TRUSTED_DOCUMENTS: path });
  for (const id of ['jos\u00e9', 'A b']) {
    expect(await post(gateway, { documentId: id, variables: alice })).toMatchObject({ state: 'ACTIVE' });
  }
  for (const id of ['jose\u0301', 'JOS\u00c9', 'a b', 'A b ', '\ufeffA b', 'sha256:A b']) {
    expect(await post(gateway, { documentId: id, variables: alice })).toMatchObject({
      code: 'PERSISTED_QUERY_NOT_FOUND',
    });
  }
  await gateway.close();
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
  [
    'a Latin-1 file',
    Buffer.from('{"jos\u00e9":"{ __typename }"}', 'latin1'),
    'It cannot be read: it is not UTF-8 text',
  ],
  ['invalid JSON', '{', 'It must be a JSON object of ids and documents.'],
  ['a list', '[]', 'It must be a JSON object of ids and documents.'],
  ['an empty object', '{}', 'It has no documents.'],
  ['an object with a number', '{"a":7}', 'a: is not a string'],
  ['an object with invalid GraphQL', '{"a":"query {"}', 'a: is not GraphQL'],
  ['an object with an unknown field', '{"a":"{ nonesuch }"}', NONESUCH],
  ["Apollo's, in version 2", apollo([], 2), VERSION_1],
  ["Apollo's, without a list", apollo(null), VERSION_1],
  ["Apollo's, without operations", apollo([]), 'It has no documents.'],
  ["Apollo's, with an operation without id", apollo([{ body: '{ __typename }' }]), 'operations[0]: has no id'],
  ["Apollo's, with null", apollo([{ id: 'a', body: '{ __typename }' }, null]), 'operations[1]: has no id'],
  ["Apollo's, with an operation without body", apollo([{ id: 'a', name: 'A' }]), 'a: is not a string'],
  ["Apollo's, with an unknown field", apollo([{ id: 'a', body: '{ nonesuch }' }]), NONESUCH],
  [
    "Apollo's, with an ambiguous id",
    apollo(['{ __typename }', '{ a: __typename }'].map((body) => ({ id: 'a', body }))),
    'a: has two documents',
  ],
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
