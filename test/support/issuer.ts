import { createServer } from 'node:http';

import { CompactSign, exportJWK, generateKeyPair, type JWK, type JWTPayload } from 'jose';

import { listenLocally } from './listen.js';

type Algorithm = 'RS256' | 'ES256' | 'EdDSA' | 'Ed25519' | 'PS256' | 'ES384';

/** An issuer of JSON Web Tokens that serves its keys on a real port. */
export interface TestIssuer {
  readonly jwks: string;
  /** Returns how often the keys were fetched. */
  readonly fetches: () => number;
  /** Creates a key, and publishes it. */
  addKey(kid: string, algorithm?: Algorithm): Promise<void>;
  /** Stops publishing a key, which can still sign. */
  withdrawKey(kid: string): void;
  /** Sends this response to every request. Null restores the response with the keys. */
  answerWith(answer: { status: number; body: string; headers?: Record<string, string> } | null): void;
  /** Signs claims, or their JSON text. */
  sign(claims: JWTPayload | string | Buffer, kid?: string): Promise<string>;
  /** Signs claims like `sign`, but the token does not name its key. */
  signWithoutKid(claims: JWTPayload | string | Buffer, kid?: string): Promise<string>;
  close(): Promise<void>;
}

export async function startIssuer(): Promise<TestIssuer> {
  const keys = new Map<string, { publicKey: JWK; privateKey: CryptoKey; alg: Algorithm }>();
  const published = new Set<string>();
  let fetches = 0;
  let answer: Parameters<TestIssuer['answerWith']>[0] = null;
  const server = createServer((_, response) => {
    fetches += 1;
    const jwks = [...keys].filter(([kid]) => published.has(kid)).map(([, { publicKey }]) => publicKey);
    response.writeHead(answer?.status ?? 200, { 'content-type': 'application/json', ...answer?.headers });
    response.end(answer?.body ?? JSON.stringify({ keys: jwks }));
  });
  const port = await listenLocally(server);

  const sign = async (claims: JWTPayload | string | Buffer, kid: string, header: { kid?: string }) => {
    const key = keys.get(kid);
    if (!key) throw new Error(`There is no key ${kid}.`);
    const payload = typeof claims === 'string' || Buffer.isBuffer(claims) ? claims : JSON.stringify(claims);
    return new CompactSign(Buffer.from(payload as string))
      .setProtectedHeader({ alg: key.alg, ...header })
      .sign(key.privateKey);
  };

  const issuer: TestIssuer = {
    jwks: `http://127.0.0.1:${port}/jwks`,
    fetches: () => fetches,
    addKey: async (kid, alg = 'ES256') => {
      const { publicKey, privateKey } = await generateKeyPair(alg);
      keys.set(kid, { publicKey: { ...(await exportJWK(publicKey)), kid, alg }, privateKey, alg });
      published.add(kid);
    },
    withdrawKey: (kid) => void published.delete(kid),
    answerWith: (next) => {
      answer = next;
    },
    sign: (claims, kid = 'first') => sign(claims, kid, { kid }),
    signWithoutKid: (claims, kid = 'first') => sign(claims, kid, {}),
    close: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
  await issuer.addKey('first');
  return issuer;
}
