import { toLine, toLines } from '../domain/text.js';

/** Lengths at most, in UTF-16 code units. */
const MAX_LABEL_LENGTH = 256;
const MAX_MESSAGE_LENGTH = 1_024;
const MAX_MARKDOWN_LENGTH = 16_384;
/** A shorter text is no token: taking it out would only garble what is shown. */
const MIN_SECRET_LENGTH = 6;
/** Characters of a token in a row that give it away, however the rest of it was cut off. */
const PIECE_LENGTH = 16;
/** How much of a token is taken to pieces. */
const MAX_TOKEN_LENGTH = 16_384;
/** Where a piece can be. */
const WORD = new RegExp(`\\S{${PIECE_LENGTH},}`, 'g');

type WireText = string | null | undefined;

/** Makes the platform's and third parties' texts fit to be shown. */
export interface ShownTexts {
  label(text: WireText): string | null;
  message(text: WireText): string | null;
  markdown(text: WireText): string | null;
}

/**
 * Creates the filter for the texts of one body: without control characters, of a bounded length, and without the
 * body's own tokens, which a third party's error message may quote: whole or cut off, as they are or encoded as in a
 * URL, in JSON or in Base64.
 */
export function createShownTexts(tokens: readonly string[]): ShownTexts {
  const redact = createRedact(tokens);
  const show = (clean: (text: string) => string, maxLength: number) => (text: WireText) => {
    if (text === null || text === undefined) return null;
    // In this order: a control character could hide a token, and so could the cut.
    const redacted = redact(clean(text.slice(0, 2 * maxLength)));
    return redacted.slice(0, maxLength).toWellFormed();
  };
  return {
    label: show(toLine, MAX_LABEL_LENGTH),
    message: show(toLine, MAX_MESSAGE_LENGTH),
    markdown: show(toLines, MAX_MARKDOWN_LENGTH),
  };
}

function createRedact(tokens: readonly string[]): (text: string) => string {
  if (tokens.length === 0) return (text) => text;
  // Both as it is and as it looks once the control characters are gone.
  const secrets = tokens
    .flatMap((token) => [token, toLine(token)])
    .filter(({ length }) => length >= MIN_SECRET_LENGTH)
    // The longest first: one may begin with another.
    .toSorted((a, b) => b.length - a.length);
  // Made when a text has a word that is long enough, which few have.
  let pieces: ReadonlySet<string> | null = null;
  const redactWord = (word: string) => {
    pieces ??= new Set(tokens.flatMap(toSpellings).flatMap(toPieces));
    return redactPieces(word, pieces);
  };
  const redact = (text: string) =>
    secrets.reduce((rest, secret) => rest.replaceAll(secret, '[redacted]'), text).replace(WORD, redactWord);
  return (text) => {
    // Characters that nobody sees could stand between the letters. They are kept where they hide nothing.
    const visible = text.replaceAll(/\p{Cf}/gu, '');
    const redacted = redact(visible);
    return redacted === visible ? text : redacted;
  };
}

/** Lists how else a text may write a token. */
function toSpellings(token: string): string[] {
  const whole = token.slice(0, MAX_TOKEN_LENGTH).toWellFormed();
  const escaped = encodeURIComponent(whole);
  const json = JSON.stringify(whole).slice(1, -1);
  // Base64 writes three bytes as four letters: what stands before the token shifts it.
  const base64 = [0, 1, 2].flatMap((shift) => {
    const bytes = Buffer.from(' '.repeat(shift) + whole);
    return [bytes.toString('base64'), bytes.toString('base64url')].map((text) =>
      text.slice(shift === 0 ? 0 : shift + 1),
    );
  });
  return [
    whole,
    escaped,
    escaped.replaceAll('%20', '+'),
    escaped.replaceAll(/%../g, (code) => code.toLowerCase()),
    json,
    json.replaceAll('/', String.raw`\/`),
    ...base64,
  ];
}

function toPieces(text: string): string[] {
  return Array.from({ length: Math.max(0, text.length - PIECE_LENGTH + 1) }, (_, start) =>
    text.slice(start, start + PIECE_LENGTH),
  );
}

/** Replaces each stretch of a word that consists of pieces. */
function redactPieces(word: string, pieces: ReadonlySet<string>): string {
  let shown = '';
  let shownTo = 0;
  for (let start = 0; start + PIECE_LENGTH <= word.length; start += 1) {
    if (!pieces.has(word.slice(start, start + PIECE_LENGTH))) continue;
    let end = start + PIECE_LENGTH;
    while (pieces.has(word.slice(end - PIECE_LENGTH + 1, end + 1))) end += 1;
    shown += `${word.slice(shownTo, start)}[redacted]`;
    shownTo = end;
    start = end - 1;
  }
  return shown + word.slice(shownTo);
}
