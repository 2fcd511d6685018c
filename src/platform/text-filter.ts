import { toLine, toLines } from '../domain/text.js';

/** Maximum lengths, in UTF-16 code units. */
const MAX_LABEL_LENGTH = 256;
const MAX_MESSAGE_LENGTH = 1_024;
const MAX_MARKDOWN_LENGTH = 16_384;
/** Minimum length of a redacted token. Redacting a shorter text would only garble the message. */
const MIN_SECRET_LENGTH = 6;
/** Consecutive characters of a token that are redacted even if the rest was cut off. */
const PIECE_LENGTH = 16;
/** Length of the part of a token that is split into pieces. */
const MAX_TOKEN_LENGTH = 16_384;
/** A word that is long enough to contain a piece. */
const WORD = new RegExp(`\\S{${PIECE_LENGTH},}`, 'g');

type WireText = string | null | undefined;

/** Makes texts of the platform and of third parties safe to display. Each kind has its own maximum length. */
export interface ShownTexts {
  label(text: WireText): string | null;
  message(text: WireText): string | null;
  markdown(text: WireText): string | null;
}

/**
 * Creates the filter for the texts of one body. It removes control characters, limits the length, and redacts the
 * body's own tokens, which an error message may quote whole or cut off, plain or encoded for a URL, JSON, or Base64.
 */
export function createShownTexts(tokens: readonly string[]): ShownTexts {
  const redact = createRedact(tokens);
  const show = (clean: (text: string) => string, maxLength: number) => (text: WireText) => {
    if (text === null || text === undefined) return null;
    // In this order, because a control character or the final cut could hide a token.
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
  // A cleaned text has no control characters, so each token is also searched without them.
  const secrets = tokens
    .flatMap((token) => [token, toLine(token)])
    .filter(({ length }) => length >= MIN_SECRET_LENGTH)
    // Longest first, because one token may begin with another.
    .toSorted((a, b) => b.length - a.length);
  // Created on demand: few texts have a word that is long enough.
  let pieces: ReadonlySet<string> | null = null;
  const redactWord = (word: string) => {
    pieces ??= new Set(tokens.flatMap(toSpellings).flatMap(toPieces));
    return redactPieces(word, pieces);
  };
  const redact = (text: string) =>
    secrets.reduce((rest, secret) => rest.replaceAll(secret, '[redacted]'), text).replace(WORD, redactWord);
  return (text) => {
    // Invisible characters could split a token. They are kept if nothing is redacted.
    const visible = text.replaceAll(/\p{Cf}/gu, '');
    const redacted = redact(visible);
    return redacted === visible ? text : redacted;
  };
}

/** Returns a token in every encoding that a text may use. */
function toSpellings(token: string): string[] {
  const whole = token.slice(0, MAX_TOKEN_LENGTH).toWellFormed();
  const escaped = encodeURIComponent(whole);
  const json = JSON.stringify(whole).slice(1, -1);
  // Base64 encodes three bytes as four letters, so the text before the token shifts it.
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

/** Redacts each part of a word that consists of pieces. */
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
