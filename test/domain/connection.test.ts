import fc from 'fast-check';
import { expect, it } from 'vitest';

import { deriveConnection } from '../../src/domain/connection.js';
import type { ConnectionKey } from '../../src/domain/connection-key.js';
import { createCatalogPageUrl } from '../../src/domain/repair-link.js';
import { isPlatformError } from '../../src/platform/errors.js';
import { parseConnectionBody } from '../../src/platform/wire.js';

const key: ConnectionKey = { ownerKind: 'USER', ownerId: 'alice', connectorSlug: 'slack' };
const catalogPageUrl = createCatalogPageUrl({ slug: 'acme' });
const CONTROL = /[\u0000-\u001f\u007f-\u009f]/;

const maybe = <T>(values: fc.Arbitrary<T>) => fc.option(values, { nil: undefined });
const token = fc.oneof(
  { weight: 2, arbitrary: fc.constantFrom('xoxb-1', 'ghp_0123456789') },
  fc.constantFrom('', 'two\nlines', 'nul\u0000', 'c1\u0085', ' ', null, null, undefined, 7),
  fc.string({ unit: 'binary' }),
);
const authorization = fc.oneof(
  fc.record(
    {
      id: fc.oneof(fc.integer(), fc.string(), fc.constant(null)),
      status: fc.oneof(
        { weight: 4, arbitrary: fc.constant('active') },
        fc.constantFrom('error', 'awaiting_callback', 'retrieving_tokens', 'ACTIVE', ' active', 'active\n', '', null),
        fc.string(),
      ),
      access_token: token,
      credential: token,
      access_credential: token,
      error_message: maybe(fc.string()),
    },
    { requiredKeys: [] },
  ),
  fc.constantFrom(null, undefined, {}, 'active', []),
);
const connector = fc.oneof(
  fc.record({ slug: fc.constantFrom('slack', 'Slack', 'github', null, '', 3) }, { requiredKeys: [] }),
  fc.constantFrom(null, undefined, 'slack'),
);
const enabled = fc.oneof(
  { weight: 3, arbitrary: fc.constant(true) },
  { weight: 1, arbitrary: fc.constantFrom(false, 'true', 1, null, undefined) },
);
/** Bodies close to the contract, in both envelopes, and arbitrary values. */
const body = fc.oneof(
  {
    weight: 8,
    arbitrary: fc.record({ connection: fc.record({ id: maybe(fc.string()), enabled }), connector, authorization }),
  },
  { weight: 4, arbitrary: fc.record({ connection: fc.record({ enabled, connector, authorization }) }) },
  { weight: 1, arbitrary: fc.anything() },
  { weight: 1, arbitrary: fc.json().map((text) => JSON.parse(text) as unknown) },
);

/** Returns the values that the contract allows as the token, from the envelope that applies. */
function tokensAllowedIn(raw: unknown): unknown[] {
  const { connection, authorization: sibling } = raw as {
    connection: Record<string, unknown>;
    authorization?: unknown;
  };
  const found = (sibling === undefined ? connection['authorization'] : sibling) as Record<string, unknown> | null;
  return connection['enabled'] === true && found?.['status'] === 'active'
    ? [found['access_token'], found['credential'], found['access_credential']]
    : [];
}

it('returns either a usable token or a repair link, never both, for every valid body', () => {
  let active = 0;
  let unavailable = 0;
  fc.assert(
    fc.property(body, fc.boolean(), (raw, reject) => {
      const reading = readOrNull(raw);
      fc.pre(reading !== null);
      const own = reading.found ? (reading.authorization?.accessToken?.fingerprint ?? null) : null;
      const connection = deriveConnection(key, reading, catalogPageUrl, reject ? own : '0123456789abcdef');
      const { state, authorization: shown, repairLink } = connection;
      const value = shown?.accessToken?.reveal();
      expect([value !== undefined, repairLink !== null].filter(Boolean)).toHaveLength(1);
      expect(state === 'ACTIVE').toBe(value !== undefined);
      if (value === undefined) {
        unavailable += 1;
        return;
      }
      active += 1;
      expect(reject).toBe(false);
      expect(tokensAllowedIn(raw)).toContain(value);
      expect(value).not.toBe('');
      expect(value).not.toMatch(CONTROL);
    }),
    { numRuns: 5_000 },
  );
  // The property proves nothing unless both outcomes occurred.
  expect(active).toBeGreaterThan(50);
  expect(unavailable).toBeGreaterThan(50);
});

it('redacts a token in every text that quotes it', () => {
  const around = fc.string({ maxLength: 5 });
  const quoting = fc.tuple(
    fc.string({ unit: 'grapheme-ascii', minLength: 6, maxLength: 20 }),
    around,
    around,
    fc.nat(20),
  );
  fc.assert(
    fc.property(quoting, fc.constantFrom('active', 'error'), ([secret, before, after, at], status) => {
      fc.pre(!'[redacted]'.includes(secret.slice(0, 3)) && !secret.includes('slack'));
      // A control character inside a token hides the token from a search until the character is removed.
      const quote = `${before}${secret.slice(0, at)}\u0000${secret.slice(at)}${after} ${secret}`;
      const text = { name: quote, short_description: quote, about: quote, description: quote };
      const raw = {
        connection: { id: quote, enabled: true },
        connector: text,
        authorization: {
          id: quote,
          status,
          access_token: secret,
          display_label: quote,
          error_code: quote,
          error_message: quote,
        },
      };
      const reading = parseConnectionBody(raw, 'slack');
      const shown = JSON.stringify(deriveConnection(key, reading, catalogPageUrl));
      expect(shown).not.toContain(JSON.stringify(secret).slice(1, -1));
    }),
    { numRuns: 1_000 },
  );
});

it('returns the state NOT_FOUND and a repair link with SET_UP for a 404', () => {
  const connection = deriveConnection(key, { found: false }, catalogPageUrl);
  // Two of its properties are getters.
  expect({ ...connection, platformId: connection.platformId, connector: connection.connector }).toEqual({
    key,
    platformId: null,
    connector: { slug: 'slack', name: null, shortDescription: null, markUrl: null, about: null, description: null },
    enabled: false,
    state: 'NOT_FOUND',
    authorization: null,
    repairLink: { url: 'https://acme.xkit.co/connectors/slack', action: 'SET_UP', reason: 'NOT_FOUND' },
  });
});

function readOrNull(raw: unknown) {
  try {
    return parseConnectionBody(raw, 'slack');
  } catch (error) {
    if (isPlatformError(error) && error.code === 'PLATFORM_BAD_RESPONSE') return null;
    throw error;
  }
}
