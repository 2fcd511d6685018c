/**
 * Returns the problem of a URL that this program requests, or null. The URL must be absolute and `https`, or `http`
 * on a loopback host, without credentials. The message never repeats the value, which may hold a password.
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

/** Like {@link findUrlProblem}, for the root URL of a web service, which must not have a query or fragment either. */
export function findBaseUrlProblem(text: string): string | null {
  const problem = findUrlProblem(text);
  if (problem !== null) return problem;
  const { search, hash } = new URL(text);
  return search !== '' || hash !== '' ? 'must not contain a query or fragment' : null;
}

/**
 * Parses the root URL of a web service. Returns it without a trailing slash.
 *
 * @param option the name of the option, for the message
 * @throws {TypeError} with the problem from {@link findBaseUrlProblem}
 */
export function parseBaseUrl(option: string, text: string): string {
  const problem = findBaseUrlProblem(text);
  if (problem !== null) throw new TypeError(`${option} ${problem}.`);
  const { origin, pathname } = new URL(text);
  return origin + pathname.replace(/\/+$/, '');
}

/** Returns the host and port of a URL's server. The host has no brackets, as sockets require. */
export function toSocketAddress(url: string): { readonly host: string; readonly port: number } {
  const { protocol, hostname, port } = new URL(url);
  const usualPort = protocol === 'https:' ? 443 : 80;
  return { host: hostname.replace(/^\[|\]$/g, ''), port: port === '' ? usualPort : Number(port) };
}

/**
 * Returns whether a host name or address is always this machine. Names below `localhost` are not, because system
 * resolvers query the network for them.
 */
export function isLoopbackHost(hostname: string): boolean {
  return (
    hostname === 'localhost' ||
    /^127(?:\.(?:25[0-5]|2[0-4]\d|1?\d?\d)){3}$/.test(hostname) ||
    hostname === '[::1]' ||
    hostname === '::1'
  );
}
