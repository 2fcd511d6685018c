import { base64url, SignJWT, UnsecuredJWT } from 'jose';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import type { Caller } from '../../../src/access/policy.js';
import type { Authenticate } from '../../../src/server/auth/authenticate.js';
import { startInProcess } from '../../support/gateway.js';
import { startIssuer, type TestIssuer } from '../../support/issuer.js';
import { postJson } from '../../support/post-json.js';
import {
  authenticateByExample,
  browserExample,
  claim,
  gatewayExample,
  hashSubject,
  MINUTE_S,
} from '../../support/tokens.js';

const UNAVAILABLE = { failure: 'issuer-unavailable', credential: 'staff' };

let issuer: TestIssuer;
let authenticate: Authenticate;
beforeEach(async () => {
  vi.useFakeTimers({ toFake: ['Date', 'performance'] });
  issuer = await startIssuer();
  authenticate = authenticateBy(gatewayExample);
});
afterEach(async () => {
  vi.useRealTimers();
  await issuer.close();
});

const authenticateBy = (example: string) => authenticateByExample(example, issuer.jwks);
const present = async (token: string) => authenticate(`Bearer ${token}`);
const presentClaims = async (changes?: Record<string, unknown>) => present(await issuer.sign(claim(changes)));

it('creates a caller from a token, bound to its subject, with the scopes that both token and policy grant', async () => {
  const caller = {
    id: `staff:${hashSubject('alice')}`,
    kind: 'service',
    scopes: ['connections:read', 'tokens:read'],
    users: ['alice'],
    groups: [],
    connectors: 'any',
  };
  expect(await presentClaims()).toEqual({ caller, operationsPerMinute: null, credential: 'staff' });
  expect(await presentClaims({ teams: ['acme', 7, ''], scope: 'tokens:read' })).toMatchObject({
    caller: { groups: ['acme'], scopes: ['tokens:read'] },
  });
  expect(await presentClaims({ teams: 'acme', scope: undefined, scp: ['connections:read'] })).toMatchObject({
    caller: { groups: ['acme'], scopes: ['connections:read'] },
  });
  expect(await presentClaims({ scope: undefined })).toMatchObject({ caller: { scopes: [] } });
  expect(await presentClaims({ aud: ['other', 'xkit-graphql'] })).toHaveProperty('caller');
  expect(issuer.fetches()).toBe(1);
});

it('binds the browser in the documentation to its user', async () => {
  authenticate = authenticateBy(browserExample);
  const { caller } = (await presentClaims({ aud: 'app', teams: ['acme'] })) as { caller?: object };
  expect(caller).toMatchObject({ kind: 'browser', users: ['alice'], groups: [], connectors: ['slack'] });
  expect(await presentClaims()).toEqual({ failure: 'bad-token' });
});

it.each<[string, Record<string, unknown>, string]>([
  ['another issuer', { iss: 'https://evil.example/' }, 'unknown-issuer'],
  ['the issuer without its slash', { iss: 'https://login.example.com' }, 'unknown-issuer'],
  ['no issuer', { iss: undefined }, 'unknown-issuer'],
  ['another audience', { aud: 'other' }, 'bad-token'],
  ['no audience', { aud: undefined }, 'bad-token'],
  ['an expiry long ago', { exp: 1 }, 'expired-token'],
  ['an expiry 6 s ago', { exp: Math.floor(Date.now() / 1000) - 6 }, 'expired-token'],
  ['no expiry', { exp: undefined }, 'bad-token'],
  ['an expiry that is not a number', { exp: 'never' }, 'bad-token'],
  ['a start time in the future', { nbf: Math.floor(Date.now() / 1000) + MINUTE_S }, 'bad-token'],
  ['no subject', { sub: undefined }, 'bad-token'],
  ['an empty subject', { sub: '' }, 'bad-token'],
  ['a subject that is a list', { sub: ['alice', 'bob'] }, 'bad-token'],
])('refuses a token with %s', async (_, changes, failure) => {
  expect(await presentClaims(changes)).toEqual({ failure });
});

it('refuses a token with an infinite expiry', async () => {
  const token = await issuer.sign(JSON.stringify(claim({ exp: 7 })).replace('"exp":7', '"exp":1e400'));
  expect(await present(token)).toEqual({ failure: 'bad-token' });
});

