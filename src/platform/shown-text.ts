import { toLine, toLines } from '../domain/text.js';

/** Lengths at most, in UTF-16 code units. */
const MAX_LABEL_LENGTH = 256;
const MAX_MESSAGE_LENGTH = 1_024;
const MAX_MARKDOWN_LENGTH = 16_384;
/** A shorter text is no token: taking it out would only garble what is shown. */
const MIN_SECRET_LENGTH = 6;

type WireText = string | null | undefined;

/** Makes the platform's and third parties' texts fit to be shown. */
export interface ShownTexts {
  label(text: WireText): string | null;
  message(text: WireText): string | null;
  markdown(text: WireText): string | null;
}

/**
 * Creates the filter for the texts of one body: without control characters, of a bounded length, and without the
 * body's own tokens, which a third party's error message may quote.
 */
export function createShownTexts(tokens: readonly string[]): ShownTexts {
  // Both as it is and as it looks once the control characters are gone.
  const secrets = tokens
    .flatMap((token) => [token, toLine(token)])
    .filter(({ length }) => length >= MIN_SECRET_LENGTH)
    // The longest first: one may begin with another.
    .toSorted((a, b) => b.length - a.length);
  const show = (clean: (text: string) => string, maxLength: number) => (text: WireText) => {
    if (text === null || text === undefined) return null;
    // In this order: a control character could hide a token, and so could the cut.
    const redacted = secrets.reduce((rest, secret) => rest.replaceAll(secret, '[redacted]'), clean(text));
    return redacted.slice(0, maxLength).toWellFormed();
  };
  return {
    label: show(toLine, MAX_LABEL_LENGTH),
    message: show(toLine, MAX_MESSAGE_LENGTH),
    markdown: show(toLines, MAX_MARKDOWN_LENGTH),
  };
}
