import type { Environment } from './environment.js';

/** Variables that undici reads for each URL protocol, in its order. The first one that is set wins. */
const VARIABLES = {
  'http:': ['http_proxy', 'HTTP_PROXY'],
  'https:': ['https_proxy', 'HTTPS_PROXY'],
} as const;

/** A proxy, and the variable that names it. The URL may hold a password: never log it. */
export interface Proxy {
  readonly variable: string;
  readonly url: string;
}

/** Finds the proxy for the URLs of a protocol. `NO_PROXY` may exempt some hosts. */
export function findProxy(environment: Environment, protocol: keyof typeof VARIABLES): Proxy | null {
  const variable = VARIABLES[protocol].find((name) => environment[name] !== undefined);
  const url = variable && environment[variable];
  if (variable && url) return { variable, url };
  return protocol === 'https:' ? findProxy(environment, 'http:') : null;
}

/** Returns the problems of proxies, by variable and without the value, which may hold a password. */
export function findProxyProblems(environment: Environment): [name: string, problem: string][] {
  return Object.values(VARIABLES)
    .flat()
    .filter((name) => environment[name] && !/^https?:$/.test(URL.parse(environment[name])?.protocol ?? ''))
    .map((name) => [name, `${name} must be the URL of a proxy such as http://proxy.example.com:3128`]);
}
