import { describe, expect, it } from 'vitest';

import { startProcess, type TestGateway } from '../support/gateway.js';

/**
 * Makes a process print at its exit which built-in modules and CommonJS files it has loaded. All files of graphql are
 * CommonJS.
 */
const TELL = `
  import Module from 'node:module';
  process.on('exit', () => console.error('loaded ' + [...process.moduleLoadList, ...Object.keys(Module._cache)].join()));`;
const TELLING = { NODE_OPTIONS: `--import data:text/javascript,${encodeURIComponent(TELL)}` };

const COUNT = 5;
const QUERY = JSON.stringify({ query: '{ userConnection(userId: "ada", connectorSlug: "slack") { id state } }' });

/** Sends valid operations, invalid requests and probes, as on an ordinary day, and then stops the gateway. */
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

describe('a running server', () => {
  it('loads only one copy of graphql, although @apollo/subgraph needs it, too', async () => {
    const { bodies, loaded } = await useAndStop(await startProcess({ ...TELLING, XKIT_FEDERATION: 'on' }));
    expect(new Set(bodies)).toEqual(new Set([expect.stringContaining('"state":"')]));
    expect(loaded.some(isOf('@apollo/subgraph'))).toBe(true);
    expect(loaded.filter((file) => isOf('graphql')(file) && file.endsWith('/version.js'))).toHaveLength(1);
  });
});
