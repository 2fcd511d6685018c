import { createHmac } from 'node:crypto';

import fc from 'fast-check';
import { expect, it } from 'vitest';

import { createOwnerHash } from '../../src/access/audit.js';

it('returns the first 32 hex digits of the HMAC-SHA-256 for any key and id', () => {
  const key = fc.string({ unit: 'binary', minLength: 16, maxLength: 100 });
  const id = fc.oneof(fc.string({ unit: 'binary', maxLength: 300 }), fc.constantFrom('\ud800', 'ä'.repeat(256)));
  fc.assert(
    fc.property(key, fc.array(id), (secret, ids) => {
      const hashOwner = createOwnerHash(secret);
      for (const text of ids) {
        expect(hashOwner(text)).toBe(createHmac('sha256', secret).update(text).digest('hex').slice(0, 32));
      }
    }),
  );
});

it('returns the correct hash for ids up to and over 256 characters, one after another', () => {
  const key = 'owner-hash-key-of-the-tests';
  const hashOwner = createOwnerHash(key);
  for (const id of ['\uffff'.repeat(256), 'short', '\uffff'.repeat(257), '', 'short']) {
    expect(hashOwner(id)).toBe(createHmac('sha256', key).update(id).digest('hex').slice(0, 32));
  }
});
