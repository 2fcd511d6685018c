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
