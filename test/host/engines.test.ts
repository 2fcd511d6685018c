import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';

import type { Engine } from '../support/engine-module.js';
import { ENGINES } from '../support/engines.js';
import { PEOPLE } from '../support/people.js';
import { KEYS } from '../support/policy.js';
import { until } from '../support/until.js';

const QUERY =
  '{ users { name connection(connectorSlug: "slack") { state authorization { accessToken } repairLink { url } } } }';

interface Users {
  readonly users: {
    readonly name: string;
    readonly connection: {
      readonly state: string;
      readonly authorization: { readonly accessToken: string | null } | null;
      readonly repairLink: { readonly url: string } | null;
    } | null;
  }[];
}

describe.each(Object.entries(ENGINES))('%s', (engineName, start) => {
  let engine: Engine;
  beforeAll(async () => {
    engine = await start();
  });
  afterAll(() => engine.close());
  beforeEach(() => engine.sandbox.faults.clear());

  const lookups = () => engine.sandbox.requests.entries.length;
  const ask = async (key: string | null, query = QUERY) => {
    const { data, errors = [] } = await engine.ask(query, key);
    return { users: (data as Users | null)?.users ?? [], data, errors };
  };

  /**
   * Returns the expected path of an error. graphql-tools omits the index of a list into which it merges; the position of
   * the `null` shows the index.
   */
  const pathOf = (...path: (string | number)[]) =>
    engineName === 'Apollo Gateway' ? path : path.filter((part, index) => index !== 1);

  it('returns 20 users, each with its own token, after one operation and 20 lookups', async () => {
    const before = [engine.operations(), lookups()] as const;
    const { users, errors } = await ask(KEYS.bff);
    expect(errors).toEqual([]);
    expect(users).toEqual(
      PEOPLE.map(({ id, name }) => ({
        name,
        connection: {
          state: 'ACTIVE',
          authorization: { accessToken: `sandbox-${id}-slack-1-token-1` },
          repairLink: null,
        },
      })),
    );
    await until(() => engine.operations() > before[0]);
    expect([engine.operations() - before[0], lookups() - before[1]]).toEqual([1, 20]);
  });

  it('returns null in the position of each failed connection, with the code and path of its error', async () => {
    engine.sandbox.faults.add({ ownerId: 'person-3', status: 500 });
    engine.sandbox.faults.add({ ownerId: 'person-7', status: 429, headers: { 'retry-after': '60' } });
    const { users, errors } = await ask(KEYS.bff);
    const facts = errors.map(({ path, extensions }) => [path, extensions?.['code'], extensions?.['retryable']]);
    expect(facts.toSorted(([a], [b]) => (String(a) < String(b) ? -1 : 1))).toEqual([
      [pathOf('users', 3, 'connection'), 'PLATFORM_UNAVAILABLE', true],
      [pathOf('users', 7, 'connection'), 'PLATFORM_RATE_LIMITED', true],
    ]);
    expect(users.map(({ name, connection }) => [name, connection?.authorization?.accessToken ?? null])).toEqual(
      PEOPLE.map(({ id, name }, index) => [name, [3, 7].includes(index) ? null : `sandbox-${id}-slack-1-token-1`]),
    );
  });

  it('withholds tokens from a caller without the scope, and returns the other fields', async () => {
    const { users, errors } = await ask(KEYS.statusPage);
    expect(new Set(errors.map(({ extensions }) => extensions?.['code']))).toEqual(new Set(['FORBIDDEN']));
    // The errors are in the order in which the lookups ended.
    expect(errors.map(({ path }) => String(path)).toSorted()).toEqual(
      PEOPLE.map((_, index) => String(pathOf('users', index, 'connection', 'authorization', 'accessToken'))).toSorted(),
    );
    expect(users.map(({ connection }) => connection?.state)).toEqual(PEOPLE.map(() => 'ACTIVE'));
    expect(JSON.stringify(users)).not.toContain('sandbox-person');
  });

  it('refuses an anonymous caller without a lookup', async () => {
    const before = lookups();
    const { users, errors } = await ask(null);
    expect(users.map(({ connection }) => connection)).toEqual(PEOPLE.map(() => null));
    expect(new Set(errors.map(({ extensions }) => extensions?.['code']))).toEqual(new Set(['UNAUTHENTICATED']));
    expect(lookups()).toBe(before);
  });

  it('does not return the connection of another user if an alias replaces the key', async () => {
    const query =
      '{ users { id: name name connection(connectorSlug: "slack") { ownerId authorization { accessToken } } } }';
    const { users, errors } = await ask(KEYS.bff, query);
    // Some engines refuse the document. The others return each user's own connection.
    if (users.length === 0) expect(errors).not.toEqual([]);
    else {
      expect(users.map(({ connection }) => connection?.authorization?.accessToken)).toEqual(
        PEOPLE.map(({ id }) => `sandbox-${id}-slack-1-token-1`),
      );
    }
  });

  it('returns the connections of a team in the order of the slugs', async () => {
    const { data, errors } = await ask(
      KEYS.bff,
      '{ teams { title connections(connectorSlugs: ["slack", "", "slack"]) { connectorSlug state } } }',
    );
    const slack = { connectorSlug: 'slack', state: 'ACTIVE' };
    expect(data).toEqual({ teams: [{ title: 'Acme', connections: [slack, null, slack] }] });
    expect(errors.map(({ path, extensions }) => [path, extensions?.['code']])).toEqual([
      [pathOf('teams', 0, 'connections', 1), 'BAD_USER_INPUT'],
    ]);
  });

  it('closes the sockets to the platform when the client disconnects', async () => {
    engine.sandbox.faults.add({ delayMs: 4_000, times: 20 });
    const before = lookups();
    const hangUp = new AbortController();
    const left = engine.ask(QUERY, KEYS.bff, hangUp.signal).catch(() => 'hung up');
    await until(() => lookups() - before === 20);
    // Other sockets may be idle.
    const sockets = engine.platformSockets();
    hangUp.abort();
    expect(await left).toBe('hung up');
    const hungUpAt = performance.now();
    await until(() => engine.platformSockets() <= sockets - 20);
    expect(performance.now() - hungUpAt).toBeLessThan(1_000);
  });
});
