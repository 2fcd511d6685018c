/**
 * What a request is answered with, until somebody writes it out.
 *
 * It is no `Response`: for the first one of the global kind, Node loads and compiles the whole of its own undici.
 */
export interface Answer {
  /** @default 200 */
  readonly status?: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | Uint8Array<ArrayBuffer>;
}

/** Answers in JSON. */
export function toJsonAnswer(
  value: unknown,
  { status = 200, headers = {} }: Partial<Omit<Answer, 'body'>> = {},
): Answer {
  return { status, headers: { 'content-type': 'application/json', ...headers }, body: JSON.stringify(value) };
}
