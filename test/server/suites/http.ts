import { expect, it } from 'vitest';

import type { Subject } from './subject.js';

export function itSpeaksHttp({ gateway, ask, paths }: Subject) {
  it('forbids caches to keep an answer and names the request in answer, error and header', async () => {
    gateway().sandbox.faults.add({ status: 500 });
    const { headers, error } = await ask('alice', 'slack');
    expect(headers.get('cache-control')).toBe('no-store');
    expect(headers.get('x-request-id')).toBe(error?.extensions['requestId']);
  });

  it.each([
    ['GET', undefined, 405],
    ['PUT', 'application/json', 405],
    ['POST', 'text/plain', 415],
    ['POST', 'application/x-www-form-urlencoded', 415],
    ['POST', 'multipart/form-data; boundary=x', 415],
    ['POST', 'application/graphql', 415],
  ])('executes nothing for a %s of %s', async (method, contentType, status) => {
    const query = '{ userConnection(userId: "alice", connectorSlug: "slack") { authorization { accessToken } } }';
    const response = await gateway().fetch(`/graphql?query=${encodeURIComponent(query)}`, {
      method,
      ...(contentType && { headers: { 'content-type': contentType } }),
      ...(method !== 'GET' && { body: JSON.stringify({ query }) }),
    });
    expect(response.status).toBe(status);
    expect(await response.text()).not.toContain('sandbox-');
    expect(paths()).toEqual([]);
  });

  it('allows no other origin to read its answers', async () => {
    const response = await gateway().fetch('/graphql', {
      method: 'OPTIONS',
      headers: { origin: 'https://evil.example', 'access-control-request-method': 'POST' },
    });
    expect(response.headers.get('access-control-allow-origin')).toBeNull();
  });

  it('says that it is alive', async () => {
    expect((await gateway().fetch('/health')).status).toBe(200);
  });
}
