// C0 controls, DEL and C1 controls: nothing that a terminal, a log or an HTTP header could act on.
const CONTROL_CHARACTERS = /[\u0000-\u001f\u007f-\u009f]/g;
const CONTROL_CHARACTERS_BUT_TAB_AND_LINE_FEED = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f]/g;

/** Tells whether a text holds a control character (C0, DEL or C1). */
export function hasControlCharacter(text: string): boolean {
  return text.search(CONTROL_CHARACTERS) !== -1;
}

/** Takes every control character out of a text that is shown on one line. */
export function toLine(text: string): string {
  return text.replace(CONTROL_CHARACTERS, '');
}

/** Takes every control character but tabs and line feeds out of a text that is shown on many lines. */
export function toLines(text: string): string {
  return text.replace(CONTROL_CHARACTERS_BUT_TAB_AND_LINE_FEED, '');
}

/** What a URL's path segment holds as it is, and neither `.` nor `..`: most ids. */
const PLAIN_SEGMENT = /^[\w~-][\w.~-]*$/;

/** Tells whether a text is one path segment of a URL already. */
export function isPlainSegment(text: string): boolean {
  return PLAIN_SEGMENT.test(text);
}

/** Writes a text as one path segment of a URL, by percent-encoding; a plain one is told by a look, which takes a fourth of the time. */
export function toSegment(text: string): string {
  return isPlainSegment(text) ? text : encodeURIComponent(text);
}
