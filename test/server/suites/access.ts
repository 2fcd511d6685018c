import type { ExecutionResult } from 'graphql';
import { expect, it } from 'vitest';

import { itHoldsToTheTable, toQuery, type Who } from '../../support/access-table.js';
import { codesOf } from '../../support/host.js';
import { KEYS } from '../../support/policy.js';
import { postJson } from '../../support/post-json.js';
import type { Subject } from './subject.js';

export function itKnowsItsCallers({ gateway, paths }: Subject) {
  const ask = async (who: Who, query: string): Promise<ExecutionResult> => {
    const headers: Record<string, string> = who === null ? {} : { authorization: `Bearer ${KEYS[who]}` };
    const response = await gateway().fetchAnonymously('/graphql', postJson({ query }, headers));
    expect(response.status).toBe(who === null ? 401 : 200);
    return (await response.json()) as ExecutionResult;
  };

  itHoldsToTheTable({ ask, lookups: () => paths().length });

  it.each([
    ['no header', undefined],
    ['an empty header', ''],
    ['no credentials', 'Bearer'],
    ['blank credentials', 'Bearer  '],
    ['an unknown key', 'Bearer xkgk_nonesuch'],
    ['an expired key', `Bearer ${KEYS.expired}`],
    ['a key in another case', `Bearer ${KEYS.bff.toUpperCase()}`],
    ['a part of a key', `Bearer ${KEYS.bff.slice(0, -1)}`],
    ['a longer key', `Bearer ${KEYS.bff}x`],
    ['two keys', `Bearer ${KEYS.bff} ${KEYS.bff}`],
    ['a list of keys', `Bearer ${KEYS.bff}, Bearer ${KEYS.bff}`],
    ['a quoted key', `Bearer "${KEYS.bff}"`],
    ['no scheme', KEYS.bff],
    ['another scheme', `Basic ${Buffer.from(`:${KEYS.bff}`).toString('base64')}`],
    ['a key of 8 kB', `Bearer xkgk_${'x'.repeat(8_000)}`],
    ['8 kB of dots', `Bearer ${'.'.repeat(8_000)}`],
    ['a key in Latin-1', `Bearer xkgk_\u00e4\u00ff`],
    ['an unsigned token of an unknown issuer', 'Bearer eyJhbGciOiJub25lIn0.eyJpc3MiOiJ4In0.'],
    ['three dots', 'Bearer ...'],
    ['a token that is not JSON', 'Bearer bm8.bm8.bm8'],
    ['a hash from the policy file', `Bearer sha256:${'0'.repeat(64)}`],
  ])('returns 401 and sends no platform request for %s', async (_, authorization) => {
    const headers = authorization === undefined ? {} : { authorization };
    const query = toQuery(['user', 'alice'], 'slack', 'accessToken');
    const response = await gateway().fetchAnonymously('/graphql', postJson({ query }, headers));
    const result = (await response.json()) as ExecutionResult;
    expect([response.status, codesOf(result)]).toEqual([401, ['UNAUTHENTICATED']]);
    expect(result.errors?.[0]?.message).toBe('Send a valid service key or token as Authorization: Bearer …');
    expect(response.headers.get('www-authenticate')).toMatch(/^Bearer/);
    expect(response.headers.get('cache-control')).toBe('no-store');
    expect(result.errors?.[0]?.extensions['requestId']).toBe(response.headers.get('x-request-id'));
    expect(paths()).toEqual([]);
  });

  it.each(['bearer', 'BEARER', 'bEaReR'])('accepts the scheme %s', async (scheme) => {
    const init = postJson({ query: '{ __typename }' }, { authorization: `${scheme} ${KEYS.bff}` });
    expect((await gateway().fetchAnonymously('/graphql', init)).status).toBe(200);
  });

  it('reads credentials only from the Authorization header', async () => {
    const body = { query: '{ __typename }', authorization: `Bearer ${KEYS.bff}`, extensions: { key: KEYS.bff } };
    const headers = { cookie: `authorization=Bearer ${KEYS.bff}`, 'x-api-key': KEYS.bff };
    const path = `/graphql?access_token=${KEYS.bff}&authorization=Bearer%20${KEYS.bff}`;
    expect((await gateway().fetchAnonymously(path, postJson(body, headers))).status).toBe(401);
  });

  it('authenticates the caller before it reads the body', async () => {
    const response = await gateway().fetchAnonymously('/graphql', postJson('{'));
    expect(response.status).toBe(401);
    const pageView = await gateway().fetchAnonymously('/graphql', { headers: { accept: 'text/html' } });
    expect(pageView.status).toBe(401);
  });

  it('returns to each of 300 interleaved requests only the token that its caller may read', async () => {
    const callers = ['bff', 'statusPage', 'browser', 'bob'] as const;
    const owners = ['alice', 'carol', 'bob', 'frank', 'erin'];
    const answers = await Promise.all(
      Array.from({ length: 300 }, async (_, index) => {
        const [who, owner] = [callers[index % 4], owners[index % 5] ?? ''];
        const result = await ask(who ?? null, toQuery(['user', owner], 'slack', 'accessToken'));
        return { who, owner, tokens: JSON.stringify(result).match(/sandbox-[\w-]+/g) ?? [] };
      }),
    );
    for (const { who, owner, tokens } of answers) {
      const isAllowed = owner !== 'bob' && (who === 'bff' || (who === 'browser' && owner === 'alice'));
      expect([who, owner, tokens.length]).toEqual([who, owner, isAllowed ? 1 : 0]);
      if (isAllowed) expect(tokens[0]).toMatch(new RegExp(`^sandbox-${owner}-slack-`));
    }
  });

  it('does not return a token to a caller that may not read it, even while another caller reads it', async () => {
    const query = toQuery(['user', 'alice'], 'slack', 'accessToken');
    for (let round = 0; round < 25; round += 1) {
      const [allowed, withoutToken, forbidden] = await Promise.all([
        ask('bff', query),
        ask('statusPage', query),
        ask('bob', query),
      ]);
      expect(JSON.stringify(allowed)).toContain('sandbox-alice-slack-1-token-1');
      expect([codesOf(withoutToken), codesOf(forbidden)]).toEqual([['FORBIDDEN'], ['FORBIDDEN']]);
      expect(JSON.stringify([withoutToken, forbidden])).not.toContain('sandbox-');
    }
    // The first two callers may read the connection, so they may share a lookup. The third never causes one.
    expect(paths().length).toBeGreaterThanOrEqual(25);
    expect(paths().length).toBeLessThanOrEqual(50);
  });
}