it('refuses a token that is signed with an algorithm that the policy does not name', async () => {
  await issuer.addKey('es384', 'ES384');
  expect(await present(await issuer.sign(claim(), 'es384'))).toEqual({ failure: 'bad-token' });
  expect(await present(new UnsecuredJWT(claim()).encode())).toEqual({ failure: 'bad-token' });
  // The public key as an HMAC secret. A gateway that let the token choose the algorithm would accept this token.
  const secret = new TextEncoder().encode(await (await fetch(issuer.jwks)).text());
  const forged = await new SignJWT(claim()).setProtectedHeader({ alg: 'HS256', kid: 'first' }).sign(secret);
  expect(await present(forged)).toEqual({ failure: 'bad-token' });
});

it('refuses a token that was changed, or signed with a foreign key', async () => {
  const [head, , signature] = (await issuer.sign(claim())).split('.');
  const changed = base64url.encode(JSON.stringify(claim({ sub: 'bob' })));
  expect(await present(`${head}.${changed}.${signature}`)).toEqual({ failure: 'bad-token' });
  const other = await startIssuer();
  expect(await present(await other.sign(claim()))).toEqual({ failure: 'bad-token' });
  await other.close();
});

it('accepts a key that the issuer has added, and refuses one that it has withdrawn', async () => {
  expect(await presentClaims()).toHaveProperty('caller');
  const firstToken = await issuer.sign(claim({ exp: Math.floor(Date.now() / 1000) + 60 * MINUTE_S }));
  await issuer.addKey('second', 'EdDSA');
  issuer.withdrawKey('first');
  vi.advanceTimersByTime(6_000);
  expect(await present(await issuer.sign(claim(), 'second'))).toHaveProperty('caller');
  expect(await present(firstToken)).toEqual({ failure: 'bad-token' });
});

it.each(['Ed25519', 'EdDSA'] as const)('accepts a token that is signed with %s', async (algorithm) => {
  await issuer.addKey('edwards', algorithm);
  expect(await present(await issuer.sign(claim(), 'edwards'))).toHaveProperty('caller');
});

it('fetches the keys again every ten minutes, without delaying a token', async () => {
  await presentClaims();
  vi.advanceTimersByTime(11 * 60_000);
  issuer.answerWith({ status: 503, body: '' });
  expect(await presentClaims()).toHaveProperty('caller');
  await vi.waitFor(() => expect(issuer.fetches()).toBe(2));
  expect(await presentClaims()).toHaveProperty('caller');
  expect(issuer.fetches()).toBe(2);
});

it('does not fetch the keys again for each token with an unknown key', async () => {
  await presentClaims();
  const stranger = await startIssuer();
  await stranger.addKey('stranger');
  for (let round = 0; round < 20; round += 1) {
    expect(await present(await stranger.sign(claim(), 'stranger'))).toEqual({ failure: 'bad-token' });
  }
  expect(issuer.fetches()).toBeLessThanOrEqual(2);
  await stranger.close();
});

it.each([
  ['refuses the connection', null],
  ['fails', { status: 500, body: '{}' }],
  ['does not exist', { status: 404, body: '{"error":"not found"}' }],
  ['shows a page', { status: 404, body: '<html>', headers: { 'content-type': 'text/html' } }],
  ['requires a login', { status: 401, body: '{}' }],
  ['redirects', { status: 302, body: '', headers: { location: 'http://127.0.0.1:1/' } }],
  ['does not send JSON', { status: 200, body: '<html>' }],
  ['sends no keys', { status: 200, body: '{}' }],
])(
  'reports an issuer that %s as unavailable, not the token as invalid, and fetches its keys at most once in 5 s',
  async (_, answer) => {
    const token = await issuer.sign(claim());
    if (answer) issuer.answerWith(answer);
    else await issuer.close();
    const before = issuer.fetches();
    for (let round = 0; round < 5; round += 1) expect(await present(token)).toEqual(UNAVAILABLE);
    expect(issuer.fetches() - before).toBeLessThanOrEqual(1);
    if (!answer) return;
    vi.advanceTimersByTime(6_000);
    issuer.answerWith(null);
    expect(await present(token)).toHaveProperty('caller');
  },
);

