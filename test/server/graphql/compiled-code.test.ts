import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterAll, expect, it } from 'vitest';

import { startProcess } from '../../support/gateway.js';
import { postJson } from '../../support/post-json.js';

/** Makes a process print a line each time it generates code from a string. */
const TELL = `
  const tell = (...given) => { console.error('code made'); return Reflect.construct(...given); };
  const call = (target, _, given) => { console.error('code made'); return Reflect.construct(target, given); };
  globalThis.Function = new Proxy(Function, { construct: tell, apply: call });`;
const TELLING = { NODE_OPTIONS: `--import data:text/javascript,${encodeURIComponent(TELL)}` };

const folder = mkdtempSync(join(tmpdir(), 'xkit-graphql-compiled-'));
afterAll(() => rmSync(folder, { recursive: true }));

const TRUSTED = 'query ($u: ID!) { userConnection(userId: $u, connectorSlug: "slack") { state } }';
const FOREIGN = 'query ($u: ID!) { userConnection(userId: $u, connectorSlug: "slack") { state id } }';

/** Starts the server, sends documents repeatedly, and counts how often it generated code at startup and later. */
async function countCode(environment: Record<string, string>): Promise<readonly [start: number, later: number]> {
  const gateway = await startProcess({ ...TELLING, ...environment });
  const count = () => gateway.output().split('code made').length - 1;
  const start = count();
  for (const query of [TRUSTED, FOREIGN]) {
    for (let time = 0; time < 6; time += 1) {
      const response = await gateway.fetch('/graphql', postJson({ query, variables: { u: 'alice' } }));
      expect(await response.text()).toContain('"state":"ACTIVE"');
    }
  }
  await gateway.close();
  return [start, count() - start];
}

it('generates code for trusted documents at startup, and for nothing that a caller sends', async () => {
  const path = join(folder, 'manifest.json');
  writeFileSync(path, JSON.stringify({ trusted: TRUSTED }));
  const [withoutManifest, laterWithout] = await countCode({});
  const [withManifest, laterWith] = await countCode({
    XKIT_TRUSTED_DOCUMENTS: path,
    XKIT_TRUSTED_DOCUMENTS_MODE: 'preferred',
  });
  expect([laterWithout, laterWith]).toEqual([0, 0]);
  expect(withManifest).toBeGreaterThan(withoutManifest);
});

it('interprets all documents, and logs it once, if the process may not generate code from strings', async () => {
  const path = join(folder, 'manifest.json');
  writeFileSync(path, JSON.stringify({ trusted: TRUSTED }));
  const gateway = await startProcess({
    NODE_OPTIONS: '--disallow-code-generation-from-strings',
    XKIT_TRUSTED_DOCUMENTS: path,
  });
  for (let time = 0; time < 3; time += 1) {
    const body = { documentId: 'trusted', variables: { u: 'alice' } };
    expect(await (await gateway.fetch('/graphql', postJson(body))).text()).toContain('"state":"ACTIVE"');
  }
  await gateway.close();
  expect(gateway.output().split('"event":"trusted-documents"')).toHaveLength(2);
  expect(gateway.output()).toContain('"trusted":1,"compiled":0');
});

it('logs how many of the trusted documents are compiled', async () => {
  const path = join(folder, 'manifest.json');
  writeFileSync(path, JSON.stringify({ trusted: TRUSTED, other: '{ a_b: __typename }' }));
  const gateway = await startProcess({ XKIT_TRUSTED_DOCUMENTS: path });
  await gateway.close();
  expect(gateway.output()).toContain('"msg":"trusted documents: 2, 1 of them compiled"');
});
