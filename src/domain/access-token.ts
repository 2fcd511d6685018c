import { InvalidInputError } from './invalid-input.js';
import { hasControlCharacter } from './text.js';

/**
 * Holds a third party's access token. A secret: every way of printing it shows the fingerprint instead, and only
 * {@link AccessToken.reveal} gives the value.
 */
export class AccessToken {
  readonly #value: string;
  /** The first 16 hex digits of the SHA-256 of the token: tells tokens apart, safe to log. */
  readonly fingerprint: string;

  constructor(value: string, fingerprint: string) {
    this.#value = value;
    this.fingerprint = fingerprint;
  }

  /** Gives the secret itself. The answer to a caller is the one place for it. */
  reveal(): string {
    return this.#value;
  }

  /** Tells whether the token could be sent to a third party at all: not empty, no control characters. */
  isWellFormed(): boolean {
    return this.#value !== '' && !hasControlCharacter(this.#value);
  }

  toString(): string {
    return `[access token ${this.fingerprint}]`;
  }

  toJSON(): string {
    return this.toString();
  }

  // What console.log and node:util's inspect print; the symbol is public, so the domain needs no import for it.
  [Symbol.for('nodejs.util.inspect.custom')](): string {
    return this.toString();
  }
}

/**
 * Reads a token fingerprint that a caller sends back: 16 hex digits in either case.
 *
 * @throws {InvalidInputError} for anything else, so that a whole token sent by mistake is noticed
 */
export function parseTokenFingerprint(text: string): string {
  if (!/^[0-9a-f]{16}$/i.test(text)) {
    throw new InvalidInputError('A token fingerprint must be 16 hex digits: the value of accessTokenFingerprint.');
  }
  return text.toLowerCase();
}