it('refuses credentials that are longer than 8,000 bytes, with their own reason', async () => {
  const token = await issuer.sign(claim({ note: 'x'.repeat(6_100) }));
  expect(token.length).toBeGreaterThan(8_000);
  expect(await present(token)).toEqual({ failure: 'too-long' });
  expect(await authenticate(`Bearer xkgk_${'x'.repeat(7_988)}`)).toEqual({ failure: 'unknown-key' });
  expect(await authenticate(`Bearer xkgk_${'x'.repeat(7_989)}`)).toEqual({ failure: 'too-long' });
});

it.each<[string, string | Buffer, string]>([
  ['has a lone surrogate', JSON.stringify({ sub: '\ud800' }), 'bad-token'],
  ['is a number', JSON.stringify({ sub: 7 }), 'bad-token'],
  // Then no claim can be read, not even the issuer.
  ['is not UTF-8', Buffer.from(JSON.stringify({ sub: 'jos\u00e9' }), 'latin1'), 'unknown-issuer'],
])('refuses a token whose subject %s', async (_, own, failure) => {
  const rest = Buffer.from(JSON.stringify(claim({ sub: undefined })).replace('{', ','));
  const text = Buffer.concat([Buffer.from(own).subarray(0, -1), rest]);
  expect(await present(await issuer.sign(text))).toEqual({ failure });
});

it('distinguishes subjects and claims that differ only in Unicode normalization, case or white space', async () => {
  const subjects = ['jos\u00e9', 'jose\u0301', 'JOS\u00c9', ' jos\u00e9', 'jos\u00e9\ufeff'];
  const callers = await Promise.all(
    subjects.map(async (sub) => (await presentClaims({ sub, teams: [sub] })) as { caller?: Caller }),
  );
  expect(callers.map(({ caller }) => [caller?.users, caller?.groups])).toEqual(subjects.map((sub) => [[sub], [sub]]));
  expect(new Set(callers.map(({ caller }) => caller?.id)).size).toBe(subjects.length);
});

it('uses the keys that it has already fetched while the issuer is down', async () => {
  await presentClaims();
  const token = await issuer.sign(claim());
  await issuer.close();
  expect(await present(token)).toHaveProperty('caller');
  issuer = await startIssuer();
});

it('returns over HTTP what the token may read, 401 for an invalid token, and 503 while the issuer is down', async () => {
  const gateway = await startInProcess({ handler: { authenticate } });
  const ask = async (token: string, userId: string) => {
    const query = `{ userConnection(userId: "${userId}", connectorSlug: "slack") { state } }`;
    const init = postJson({ query }, { authorization: `Bearer ${token}` });
    const response = await gateway.fetchAnonymously('/graphql', init);
    const { data, errors } = (await response.json()) as {
      data?: unknown;
      errors?: { extensions: { code: string; retryable: boolean; retryAfterMs?: number } }[];
    };
    const { code, retryAfterMs } = errors?.[0]?.extensions ?? {};
    return { status: response.status, data, code, retryAfterMs, headers: response.headers };
  };
  issuer.answerWith({ status: 500, body: '' });
  const unavailable = await ask(await issuer.sign(claim()), 'alice');
  expect(unavailable).toMatchObject({ status: 503, code: 'AUTHENTICATION_UNAVAILABLE', retryAfterMs: 5_000 });
  expect(unavailable.headers.get('retry-after')).toBe('5');
  expect(gateway.sandbox.requests.entries).toEqual([]);

  issuer.answerWith(null);
  vi.advanceTimersByTime(6_000);
  const token = await issuer.sign(claim());
  expect(await ask(token, 'alice')).toMatchObject({ status: 200, data: { userConnection: { state: 'ACTIVE' } } });
  expect(await ask(token, 'bob')).toMatchObject({ status: 200, code: 'FORBIDDEN' });
  expect(await ask(`${token}x`, 'alice')).toMatchObject({ status: 401, code: 'UNAUTHENTICATED' });
  expect(gateway.sandbox.requests.entries).toHaveLength(1);
  expect(gateway.output()).not.toContain('alice');
  expect(gateway.output()).not.toContain(token.slice(-20));
  await gateway.close();
});
