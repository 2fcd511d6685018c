import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { createGatewayClient, listConnections, UserConnectionDocument } from '../../src/client/index.js';
import { createTrustedDocumentsCheck } from '../../src/cli/doctor/files.js';
import { readServeConfiguration } from '../../src/server/config/configuration.js';
import { type RunningCli, startCli, startProcess, type TestGateway } from '../support/gateway.js';
import { KEYS } from '../support/policy.js';
import { postJson } from '../support/post-json.js';

const PREFIXES = { XKIT_TYPE_PREFIX: 'Xkit', XKIT_FIELD_PREFIX: 'xkit' };
const ALICE = 'query ($u: ID!) { xkitUserConnection(userId: $u, connectorSlug: "slack") { state } }';
const WITHOUT_PREFIX = '{ userConnection(userId: "alice", connectorSlug: "slack") { state } }';

const folder = mkdtempSync(join(tmpdir(), 'xkit-graphql-'));
afterAll(() => rmSync(folder, { recursive: true }));
const writeManifest = (name: string, documents: Record<string, string>) => {
  const path = join(folder, `${name}.json`);
  writeFileSync(path, JSON.stringify(documents));
  return path;
};

describe('dev', () => {
  let dev: RunningCli;
  let url: string;
  let ask: (query: string) => Promise<{ readonly data?: object; readonly errors?: { readonly extensions: object }[] }>;
  beforeAll(async () => {
    dev = startCli(['dev'], { PORT: '0', SANDBOX_PORT: '0', LOG_LEVEL: 'warn', ...PREFIXES });
    [, url] = await dev.printed(/GraphQL +(\S+)/);
    ask = async (query) => {
      const response = await fetch(url, postJson({ query }, { authorization: 'Bearer xkgk_demo_bff' }));
      return (await response.json()) as Awaited<ReturnType<typeof ask>>;
    };
    await dev.printed(/Ctrl\+C stops/);
  });
  afterAll(() => dev.stop());

  it('prints queries with the prefix, which the gateway executes', async () => {
    const queries = dev.output().match(/^\{ xkit.*\}$/gm) ?? [];
    const [, curl = ''] = /-d '(.*)'/.exec(dev.output()) ?? [];
    const all = [...queries, (JSON.parse(curl) as { query: string }).query];
    expect(all).toHaveLength(4);
    for (const query of all) expect(await ask(query)).toEqual({ data: expect.any(Object) as object });
  });

  it('fills the tabs of GraphiQL with queries that the gateway executes', async () => {
    const page = await (await fetch(url, { headers: { accept: 'text/html' } })).text();
    const [, json = ''] = /id="tabs">(.*)<\/script>/.exec(page) ?? [];
    const tabs = JSON.parse(json) as { query: string }[];
    expect(tabs).toHaveLength(7);
    for (const { query } of tabs) {
      const { data, errors = [] } = await ask(query);
      expect(data).toBeDefined();
      // One tab shows an error of one of two connections.
      expect(errors.map(({ extensions }) => (extensions as { code: string }).code)).toEqual(
        query.includes('OneFails') ? ['BAD_USER_INPUT'] : [],
      );
    }
  });
});

describe('serve', () => {
  let gateway: TestGateway;
  beforeAll(async () => {
    gateway = await startProcess({
      ...PREFIXES,
      XKIT_TRUSTED_DOCUMENTS: writeManifest('prefixed', { alice: ALICE }),
      XKIT_TRUSTED_DOCUMENTS_MODE: 'preferred',
      XKIT_INTROSPECTION: 'on',
      XKIT_GRAPHIQL: 'on',
    });
  });
  afterAll(() => gateway.close());
  const client = () => {
    const [, url = ''] = /^Listening at (\S+)$/m.exec(gateway.output()) ?? [];
    return createGatewayClient({ url, credentials: KEYS.bff });
  };

  it('compiles and executes trusted documents with the prefix', async () => {
    expect(gateway.output()).toContain('"msg":"trusted documents: 1, 1 of them compiled"');
    const response = await gateway.fetch('/graphql', postJson({ documentId: 'alice', variables: { u: 'alice' } }));
    expect(await response.json()).toEqual({ data: { xkitUserConnection: { state: 'ACTIVE' } } });
  });

  it('does not know the fields without the prefix, as in the documents of the client', async () => {
    const { data, errors } = await client().send(UserConnectionDocument, { userId: 'alice', connectorSlug: 'slack' });
    expect(data ?? null).toBeNull();
    expect(errors?.map(({ extensions }) => extensions?.['code'])).toContain('GRAPHQL_VALIDATION_FAILED');
  });

  it('returns connections that the client lists, if a document gives its field the name without the prefix', async () => {
    const keys = [{ ownerKind: 'USER' as const, ownerId: 'alice', connectorSlug: 'slack' }];
    const query = `query ($keys: [XkitConnectionKey!]!) { connections: xkitConnections(keys: $keys) { state } }`;
    const response = await gateway.fetch('/graphql', postJson({ query, variables: { keys } }));
    const answer = (await response.json()) as { data: { connections: { state: string }[] } };
    expect(listConnections(keys, answer)).toEqual([{ key: keys[0], connection: { state: 'ACTIVE' }, error: null }]);
  });

  it('opens GraphiQL with the prefix in its first query', async () => {
    const authorization = `Basic ${Buffer.from(`:${KEYS.bff}`).toString('base64')}`;
    const page = await gateway.fetchAnonymously('/graphql', { headers: { accept: 'text/html', authorization } });
    expect(await page.text()).toContain(String.raw`) {\n  xkitUserConnection(\n    userId: $userId`);
  });

  it('refuses a manifest without the prefix, and doctor does, too', async () => {
    const path = writeManifest('plain', { plain: WITHOUT_PREFIX });
    const problem = 'plain: Cannot query field "userConnection" on type "Query".';
    await expect(startProcess({ ...PREFIXES, XKIT_TRUSTED_DOCUMENTS: path })).rejects.toThrow(problem);
    const configuration = readServeConfiguration({
      XKIT_PUBLISHABLE_KEY: 'pk',
      XKIT_SECRET_KEY: 'sk',
      XKIT_SLUG: 'acme',
      XKIT_POLICY_FILE: 'policy.yaml',
      ...PREFIXES,
    });
    const check = (manifest: string) =>
      createTrustedDocumentsCheck(manifest, configuration).run(AbortSignal.timeout(9_000));
    expect(await check(path)).toMatchObject({ result: 'failed', found: [expect.stringContaining(problem)] });
    expect(await check(join(folder, 'prefixed.json'))).toMatchObject({ result: 'ok' });
  });
});

it('prints the SDL with the prefix', async () => {
  const cli = startCli(['sdl'], { ...PREFIXES, XKIT_USER_TYPE: 'User' });
  expect(await cli.ended).toBe(0);
  expect(cli.output()).toMatch(/xkitUserConnection\([^)]*\): XkitConnection\n/);
  expect(cli.output()).toMatch(/_xkitUserOwners\([^)]*\): \[User\] @merge\(keyField: "id"\)/);
});
