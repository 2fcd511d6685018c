import { describe, expect, it } from 'vitest';

import { startProcess, type TestGateway } from '../support/gateway.js';

/** Has a process say at its end what it has loaded: modules of Node's own, and files of CommonJS, as all of graphql are. */
const TELL = `
  import Module from 'node:module';
  process.on('exit', () => console.error('loaded ' + [...process.moduleLoadList, ...Object.keys(Module._cache)].join()));`;
const TELLING = { NODE_OPTIONS: `--import data:text/javascript,${encodeURIComponent(TELL)}` };

const COUNT = 5;
const QUERY = JSON.stringify({ query: '{ userConnection(userId: "ada", connectorSlug: "slack") { id state } }' });

/** Asks everything that an ordinary day brings: what is interpreted and compiled, refused, and probed. */
async function useAndStop(gateway: TestGateway): Promise<{ bodies: string[]; loaded: string[] }> {
  const headers = { 'content-type': 'application/json' };
  const bodies: string[] = [];
  for (let asked = 0; asked < COUNT; asked += 1) {
    const answer = await gateway.fetch('/graphql', { method: 'POST', headers, body: QUERY });
    bodies.push(await answer.text());
  }
  const statuses = [
    await gateway.fetchAnonymously('/graphql', { method: 'POST', headers, body: '{}' }),
    await gateway.fetch('/graphql', { method: 'POST', body: '{}' }),
    await gateway.fetch('/ready'),
    await gateway.fetch('/health'),
    await gateway.fetch('/elsewhere'),
  ].map(({ status }) => status);
  expect(statuses).toEqual([401, 415, 200, 200, 404]);
  await gateway.close();
  const [, list = ''] = /^loaded (.*)$/m.exec(gateway.output()) ?? [];
  return { bodies, loaded: list.split(',') };
}

const isOf = (name: string) => (file: string) => file.includes(`/node_modules/${name}/`);

describe('what a running server has loaded', () => {
  it('is one graphql, the installed one, where other packages need it', async () => {
    const { bodies, loaded } = await useAndStop(await startProcess({ ...TELLING, XKIT_FEDERATION: 'on' }));
    expect(new Set(bodies)).toEqual(new Set([expect.stringContaining('"state":"')]));
    expect(loaded.some(isOf('@apollo/subgraph'))).toBe(true);
    expect(loaded.filter((file) => isOf('graphql')(file) && file.endsWith('/version.js'))).toHaveLength(1);
  });
});
