import type { AnswerError, ConnectionAnswer } from './connection-answer.js';

type RepairLink = NonNullable<ConnectionAnswer['repairLink']>;

/** Reports that there is no usable token until a person opens a page. */
export class ConnectionNeedsRepair extends Error {
  override readonly name = 'ConnectionNeedsRepair';
  readonly state: ConnectionAnswer['state'];
  /** Where the person goes. Holds no secret. */
  readonly url: string;
  /** What the person does there: `SET_UP`, `FINISH` or `REPAIR`. */
  readonly action: RepairLink['action'];
  /** Why there is no usable token. */
  readonly reason: RepairLink['reason'];

  constructor(state: ConnectionAnswer['state'], { url, action, reason }: RepairLink) {
    super(`There is no usable access token: ${reason}. A person has to open ${url}`);
    this.state = state;
    this.url = url;
    this.action = action;
    this.reason = reason;
  }
}

/** Reports that it cannot be told how a connection stands, or that its token is withheld: the gateway said why. */
export class ConnectionUnavailable extends Error {
  override readonly name = 'ConnectionUnavailable';
  /** The gateway's code, such as `PLATFORM_TIMEOUT` or `FORBIDDEN`; null where the answer has no error to go by. */
  readonly code: string | null;
  /** Whether it is worth asking again. */
  readonly retryable: boolean;
  /** How long to wait before that, in milliseconds, where the gateway says it. */
  readonly retryAfterMs: number | undefined;
  /** Names the request in the gateway's log. */
  readonly requestId: string | undefined;

  constructor(error: AnswerError | undefined) {
    const { code, retryable, retryAfterMs, requestId } = error?.extensions ?? {};
    super(error?.message ?? 'The answer has neither a connection nor an error that says why.');
    this.code = typeof code === 'string' ? code : null;
    this.retryable = retryable === true;
    this.retryAfterMs = typeof retryAfterMs === 'number' ? retryAfterMs : undefined;
    this.requestId = typeof requestId === 'string' ? requestId : undefined;
  }
}

/**
 * Tells whether it is worth asking the gateway again: whether every error of an answer says so.
 *
 * Takes one error of an answer, a list of them, or what a client throws around them (`errors`, `graphQLErrors` or
 * `response.errors`). Anything else is not retryable.
 */
export function isRetryable(error: unknown): boolean {
  const errors = findAnswerErrors(error);
  return errors.length > 0 && errors.every((item) => item?.extensions?.['retryable'] === true);
}

function findAnswerErrors(error: unknown): readonly (AnswerError | null | undefined)[] {
  if (error instanceof ConnectionUnavailable) return [{ message: '', extensions: { retryable: error.retryable } }];
  if (Array.isArray(error)) return error as (AnswerError | null)[];
  if (typeof error !== 'object' || error === null) return [];
  const { extensions, errors, graphQLErrors, response } = error as {
    readonly extensions?: unknown;
    readonly errors?: unknown;
    readonly graphQLErrors?: unknown;
    readonly response?: { readonly errors?: unknown };
  };
  const inside = [errors, graphQLErrors, response?.errors].find((list) => Array.isArray(list) && list.length > 0);
  if (inside) return inside as AnswerError[];
  return extensions ? [error as AnswerError] : [];
}
