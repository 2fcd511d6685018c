import { hash, randomBytes, timingSafeEqual } from 'node:crypto';

/** Prefix of every service key, so that secret scanners can find leaked keys. */
export const SERVICE_KEY_PREFIX = 'xkgk_';

/** Format of a service key's hash: SHA-256 in hex. */
export const SERVICE_KEY_HASH = /^sha256:[0-9a-f]{64}$/;

/** Creates a service key: 256 random bits. It cannot be brute-forced, so SHA-256 is enough. */
export function createServiceKey(): string {
  return SERVICE_KEY_PREFIX + randomBytes(32).toString('base64url');
}

/** Hashes a service key for the policy file. */
export function hashServiceKey(key: string): string {
  return `sha256:${hash('sha256', key, 'hex')}`;
}

/** Returns whether a key has expired. With null, it never expires. */
export function isExpired(expires: number | null): boolean {
  return expires !== null && expires <= Date.now();
}

const DIGEST_BYTES = 32;

interface KnownKey<Owner> {
  readonly hash: string;
  readonly owner: Owner;
}

/** Creates the lookup of a key's owner. It compares every key, each in constant time, so its timing reveals nothing. */
export function createServiceKeyring<Owner>(keys: readonly KnownKey<Owner>[]): (key: string) => Owner | null {
  const known = keys.map(({ hash: text, owner }) => ({
    digest: Buffer.from(text.slice('sha256:'.length), 'hex'),
    owner,
  }));
  // One shared buffer: Node allocates the buffer of each digest outside the heap, which takes longer than hashing.
  const presented = Buffer.alloc(DIGEST_BYTES);
  return (presentedKey) => {
    presented.write(hash('sha256', presentedKey, 'hex'), 'hex');
    let found: Owner | null = null;
    for (const key of known) if (timingSafeEqual(key.digest, presented)) found = key.owner;
    return found;
  };
}
