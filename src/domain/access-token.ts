import { InvalidInputError } from './invalid-input.js';

/**
 * A header value (RFC 9110, 5.5) without tabs: each character is one byte, none is a control character, and neither
 * end is a space, because a recipient removes it.
 */
const HEADER_VALUE = /^[!-~\u00a0-\u00ff](?:[ -~\u00a0-\u00ff]*[!-~\u00a0-\u00ff])?$/;

/** A third party's access token: a secret. Printing shows its fingerprint; only {@link AccessToken.reveal} shows it. */
export class AccessToken {
  readonly #value: string;
  /** The first 16 hex digits of the token's SHA-256. Distinguishes tokens, and is safe to log. */
  readonly fingerprint: string;

  constructor(value: string, fingerprint: string) {
    this.#value = value;
    this.fingerprint = fingerprint;
  }

  /** Returns the secret. Use it only in the response to a caller. */
  reveal(): string {
    return this.#value;
  }

  /** Returns whether a request header can carry the token unchanged. */
  fitsHeader(): boolean {
    return HEADER_VALUE.test(this.#value);
  }

  toString(): string {
    return `[access token ${this.fingerprint}]`;
  }

  toJSON(): string {
    return this.toString();
  }

  // console.log() and util.inspect() call this. The symbol is global, so the domain needs no import.
  [Symbol.for('nodejs.util.inspect.custom')](): string {
    return this.toString();
  }
}

/**
 * Parses a token fingerprint from a caller: 16 hex digits in either case.
 *
 * @throws {InvalidInputError} for anything else, so that a whole token sent by mistake is noticed
 */
export function parseTokenFingerprint(text: string): string {
  if (!/^[0-9a-f]{16}$/i.test(text)) {
    throw new InvalidInputError('A token fingerprint must be 16 hex digits: the value of accessTokenFingerprint.');
  }
  return text.toLowerCase();
}
