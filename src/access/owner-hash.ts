import { createHmac, hash } from 'node:crypto';

const MIN_KEY_LENGTH = 16;
/** What SHA-256 takes in at once, and gives, in bytes. */
const BLOCK_BYTES = 64;
const DIGEST_BYTES = 32;
/** Longest id that is hashed in place, in UTF-16 code units: no owner's is longer, and each takes 3 bytes at most. */
const MAX_LENGTH = 256;

/**
 * Creates the function that hashes the ids of owners for logs: the first 32 hex digits of their HMAC-SHA-256.
 *
 * Ids are few and guessable, so that a plain hash would tell them to whoever tries them all: hence the key.
 *
 * An HMAC is two hashes, of the key's inner pad and the text, and of its outer pad and that hash (RFC 2104). They are
 * written out because node:crypto makes an object outside of the heap for each HMAC: that takes twice as long, and the
 * garbage collector as much again. The tests compare the two.
 *
 * @throws {TypeError} if the key is too short
 */
export function createOwnerHash(key: string): (ownerId: string) => string {
  if (typeof key !== 'string' || key.length < MIN_KEY_LENGTH) {
    throw new TypeError(`ownerHashKey must be a text of at least ${MIN_KEY_LENGTH} characters.`);
  }
  const bytes = Buffer.from(key);
  const block = Buffer.alloc(BLOCK_BYTES);
  block.set(bytes.length > BLOCK_BYTES ? hash('sha256', bytes, 'buffer') : bytes);
  const inner = Buffer.alloc(BLOCK_BYTES + 3 * MAX_LENGTH);
  inner.set(block.map((byte) => byte ^ 0x36));
  const outer = Buffer.alloc(BLOCK_BYTES + DIGEST_BYTES);
  outer.set(block.map((byte) => byte ^ 0x5c));

  return (ownerId) => {
    if (ownerId.length > MAX_LENGTH) return createHmac('sha256', key).update(ownerId).digest('hex').slice(0, 32);
    const length = inner.write(ownerId, BLOCK_BYTES);
    outer.write(hash('sha256', inner.subarray(0, BLOCK_BYTES + length), 'hex'), BLOCK_BYTES, 'hex');
    return hash('sha256', outer, 'hex').slice(0, 32);
  };
}
