import type { H3Event } from 'h3';

/** Reads a segment of the path whole; h3's own reader leaves an encoded slash in it encoded. */
export function readPathParameter({ context }: H3Event, name: string): string {
  return decodeURIComponent(context.params?.[name] ?? '');
}
