import { describe, expect, it } from 'vitest';

import { API, type Subject } from './subject.js';

const USER = 'query ($id: ID!) { userConnection(userId: $id, connectorSlug: "slack") { ownerId } }';
const GROUP = 'query ($id: ID!) { groupConnection(groupId: $id, connectorSlug: "slack") { ownerId } }';
const KEY = `query ($id: ID!) {
  connections(keys: [{ ownerKind: USER, ownerId: $id, connectorSlug: "slack" }]) { ownerId }
}`;
const KEYS = 'query ($keys: [ConnectionKey!]!) { connections(keys: $keys) { ownerId } }';

/** The documents of this suite that are sent with variables. */
export const ID_DOCUMENTS = [USER, GROUP, KEY, KEYS];

/** Puts an id into variables as raw JSON text, where a number may have any length. */
const ofId = (id: string) => `{"id":${id}}`;
const ofKey = (id: string) => `{"keys":[{"ownerKind":"USER","ownerId":${id},"connectorSlug":"slack"}]}`;

const PLACES: readonly [string, string, (id: string) => string][] = [
  ['userId', USER, ofId],
  ['groupId', GROUP, ofId],
  ['an ownerId in the document', KEY, ofId],
  ['an ownerId in a key', KEYS, ofKey],
];

/** Tests that the gateway never confuses two owners, in any notation of their ids. */
export function itKeepsIdsExact({ gateway, paths }: Subject) {
  const post = async (body: string | Buffer<ArrayBuffer>, contentType = 'application/json') => {
    const init = { method: 'POST', headers: { 'content-type': contentType }, body };
    const response = await gateway().fetch('/graphql', init);
    const text = await response.text();
    const { data, errors = [] } = JSON.parse(text) as {
      data?: unknown;
      errors?: readonly { readonly message: string; readonly extensions: Record<string, unknown> }[];
    };
    return { status: response.status, data, text, errors };
  };

  describe.each(PLACES)('an id sent as %s', (_, query, toVariables) => {
    const ask = (id: string) => post(`{"query":${JSON.stringify(query)},"variables":${toVariables(id)}}`);

    it.each(['1234567890123456789', '9007199254740993', '-9007199254740993', '1e21', '1.5', '1e400'])(
      'is refused as a number that a JSON parser rounds or reformats: %s',
      async (id) => {
        const { data = null, errors } = await ask(id);
        expect(data).toBeNull();
        expect(errors.map(({ extensions }) => [extensions['code'], extensions['retryable']])).toEqual([
          ['BAD_USER_INPUT', false],
        ]);
        expect(errors[0]?.extensions['requestId']).toEqual(expect.any(String));
        expect(paths()).toEqual([]);
      },
    );

    it('is accepted unchanged as a safe integer', async () => {
      const { text, errors } = await ask('9007199254740991');
      expect(errors).toEqual([]);
      expect(text).toContain('"ownerId":"9007199254740991"');
    });

    it('is accepted unchanged as a string of digits of any length', async () => {
      const { text, errors } = await ask('"1234567890123456789"');
      expect(errors).toEqual([]);
      expect(text).toContain('"ownerId":"1234567890123456789"');
    });
  });

  it('reads an integer in a document, or in the default of a variable, without rounding', async () => {
    const id = '1234567890123456789';
    const query = `query ($u: ID! = ${id}) {
      a: userConnection(userId: ${id}, connectorSlug: "slack") { ownerId state }
      b: userConnection(userId: $u, connectorSlug: "slack") { ownerId }
    }`;
    const { data } = await post(JSON.stringify({ query }));
    expect(data).toEqual({ a: { ownerId: id, state: 'NOT_FOUND' }, b: { ownerId: id } });
    expect(paths()).toEqual([`${API}/connections/${id}/slack`]);
  });

  const body = (id: string) => JSON.stringify({ query: USER, variables: { id } });

  it.each([
    ['Latin-1', Buffer.from(body('josé'), 'latin1')],
    [
      'a truncated sequence',
      Buffer.concat([Buffer.from(body('jos').slice(0, -3)), Buffer.from([0xc3]), Buffer.from('"}}')]),
    ],
    ['an overlong sequence', Buffer.from(body('jos\u00c0\u00ae'), 'latin1')],
    ['a lone surrogate', Buffer.from(body('jos\u00ed\u00a0\u0080'), 'latin1')],
    ['UTF-16', Buffer.from(`\ufeff${body('jose')}`, 'utf16le')],
  ])('refuses a body that is not UTF-8: %s', async (_, bytes) => {
    const { status, errors } = await post(bytes);
    expect([status, errors[0]?.message, errors[0]?.extensions['code']]).toEqual([
      400,
      'The body is not valid UTF-8.',
      'BAD_REQUEST',
    ]);
    expect(paths()).toEqual([]);
  });

  it.each(['iso-8859-1', 'latin1', 'utf-16', 'utf-7', '"windows-1252"', ''])(
    'refuses the charset %s',
    async (charset) => {
      const { status, errors } = await post(body('josé'), `application/json; charset=${charset}`);
      expect([status, errors[0]?.message]).toEqual([
        415,
        'Send GraphQL operations in UTF-8, without another charset in Content-Type.',
      ]);
      expect(paths()).toEqual([]);
    },
  );

  it.each([
    ['application/json;charset=utf-8', ''],
    ['Application/JSON ; Charset="UTF-8"', ''],
    ['application/json; charset=utf8; profile=x', ''],
    ['application/json', '\ufeff'],
  ])('reads a body of %s, with or without a byte order mark', async (contentType, mark) => {
    const { data } = await post(Buffer.from(mark + body('josé')), contentType);
    expect(data).toEqual({ userConnection: { ownerId: 'josé' } });
  });

  it('refuses an id with a lone surrogate in an escape sequence', async () => {
    const { errors } = await post(String.raw`{"query":${JSON.stringify(USER)},"variables":{"id":"jos\ud800"}}`);
    expect(errors[0]?.extensions['code']).toBe('BAD_USER_INPUT');
  });
}
