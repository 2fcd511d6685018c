import type { RequestListener, Server } from 'node:http';
import { join } from 'node:path';

import { createSandbox, type ListeningSandbox, type Sandbox } from '../../src/sandbox/index.js';
import { hashServiceKey } from '../../src/server/auth/service-key.js';
import type { Outcome } from '../../src/cli/doctor/check.js';
import { findFreePort } from './free-port.js';
import { startCli } from './gateway.js';
import { startIssuer, type TestIssuer } from './issuer.js';
import { listenLocally } from './listen.js';
import { writePolicyFile } from './policy.js';
import { createRedis } from './redis.js';

/** The result of `xkit-graphql doctor --json`. */
export interface Diagnosis {
  readonly code: number | null;
  readonly ok: boolean;
  readonly checks: Readonly<Record<string, Outcome>>;
  /** Everything that the command printed. */
  readonly output: string;
}

/** Runs `xkit-graphql doctor --json`. Throws if the command prints anything but JSON. */
export async function diagnose(environment: Record<string, string>): Promise<Diagnosis> {
  const cli = startCli(['doctor', '--json'], environment);
  const code = await cli.ended;
  const output = cli.output();
  const { ok, checks } = JSON.parse(output) as { ok: boolean; checks: Outcome[] };
  return { code, ok, output, checks: Object.fromEntries(checks.map((check) => [check.id, check])) };
}

/** Returns the result, the findings and the advice of each check that did not pass. */
export function findingsOf({ checks }: Diagnosis): Record<string, string> {
  return Object.fromEntries(
    Object.entries(checks)
      // The tests also run on release lines of Node that are no longer maintained.
      .filter(([id, { result }]) => result !== 'ok' && id !== 'node')
      .map(([id, { result, found, advice }]) => [
        id,
        [`${result}:`, ...found, ...(advice ? ['→', advice] : [])].join(' '),
      ]),
  );
}

/** The services and files that a server needs. */
export interface Surroundings {
  readonly sandbox: Sandbox;
  readonly listening: ListeningSandbox;
  readonly issuer: TestIssuer;
  readonly policy: ReturnType<typeof writePolicyFile>;
  /** The environment variables of a server without problems. */
  readonly sound: Record<string, string>;
  /** Makes a server listen on a free port until `close` is called. */
  listen(server: Server): Promise<number>;
  /** Returns a request listener that forwards to the sandbox, with a clock that may be wrong. */
  toFront(skewMs?: number): RequestListener;
  close(): Promise<void>;
}

/** Starts a platform, a catalog, an issuer and a Redis. All their secrets contain the word canary. */
export async function startSurroundings(): Promise<Surroundings> {
  const credentials = { publishableKey: 'pk-canary', secretKey: 'sk-canary' };
  const sandbox = createSandbox(credentials);
  const redis = await createRedis('redis-canary');
  const [listening, issuer, port] = await Promise.all([sandbox.listen(), startIssuer(), findFreePort(), redis.start()]);
  const anyone = { scopes: ['connections:read'], users: 'any', groups: [], connectors: 'any' };
  const callers = [{ id: 'bff', ...anyone, keys: [{ hash: hashServiceKey('xkgk_canary') }] }];
  const issuers = [{ id: 'staff', issuer: 'https://login.example.com/', jwks: issuer.jwks, audience: 'x', ...anyone }];
  const policy = writePolicyFile({ callers, issuers });
  const servers: Server[] = [];
  return {
    sandbox,
    listening,
    issuer,
    policy,
    sound: {
      XKIT_PUBLISHABLE_KEY: credentials.publishableKey,
      XKIT_SECRET_KEY: credentials.secretKey,
      XKIT_API_URL: listening.apiUrl,
      XKIT_CATALOG_URL: listening.url,
      XKIT_POLICY_FILE: policy.path,
      XKIT_AUDIT_LOG: join(policy.folder, 'audit.log'),
      XKIT_REDIS_URL: redis.url,
      XKIT_METRICS_PORT: '0',
      PORT: String(port),
    },
    listen: (server) => {
      servers.push(server);
      return listenLocally(server);
    },
    toFront:
      (skewMs = 0) =>
      async ({ url = '', method = 'GET', headers: { authorization = '' } }, response) => {
        const answer = await fetch(new URL(url, listening.url), { method, headers: { authorization } });
        const date = new Date(Date.now() + skewMs).toUTCString();
        response.writeHead(answer.status, { 'content-type': 'application/json', date }).end(await answer.text());
      },
    close: async () => {
      for (const server of servers) {
        server.closeAllConnections();
        server.close();
      }
      await Promise.all([listening.close(), issuer.close(), redis.stop()]);
      policy.remove();
    },
  };
}
