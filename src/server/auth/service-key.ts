import { hash, randomBytes, timingSafeEqual } from 'node:crypto';

/** What every service key begins with, so that scanners for leaked secrets can find it. */
export const SERVICE_KEY_PREFIX = 'xkgk_';

/** How the hash of a service key is written: SHA-256, in hex. */
export const SERVICE_KEY_HASH = /^sha256:[0-9a-f]{64}$/;

/**
 * Makes a service key: 256 random bits.
 *
 * So much chance needs no slow hash: nobody finds it by trying.
 */
export function createServiceKey(): string {
  return SERVICE_KEY_PREFIX + randomBytes(32).toString('base64url');
}

/** Hashes a service key, for the policy file. */
export function hashServiceKey(key: string): string {
  return `sha256:${hash('sha256', key, 'hex')}`;
}

/** Tells whether a key is refused by now; one without an end never is. */
export function isExpired(expires: number | null): boolean {
  return expires !== null && expires <= Date.now();
}

/** Length of a SHA-256. */
const DIGEST_BYTES = 32;

/** A service key as the policy file has it, and what it opens. */
interface KnownKey<Owner> {
  readonly hash: string;
  readonly owner: Owner;
}

/**
 * Creates the search for whom a service key belongs to.
 *
 * Every key is compared, each in constant time, so that the time it takes tells nothing about them.
 */
export function createServiceKeyring<Owner>(keys: readonly KnownKey<Owner>[]): (key: string) => Owner | null {
  const known = keys.map(({ hash: text, owner }) => ({
    digest: Buffer.from(text.slice('sha256:'.length), 'hex'),
    owner,
  }));
  // One for all: node makes each buffer of a hash outside of the heap, which takes longer than the hash.
  const presented = Buffer.alloc(DIGEST_BYTES);
  return (presentedKey) => {
    presented.write(hash('sha256', presentedKey, 'hex'), 'hex');
    let found: Owner | null = null;
    for (const key of known) if (timingSafeEqual(key.digest, presented)) found = key.owner;
    return found;
  };
}
