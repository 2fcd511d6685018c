import { brotliCompressSync, deflateSync, gzipSync } from 'node:zlib';

import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import type { Fault } from '../../src/sandbox/index.js';
import { active, altered } from '../support/bodies.js';
import { startProcess, type TestGateway } from '../support/gateway.js';
import { UserConnection, WholeConnection } from '../support/operations.js';

const alice = { userId: 'alice', connectorSlug: 'slack' };

describe('harmless oddities', () => {
  let gateway: TestGateway;
  beforeAll(async () => {
    gateway = await startProcess();
  });
  afterAll(() => gateway.close());
  const stateAfter = async (fault: Fault) => {
    gateway.sandbox.faults.add(fault);
    return (await gateway.send(UserConnection, alice)).data?.userConnection?.state;
  };

  it.each([
    [
      'a whole body in gzip',
      { body: gzipSync(JSON.stringify(active)), headers: { 'content-encoding': 'gzip' } },
      'ACTIVE',
    ],
    [
      'a whole body in deflate',
      { body: deflateSync(JSON.stringify(active)), headers: { 'content-encoding': 'deflate' } },
      'ACTIVE',
    ],
    [
      'a whole body in brotli',
      { body: brotliCompressSync(JSON.stringify(active)), headers: { 'content-encoding': 'BR' } },
      'ACTIVE',
    ],
    [
      'JSON with the content type text/plain',
      { body: JSON.stringify(active), headers: { 'content-type': 'text/plain' } },
      'ACTIVE',
    ],
    ['unknown fields', { body: altered('authorization', { surprise: { deep: [1] }, scope: 7 }) }, 'ACTIVE'],
    ['a connector without a slug', { body: altered('connector', { slug: null }) }, 'ACTIVE'],
    ['a slug in another case', { body: altered('connector', { slug: 'SLACK' }) }, 'ACTIVE'],
    [
      'a token with control characters',
      { body: altered('authorization', { access_token: 'a\r\nx: y' }) },
      'NEEDS_REPAIR',
    ],
    ...[
      ['U+2026', 'xoxb-abc\u2026'],
      ['a lone surrogate', 'xoxb-\ud800'],
      ['two line breaks at its end', 'xoxb-abc\n\n'],
      ['a line break at its start', '\nxoxb-abc'],
      ['a space at its end', 'xoxb-abc '],
      ['only a line break', '\n'],
    ].map(([name, access_token]): [string, Fault, string] => [
      `a token with ${name}`,
      { body: altered('authorization', { access_token }) },
      'NEEDS_REPAIR',
    ]),
    ['a status in another case', { body: altered('authorization', { status: 'Active' }) }, 'NEEDS_REPAIR'],
    ['an empty authorization', { body: JSON.stringify({ ...active, authorization: {} }) }, 'NEEDS_REPAIR'],
    [
      'an authorization of nulls',
      { body: JSON.stringify({ ...active, authorization: { id: null, status: null } }) },
      'NEEDS_REPAIR',
    ],
    [
      'a sibling null beside a nested authorization',
      {
        body: JSON.stringify({
          connection: { enabled: true, authorization: active.authorization },
          authorization: null,
        }),
      },
      'NEEDS_REPAIR',
    ],
    [
      'an invalid authorization beside enabled: false',
      { body: JSON.stringify({ connection: { enabled: false }, authorization: 'canary' }) },
      'NOT_ENABLED',
    ],
  ])('reads %s', async (_, fault, state) => {
    expect(await stateAfter(fault)).toBe(state);
  });

  it.each(['xoxb-abc\n', 'xoxb-abc\r\n'])(
    'removes one line break from the end of the token %j',
    async (access_token) => {
      const token = async (value: string) => {
        gateway.sandbox.faults.add({ body: altered('authorization', { access_token: value }) });
        return (await gateway.send(UserConnection, alice)).data?.userConnection?.authorization;
      };
      expect(await token(access_token)).toEqual(await token('xoxb-abc'));
      expect(await token(access_token)).toMatchObject({ accessToken: 'xoxb-abc' });
    },
  );

  it('redacts every token that a text quotes, even one with a control character in it', async () => {
    gateway.sandbox.faults.add({
      body: JSON.stringify({
        connection: { id: 'canary', enabled: true, authorization: { credential: 'nested-canary' } },
        connector: { slug: 'slack', name: 'canary', about: 'about\ncanary', mark_url: 'https://x.example/?canary' },
        authorization: {
          status: 'error',
          access_token: 'canary',
          credential: 'canary-and-more',
          error_message: 'bad\u001b[31m can\u0000ary, canary-and-more, nested-canary\n',
          error_code: 'x-canary',
          display_label: 'canary',
        },
      }),
    });
    const { body } = await gateway.send(WholeConnection, alice);
    expect(body).not.toMatch(/canary|and-more/);
    expect(body).toContain('x-[redacted]');
    expect(body).toContain('about\\n[redacted]');
  });

  it('prefers the sibling connector to the nested one, and drops an empty id and a script URL as the logo', async () => {
    gateway.sandbox.faults.add({
      body: JSON.stringify({
        connection: { id: '', enabled: false, connector: { slug: 'slack', name: 'Nested' } },
        connector: { slug: 'slack', name: 'Sibling', mark_url: 'javascript:alert(1)' },
      }),
    });
    const { data } = await gateway.send(WholeConnection, alice);
    expect(data?.userConnection).toMatchObject({ platformId: null, connector: { name: 'Sibling', markUrl: null } });
  });

  it('limits the length of every text', async () => {
    const long = 'x'.repeat(50_000);
    gateway.sandbox.faults.add({
      body: JSON.stringify({
        connection: { id: long, enabled: true },
        connector: { slug: 'slack', name: long, short_description: long, about: long, description: long },
        authorization: {
          id: 2 ** 60,
          status: long,
          display_label: long,
          error_code: long,
          error_message: long,
        },
      }),
    });
    const { data } = await gateway.send(WholeConnection, alice);
    const { connector, authorization, platformId } = data?.userConnection ?? {};
    expect(
      [platformId, connector?.name, connector?.shortDescription, connector?.about, connector?.description].map(
        (text) => text?.length,
      ),
    ).toEqual([256, 256, 1_024, 16_384, 16_384]);
    expect(
      [
        authorization?.platformStatus,
        authorization?.displayLabel,
        authorization?.errorCode,
        authorization?.errorMessage,
      ].map((text) => text?.length),
    ).toEqual([256, 256, 256, 1_024]);
    expect(authorization?.id).toBeNull();
  });
});
