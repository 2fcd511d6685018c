import { hkdfSync } from 'node:crypto';

/** Derives the key of the owner hashes from the platform's secret key, the same in every replica (HKDF, RFC 5869). */
export function deriveOwnerHashKey(secret: string): string {
  return Buffer.from(hkdfSync('sha256', secret, '', 'xkit-graphql owner hash', 32)).toString('hex');
}
