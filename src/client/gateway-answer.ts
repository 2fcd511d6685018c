import type { AnswerError } from './connection-answer.js';

/** The response to an operation, as `requireAccessToken`, `withFreshToken` and `listConnections` use it. */
export interface GatewayAnswer<Result> {
  /** Null if nothing was executed. */
  readonly data: Result | null;
  /** The gateway's errors, or one error with a {@link GatewayErrorCode} if the gateway sent no response. */
  readonly errors: readonly AnswerError[];
}

/** The error code of an operation for which the gateway sent no GraphQL response. */
export type GatewayErrorCode = 'GATEWAY_UNAVAILABLE' | 'GATEWAY_TIMEOUT' | 'GATEWAY_BAD_RESPONSE';

/** The message of each code, and whether the same operation may succeed later. */
export const GATEWAY_ERRORS: Readonly<
  Record<GatewayErrorCode, { readonly message: string; readonly retryable: boolean }>
> = {
  GATEWAY_UNAVAILABLE: { message: 'The gateway cannot be reached at the moment.', retryable: true },
  GATEWAY_TIMEOUT: { message: 'The gateway did not respond in time.', retryable: true },
  GATEWAY_BAD_RESPONSE: { message: 'The response is not a GraphQL response.', retryable: false },
};

/** Creates the result of an operation without a GraphQL response. */
export function toFailure(code: GatewayErrorCode, response?: Response): GatewayAnswer<never> {
  const { message, retryable } = GATEWAY_ERRORS[code];
  const status = response ? ` HTTP status: ${response.status}.` : '';
  const extensions = { code, retryable, ...(response && toRetryAfter(response)) };
  return { data: null, errors: [{ message: message + status, extensions }] };
}

/** Interprets a response. Only a GraphQL response reaches the caller: another body may come from a proxy. */
export function readAnswer<Result>(response: Response, text: string): GatewayAnswer<Result> {
  const answer = parseObject(text);
  const errors: unknown = answer['errors'] ?? [];
  const data = isObject(answer['data']) ? answer['data'] : null;
  if (!isErrorList(errors) || (errors.length === 0 && !(data && response.ok))) {
    return toFailure(isTemporary(response.status) ? 'GATEWAY_UNAVAILABLE' : 'GATEWAY_BAD_RESPONSE', response);
  }
  // The document determines the type.
  if (response.ok) return { data: data as Result | null, errors };
  // A gateway or proxy of another make may describe the failure only with the status and the header.
  const facts = { retryable: isTemporary(response.status), ...toRetryAfter(response) };
  const describe = ({ message, path, extensions }: AnswerError) => ({
    message,
    path,
    extensions: { ...facts, ...extensions },
  });
  return { data: data as Result | null, errors: errors.map(describe) };
}

/** Parses a JSON object. The result is empty if the text is anything else. */
function parseObject(text: string): Readonly<Record<string, unknown>> {
  try {
    const value: unknown = JSON.parse(text);
    return isObject(value) ? value : {};
  } catch {
    return {};
  }
}

function isErrorList(value: unknown): value is AnswerError[] {
  return Array.isArray(value) && value.every((error) => isObject(error) && typeof error['message'] === 'string');
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Returns whether the gateway, or a proxy in front of it, may accept the same operation later. */
export function isTemporary(status: number): boolean {
  return status === 429 || status >= 500;
}

/** Reads `Retry-After`: seconds, or a date (RFC 9110, 10.2.3). */
function toRetryAfter({ headers }: Response): { readonly retryAfterMs?: number } {
  const value = headers.get('retry-after') ?? '';
  const retryAfterMs = /^\d{1,9}$/.test(value) ? Number(value) * 1_000 : Date.parse(value) - Date.now();
  return retryAfterMs >= 0 ? { retryAfterMs } : {};
}
