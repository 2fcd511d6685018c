import { html, raw, type RawHTML } from 'h3';

/** A piece of a page: its texts are escaped. */
export type Markup = RawHTML;

/** Writes a piece of a page, as a template's tag. Texts are escaped; pieces and lists of them are put in as they are. */
export function markup(
  strings: TemplateStringsArray,
  ...values: readonly (string | number | null | Markup | readonly Markup[])[]
): Markup {
  const pieces = values.map((value) => (isList(value) ? raw(value.map((piece) => piece.value).join('')) : value));
  return raw(String(html(strings, ...pieces).body));
}

function isList(value: unknown): value is readonly Markup[] {
  return Array.isArray(value);
}
