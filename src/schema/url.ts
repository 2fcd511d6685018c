import type { Builder } from './builder.js';

/** What stands for the scalar `URL`, whatever it is called. */
export type UrlRef = ReturnType<typeof addUrl>;

/** Adds the scalar `URL`, for addresses. */
export function addUrl(builder: Builder) {
  return builder.scalarType(builder.typeName('URL') as 'URL', {
    description: 'An absolute URL, as the WHATWG URL standard writes it.',
    serialize: (url) => url,
  });
}
