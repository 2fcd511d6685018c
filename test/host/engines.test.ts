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

  /** What graphql-tools merges into a list bears a path without the place in that list; the null beside it has it. */
  const pathOf = (...path: (string | number)[]) =>
    engineName === 'Apollo Gateway' ? path : path.filter((part, index) => index !== 1);

  it('answers 20 users with one operation and 20 lookups, to each its own token', async () => {
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

  it('keeps a failure in its place, with its code and path', async () => {
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

  it('refuses tokens to a caller without the scope, and leaves the rest', async () => {
    const { users, errors } = await ask(KEYS.statusPage);
    expect(new Set(errors.map(({ extensions }) => extensions?.['code']))).toEqual(new Set(['FORBIDDEN']));
    // In the order in which the lookups ended.
    expect(errors.map(({ path }) => String(path)).toSorted()).toEqual(
      PEOPLE.map((_, index) => String(pathOf('users', index, 'connection', 'authorization', 'accessToken'))).toSorted(),
    );
    expect(users.map(({ connection }) => connection?.state)).toEqual(PEOPLE.map(() => 'ACTIVE'));
    expect(JSON.stringify(users)).not.toContain('sandbox-person');
  });

  it('gives nobody anything, without a lookup', async () => {
    const before = lookups();
    const { users, errors } = await ask(null);
    expect(users.map(({ connection }) => connection)).toEqual(PEOPLE.map(() => null));
    expect(new Set(errors.map(({ extensions }) => extensions?.['code']))).toEqual(new Set(['UNAUTHENTICATED']));
    expect(lookups()).toBe(before);
  });

  it('gives nobody the connection of another whose id a client puts in the place of the key', async () => {
    const query =
      '{ users { id: name name connection(connectorSlug: "slack") { ownerId authorization { accessToken } } } }';
    const { users, errors } = await ask(KEYS.bff, query);
    // Some refuse the document; whoever answers it gives each user its own.
    if (users.length === 0) expect(errors).not.toEqual([]);
    else {
      expect(users.map(({ connection }) => connection?.authorization?.accessToken)).toEqual(
        PEOPLE.map(({ id }) => `sandbox-${id}-slack-1-token-1`),
      );
    }
  });

  it('gives a team its connections, in the order of the slugs', async () => {
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

  it('closes the sockets to the platform when the client hangs up', async () => {
    engine.sandbox.faults.add({ delayMs: 4_000, times: 20 });
    const before = lookups();
    const hangUp = new AbortController();
    const left = engine.ask(QUERY, KEYS.bff, hangUp.signal).catch(() => 'hung up');
    await until(() => lookups() - before === 20);
    // Others may be idle.
    const sockets = engine.platformSockets();
    hangUp.abort();
    expect(await left).toBe('hung up');
    const hungUpAt = performance.now();
    await until(() => engine.platformSockets() <= sockets - 20);
    expect(performance.now() - hungUpAt).toBeLessThan(1_000);
  });
});
