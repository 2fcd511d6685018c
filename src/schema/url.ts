import type { Builder } from './builder.js';

export type UrlRef = ReturnType<typeof addUrl>;

export function addUrl(builder: Builder) {
  return builder.scalarType(builder.typeName('URL') as 'URL', {
    description: 'An absolute URL, in the form of the WHATWG URL standard.',
    serialize: (url) => url,
  });
}
