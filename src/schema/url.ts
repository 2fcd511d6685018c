import type { Builder } from './builder.js';

/** Adds the scalar for addresses. */
export function addUrl(builder: Builder) {
  builder.scalarType('URL', {
    description: 'An absolute URL, as the WHATWG URL standard writes it.',
    serialize: (url) => url,
  });
}
