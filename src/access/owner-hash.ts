import { createHmac } from 'node:crypto';

const MIN_KEY_LENGTH = 16;

/**
 * Creates the function that hashes the ids of owners for logs: the first 32 hex digits of their HMAC-SHA-256.
 *
 * Ids are few and guessable, so a plain hash would reveal them to anyone who tries them all. Hence the key.
 *
 * @throws {TypeError} if the key is too short
 */
export function createOwnerHash(key: string): (ownerId: string) => string {
  if (typeof key !== 'string' || key.length < MIN_KEY_LENGTH) {
    throw new TypeError(`ownerHashKey must be a text of at least ${MIN_KEY_LENGTH} characters.`);
  }
  return (ownerId) => createHmac('sha256', key).update(ownerId).digest('hex').slice(0, 32);
}
