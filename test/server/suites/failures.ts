import { expect, it } from 'vitest';

import type { Fault } from '../../../src/sandbox/index.js';
import type { Subject } from './subject.js';

export function itReportsFailures({ gateway, ask, paths }: Subject) {
  it.each<[string, string, boolean, Fault]>([
    ['PLATFORM_UNAVAILABLE', 'a 500', true, { status: 500 }],
    ['PLATFORM_UNAVAILABLE', 'a 503 with a token in its body', true, { status: 503, body: activeBody('canary-503') }],
    ['PLATFORM_UNAVAILABLE', 'a 408', true, { status: 408 }],
    ['PLATFORM_UNAVAILABLE', 'a connection that breaks', true, { disconnect: 'before-response', times: 2 }],
    ['PLATFORM_UNAVAILABLE', 'a body that breaks off', true, { disconnect: 'mid-body' }],
    ['PLATFORM_TIMEOUT', 'no response', true, { delayMs: Infinity }],
    ['PLATFORM_RATE_LIMITED', 'a 429', true, { status: 429 }],
    ['PLATFORM_AUTH_FAILED', 'a 401', false, { status: 401, body: activeBody('canary-401') }],
    ['PLATFORM_AUTH_FAILED', 'a 403', false, { status: 403 }],
    [
      'PLATFORM_BAD_RESPONSE',
      'a redirect',
      false,
      { status: 302, headers: { location: '/api/platform/connections/carol/slack' } },
    ],
    ['PLATFORM_BAD_RESPONSE', 'a 400', false, { status: 400 }],
    ['PLATFORM_BAD_RESPONSE', 'a 201 with a token', false, { status: 201, body: activeBody('canary-201') }],
    ['PLATFORM_BAD_RESPONSE', 'a 204', false, { status: 204, body: () => null }],
    ['PLATFORM_BAD_RESPONSE', 'a body that is not JSON', false, { body: '<html>canary</html>' }],
    [
      'PLATFORM_BAD_RESPONSE',
      'a response for another connector',
      false,
      { body: activeBody('canary-other', 'github') },
    ],
  ])('returns %s, and neither a token nor a repair link, for %s', async (code, _, retryable, fault) => {
    gateway().sandbox.faults.add(fault);
    const { connection, errors, error, body } = await ask('alice', 'slack');
    expect(connection).toBeNull();
    expect(errors).toHaveLength(1);
    expect(error?.path).toEqual(['userConnection']);
    expect(error?.extensions).toEqual({ code, retryable, requestId: expect.stringMatching(/^[\w-]{36}$/) as string });
    expect(body).not.toMatch(/canary|sandbox|html|127\.0\.0\.1|pk_|sk_|Basic/);
    // A kept-alive connection may already be dead. The gateway then sends the request once more, on a new connection.
    expect(paths().length).toBeLessThanOrEqual(fault.times ?? 1);
  });

  it('returns the Retry-After of the platform as retryAfterMs', async () => {
    gateway().sandbox.faults.add({ status: 429, headers: { 'retry-after': '7' } });
    expect((await ask('alice', 'slack')).error?.extensions).toMatchObject({
      code: 'PLATFORM_RATE_LIMITED',
      retryAfterMs: 7_000,
    });
  });

  it.each([
    ['an empty id', '', 'slack', 'The user id must not be empty.'],
    ['an id of dots', '..', 'slack', 'The user id must not consist only of dots.'],
    ['a control character', 'al\nice', 'slack', 'The user id must not contain control characters.'],
    ['an id that is too long', 'x'.repeat(257), 'slack', 'The user id must be at most 256 characters long.'],
    ['a slug that is too long', 'alice', 'x'.repeat(65), 'The connector slug must be at most 64 characters long.'],
  ])('refuses %s without a platform request', async (_, user, slug, message) => {
    const { connection, error } = await ask(user, slug);
    expect(connection).toBeNull();
    expect(error).toMatchObject({ message, extensions: { code: 'BAD_USER_INPUT', retryable: false } });
    expect(paths()).toEqual([]);
  });

  it('refuses a rejected token that is sent instead of its fingerprint, and does not repeat the token', async () => {
    const { error, body } = await ask('alice', 'slack', 'xoxb-canary-token');
    expect(error?.extensions['code']).toBe('BAD_USER_INPUT');
    expect(body).not.toContain('canary');
    expect(paths()).toEqual([]);
  });
}

function activeBody(token: string, slug = 'slack'): string {
  return JSON.stringify({
    connection: { id: 'c', enabled: true },
    connector: { slug },
    authorization: { status: 'active', access_token: token },
  });
}
