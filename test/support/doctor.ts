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

/** What `xkit-graphql doctor --json` says. */
export interface Diagnosis {
  readonly code: number | null;
  readonly ok: boolean;
  readonly checks: Readonly<Record<string, Outcome>>;
  /** Everything that was printed. */
  readonly output: string;
}

/** Runs `xkit-graphql doctor --json`. Whatever it printed beside JSON would be an error. */
export async function diagnose(environment: Record<string, string>): Promise<Diagnosis> {
  const cli = startCli(['doctor', '--json'], environment);
  const code = await cli.ended;
  const output = cli.output();
  const { ok, checks } = JSON.parse(output) as { ok: boolean; checks: Outcome[] };
  return { code, ok, output, checks: Object.fromEntries(checks.map((check) => [check.id, check])) };
}

/** Lists how the checks ended that did not pass, and what is said of them. */
export function findingsOf({ checks }: Diagnosis): Record<string, string> {
  return Object.fromEntries(
    Object.entries(checks)
      // The tests run on lines of Node that have ended as well.
      .filter(([id, { result }]) => result !== 'ok' && id !== 'node')
      .map(([id, { result, found, advice }]) => [
        id,
        [`${result}:`, ...found, ...(advice ? ['→', advice] : [])].join(' '),
      ]),
  );
}

/** Everything that a server needs around it. */
export interface Surroundings {
  readonly sandbox: Sandbox;
  readonly listening: ListeningSandbox;
  readonly issuer: TestIssuer;
  readonly policy: ReturnType<typeof writePolicyFile>;
  /** Variables of a server that has nothing wrong with it. */
  readonly sound: Record<string, string>;
  /** Opens a port, which is closed with the rest. */
  listen(server: Server): Promise<number>;
  /** Puts the sandbox behind a server whose clock may be wrong. */
  toFront(skewMs?: number): RequestListener;
  close(): Promise<void>;
}

/** Starts a platform, a catalog, an issuer and a Redis, whose secrets are all called canary. */
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
