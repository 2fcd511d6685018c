import { hasControlCharacter } from '../domain/text.js';

/**
 * Encodes Basic credentials (RFC 7617) in UTF-8.
 * @throws {TypeError} if a key is invalid. The message names the option and never repeats the key
 */
export function toBasicCredentials(publishableKey: string, secretKey: string): string {
  refuse('publishableKey', findPublishableKeyProblem(publishableKey));
  refuse('secretKey', findSecretKeyProblem(secretKey));
  return `Basic ${Buffer.from(`${publishableKey}:${secretKey}`, 'utf8').toString('base64')}`;
}

/** Returns the problem of a publishable key, or null. The message never repeats the key. */
export function findPublishableKeyProblem(key: string): string | null {
  // A colon would end the user name (RFC 7617, 2).
  return findSecretKeyProblem(key) ?? (key.includes(':') ? 'must not contain a colon' : null);
}

/** Returns the problem of a secret key, or null. The message never repeats the key. */
export function findSecretKeyProblem(key: string): string | null {
  if (typeof key !== 'string' || key === '') return 'must not be empty';
  if (hasControlCharacter(key)) return 'must not contain control characters';
  if (key.trim() !== key) return 'must not begin or end with white space';
  return key.isWellFormed() ? null : 'must be well-formed Unicode';
}

function refuse(option: string, problem: string | null): void {
  if (problem !== null) throw new TypeError(`${option} ${problem}.`);
}
