import type { Scope } from './caller.js';

/** Reports that a request is refused: nobody asks (`UNAUTHENTICATED`), or somebody who may not (`FORBIDDEN`). */
export class AccessError extends Error {
  override readonly name = 'AccessError';
  readonly code: 'UNAUTHENTICATED' | 'FORBIDDEN';
  /** The scope that the caller lacks; null where that is not the reason. */
  readonly missingScope: Scope | null;

  constructor(code: AccessError['code'], missingScope: Scope | null = null) {
    super(toMessage(code, missingScope));
    this.code = code;
    this.missingScope = missingScope;
  }
}

function toMessage(code: AccessError['code'], missingScope: Scope | null): string {
  if (code === 'UNAUTHENTICATED') return 'The request has no caller.';
  // The same sentence whether or not there is such a connection.
  return missingScope === null
    ? 'The caller may not ask for this connection.'
    : `The caller lacks the scope ${missingScope}.`;
}
