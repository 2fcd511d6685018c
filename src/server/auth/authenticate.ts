import type { PolicyFile } from './policy-file.js';
import type { AuthenticatedCaller, Authentication } from './authenticated.js';
import { createTokenVerifier } from './json-web-token.js';
import { createServiceKeyring, isExpired, SERVICE_KEY_PREFIX } from './service-key.js';

/** Authenticates the value of the `Authorization` header. Asynchronous only for a JSON Web Token. Never rejects. */
export type Authenticate = (authorization: string | null) => Authentication | Promise<Authentication>;

/** Maximum length of the header's value, in bytes. */
const MAX_LENGTH = 8_000;

/**
 * Creates the function that authenticates callers by service keys and JSON Web Tokens.
 *
 * @param hashSubject hashes the subject of a token; the hash becomes part of the caller's id
 */
export function createAuthenticate(policy: PolicyFile, hashSubject: (subject: string) => string): Authenticate {
  const findKey = createServiceKeyring(
    policy.callers.flatMap(({ keys, operationsPerMinute, ...caller }) =>
      keys.map(({ hash, expires }) => {
        const credential = hash.slice('sha256:'.length).slice(0, 8);
        return { hash, owner: { expires, authenticated: { caller, operationsPerMinute, credential } } };
      }),
    ),
  );
  const verifyToken = createTokenVerifier(policy.issuers, hashSubject);

  return (authorization) => {
    if (authorization === null) return { failure: 'missing' };
    if (authorization.length > MAX_LENGTH) return { failure: 'too-long' };
    // RFC 6750 and 9110: the scheme in any case, spaces, and a token68.
    const [, credentials] = /^bearer +([\w.~+/-]+=*)$/i.exec(authorization) ?? [];
    if (credentials === undefined) return { failure: 'malformed' };
    if (!credentials.startsWith(SERVICE_KEY_PREFIX)) return verifyToken(credentials);
    const found = findKey(credentials);
    if (found === null) return { failure: 'unknown-key' };
    const { expires, authenticated } = found;
    return isExpired(expires) ? { failure: 'expired-key', credential: authenticated.credential } : authenticated;
  };
}

/** Authenticates callers by a policy that can be replaced. */
export interface Authenticator {
  readonly authenticate: Authenticate;
  /** Applies another policy to later requests. */
  setPolicy(policy: PolicyFile): void;
}

/** Creates an authenticator. Takes the parameters of {@link createAuthenticate}. */
export function createAuthenticator(policy: PolicyFile, hashSubject: (subject: string) => string): Authenticator {
  let authenticate = createAuthenticate(policy, hashSubject);
  return {
    authenticate: (authorization) => authenticate(authorization),
    setPolicy: (next) => {
      authenticate = createAuthenticate(next, hashSubject);
    },
  };
}

/** Returns whether the credentials belong to a caller. */
export function isAuthenticated(authentication: Authentication): authentication is AuthenticatedCaller {
  return authentication.caller !== undefined;
}
