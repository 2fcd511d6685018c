import type { Scope } from './caller.js';

/** Reports that a request is refused: nobody asks (`UNAUTHENTICATED`), or somebody who may not (`FORBIDDEN`). */
export class AccessError extends Error {
  override readonly name = 'AccessError';
  readonly code: 'UNAUTHENTICATED' | 'FORBIDDEN';
  /** The scope that the caller lacks; null where that is not the reason. */
  readonly missingScope: Scope | null;

  constructor(code: AccessError['code'], missingScope: Scope | null = null) {
    super('Access is refused.');
    this.code = code;
    this.missingScope = missingScope;
  }
}
