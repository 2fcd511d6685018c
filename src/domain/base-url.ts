/**
 * Says what is wrong with a URL that this program is to ask, or null. It must be absolute and `https`, or `http` on a
 * loopback host, without credentials. The sentence never repeats the value, which may hold a password.
 */
export function findUrlProblem(text: string): string | null {
  const url = typeof text === 'string' && URL.canParse(text) ? new URL(text) : null;
  if (url === null || (url.protocol !== 'https:' && url.protocol !== 'http:')) {
    return 'must be an absolute URL such as https://example.com';
  }
  if (url.protocol === 'http:' && !isLoopbackHost(url.hostname)) {
    return 'must use https, since its host is not a loopback address';
  }
  if (url.username !== '' || url.password !== '') return 'must not contain a user name or password';
  return null;
}

/** Says what is wrong with the root URL of a web service, or null: as {@link findUrlProblem}, without query or fragment. */
export function findBaseUrlProblem(text: string): string | null {
  const problem = findUrlProblem(text);
  if (problem !== null) return problem;
  const { search, hash } = new URL(text);
  return search !== '' || hash !== '' ? 'must not contain a query or fragment' : null;
}

/**
 * Reads the root URL of a web service.
 *
 * @param option what the URL is called where it was given, for the message
 * @returns the URL without a trailing slash, ready for a path to be appended
 * @throws {TypeError} saying what is wrong, see {@link findBaseUrlProblem}
 */
export function parseBaseUrl(option: string, text: string): string {
  const problem = findBaseUrlProblem(text);
  if (problem !== null) throw new TypeError(`${option} ${problem}.`);
  const { origin, pathname } = new URL(text);
  return origin + pathname.replace(/\/+$/, '');
}

/** Gives where a URL's server takes connections: the host without brackets, as a socket wants it, and the port. */
export function toSocketAddress(url: string): { readonly host: string; readonly port: number } {
  const { protocol, hostname, port } = new URL(url);
  const usualPort = protocol === 'https:' ? 443 : 80;
  return { host: hostname.replace(/^\[|\]$/g, ''), port: port === '' ? usualPort : Number(port) };
}

/**
 * Tells whether a host name or address can only be this machine. Names below `localhost` are not among them: system
 * resolvers ask the network for those.
 */
export function isLoopbackHost(hostname: string): boolean {
  return (
    hostname === 'localhost' ||
    /^127(?:\.(?:25[0-5]|2[0-4]\d|1?\d?\d)){3}$/.test(hostname) ||
    hostname === '[::1]' ||
    hostname === '::1'
  );
}
