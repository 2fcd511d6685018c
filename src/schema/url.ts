import type { Builder } from './builder.js';

export type UrlRef = ReturnType<typeof addUrl>;

export function addUrl(builder: Builder) {
  return builder.scalarType(builder.typeName('URL') as 'URL', {
    description: 'An absolute URL, as the WHATWG URL standard writes it.',
    serialize: (url) => url,
  });
}
