import { generateKeyPairSync } from 'node:crypto';
import { createServer } from 'node:http';

import type { JWK } from 'jose';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';

import type { Authenticate } from '../../../src/server/auth/authenticate.js';
import { startIssuer, type TestIssuer } from '../../support/issuer.js';
import { listenLocally } from '../../support/listen.js';
import { authenticateByExample, claim, gatewayExample } from '../../support/tokens.js';

const UNAVAILABLE = { failure: 'issuer-unavailable', credential: 'staff' };
/** A key that an issuer must not publish. */
const PRIVATE_KEY = {
  ...generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey.export({ format: 'jwk' }),
  kid: 'first',
  alg: 'ES256',
};

let issuer: TestIssuer;
let authenticate: Authenticate;
beforeEach(async () => {
  vi.useFakeTimers({ toFake: ['Date', 'performance'] });
  issuer = await startIssuer();
  authenticate = authenticateByExample(gatewayExample, issuer.jwks);
});
afterEach(async () => {
  vi.useRealTimers();
  await issuer.close();
});

const present = async (token: string) => authenticate(`Bearer ${token}`);
const presentClaims = async () => present(await issuer.sign(claim()));

it('accepts a token without kid from any of several keys, and refuses one of a foreign key', async () => {
  await issuer.addKey('second');
  await issuer.addKey('third', 'RS256');
  for (const kid of ['first', 'second', 'third']) {
    expect(await present(await issuer.signWithoutKid(claim(), kid))).toHaveProperty('caller');
  }
  expect(await present(await issuer.signWithoutKid(claim({ exp: 1 }), 'second'))).toEqual({ failure: 'expired-token' });
  expect(await present(await issuer.signWithoutKid(claim({ aud: 'x' }), 'first'))).toEqual({ failure: 'bad-token' });
  const stranger = await startIssuer();
  expect(await present(await stranger.signWithoutKid(claim()))).toEqual({ failure: 'bad-token' });
  await stranger.close();
  expect(issuer.fetches()).toBe(1);
});

it('accepts a token whose kid names two keys, and skips a key that is too short to be secure', async () => {
  const short = generateKeyPairSync('rsa', { modulusLength: 1024 }).publicKey.export({ format: 'jwk' });
  await issuer.addKey('first-rsa', 'RS256');
  const { keys } = (await (await fetch(issuer.jwks)).json()) as { keys: JWK[] };
  const rsa = keys.filter(({ kty }) => kty === 'RSA');
  const body = JSON.stringify({ keys: [{ ...short, kid: 'first-rsa' }, ...rsa] });
  issuer.answerWith({ status: 200, body });
  expect(await present(await issuer.sign(claim(), 'first-rsa'))).toHaveProperty('caller');
});

it('tries at most eight keys for a token without kid, and reports that there are more', async () => {
  for (let index = 2; index <= 8; index += 1) await issuer.addKey(`key-${index}`);
  expect(await present(await issuer.signWithoutKid(claim(), 'key-8'))).toHaveProperty('caller');
  await issuer.addKey('key-9');
  authenticate = authenticateByExample(gatewayExample, issuer.jwks);
  expect(await present(await issuer.signWithoutKid(claim(), 'key-8'))).toHaveProperty('caller');
  const ninth = await issuer.signWithoutKid(claim(), 'key-9');
  expect(await present(ninth)).toEqual({ failure: 'too-many-keys', credential: 'staff' });
  expect(await present(await issuer.sign(claim(), 'key-9'))).toHaveProperty('caller');
});

it('accepts a token without kid from a key that the issuer has added, and fetches the keys at most once in 5 s', async () => {
  expect(await present(await issuer.signWithoutKid(claim()))).toHaveProperty('caller');
  await issuer.addKey('second');
  vi.advanceTimersByTime(6_000);
  expect(await present(await issuer.signWithoutKid(claim(), 'second'))).toHaveProperty('caller');
  expect(issuer.fetches()).toBe(2);
  const stranger = await startIssuer();
  const forged = await stranger.signWithoutKid(claim());
  for (let round = 0; round < 5; round += 1) expect(await present(forged)).toEqual({ failure: 'bad-token' });
  await stranger.close();
  expect(issuer.fetches()).toBe(2);
});

it('does not fetch the keys of an issuer that is down for each token with an unknown key', async () => {
  await presentClaims();
  const stranger = await startIssuer();
  await stranger.addKey('stranger');
  const forged = [await stranger.sign(claim(), 'stranger'), await stranger.signWithoutKid(claim(), 'stranger')];
  await stranger.close();
  vi.advanceTimersByTime(6_000);
  issuer.answerWith({ status: 503, body: '' });
  for (const token of [...forged, ...forged]) expect(await present(token)).toEqual(UNAVAILABLE);
  expect(issuer.fetches()).toBe(2);
  expect(await presentClaims()).toHaveProperty('caller');
});

it.each([
  ['a private key', PRIVATE_KEY],
  ['a broken key', { ...PRIVATE_KEY, d: undefined, x: 'AA' }],
])('reports an issuer that sends %s as unavailable', async (_, key) => {
  issuer.answerWith({ status: 200, body: JSON.stringify({ keys: [key] }) });
  expect(await presentClaims()).toEqual(UNAVAILABLE);
});

it.each([
  ['nothing', false],
  ['only a part of its keys', true],
])('reports an issuer that sends %s for 3 s as unavailable', async (_, sendsPart) => {
  const silent = createServer((_request, response) => {
    if (sendsPart) response.writeHead(200, { 'content-type': 'application/json' }).write('{"keys":[');
  });
  const port = await listenLocally(silent);
  const token = await issuer.sign(claim());
  authenticate = authenticateByExample(gatewayExample, `http://127.0.0.1:${port}/jwks`);
  vi.useRealTimers();
  const startedAt = performance.now();
  expect(await present(token)).toEqual(UNAVAILABLE);
  expect(performance.now() - startedAt).toBeGreaterThan(2_900);
  // The next token does not wait again.
  const again = performance.now();
  expect(await present(token)).toEqual(UNAVAILABLE);
  expect(performance.now() - again).toBeLessThan(1_000);
  silent.closeAllConnections();
  silent.close();
});
