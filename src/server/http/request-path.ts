/** Where GraphQL is. */
export const GRAPHQL_PATH = '/graphql';

/** Takes the path out of a URL, absolute or without its origin, without making a `URL` of it: that is slow, and done for each request. */
export function pathOf(url: string): string {
  const [, path = ''] = /^(?:\w+:\/\/[^/?#]*)?([^?#]*)/.exec(url) ?? [];
  return path;
}
