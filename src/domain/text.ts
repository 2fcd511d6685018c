// C0 controls, DEL and C1 controls: nothing that a terminal, a log or an HTTP header could act on.
// eslint-disable-next-line no-control-regex -- matching control characters is the purpose
const CONTROL_CHARACTER = /[\u0000-\u001f\u007f-\u009f]/;
const CONTROL_CHARACTERS = new RegExp(CONTROL_CHARACTER, 'g');

/** Tells whether a text holds a control character (C0, DEL or C1). */
export function hasControlCharacter(text: string): boolean {
  return CONTROL_CHARACTER.test(text);
}

/** Makes another party's text fit to show: no control characters, at most `maxLength` UTF-16 code units. */
export function toPlainText(text: string, maxLength: number): string {
  return text.replace(CONTROL_CHARACTERS, '').slice(0, maxLength).toWellFormed();
}
