import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { createReadStream, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { parseArgs } from 'node:util';

import { Presets, SingleBar } from 'cli-progress';

import { createServiceKey, hashServiceKey } from '../../src/server/auth/service-key.js';
import { sendLoad, type Tally } from './load.js';
import { findSlope, report, type Sample } from './report.js';

// Sends requests to the gateway as shipped, over a platform whose responses fail, hang, and break off, and checks each
// response. The gateway, the platform, and this program are three processes.
const { values } = parseArgs({
  options: {
    requests: { type: 'string', default: '1000000' },
    concurrency: { type: 'string', default: '64' },
  },
});
const requests = toCount('requests', values.requests);
const concurrency = toCount('concurrency', values.concurrency);

const folder = mkdtempSync(join(tmpdir(), 'xkit-graphql-soak-'));
const auditLog = join(folder, 'audit.log');
const platform = fork('bench/soak/platform.ts', { execArgv: ['--import', 'tsx'] });
const [{ apiUrl }] = (await once(platform, 'message')) as [{ apiUrl: string }];
const key = createServiceKey();
const { gateway, origin } = await startGateway(apiUrl);

const samples: Sample[] = [];
const tally: Tally = { requests: 0, served: 0, tokens: 0, hungUp: 0, hanging: 0, failed: new Map(), wrong: [] };
let platformSockets = 0;
let maxPlatformSockets = 0;
platform.on('message', ({ sockets }: { sockets: number }) => {
  platformSockets = sockets;
  maxPlatformSockets = Math.max(maxPlatformSockets, sockets);
});
gateway.on('message', (sample: Omit<Sample, 'requests'>) => samples.push({ ...sample, requests: tally.requests }));
const [idle] = (await once(gateway, 'message')) as [Sample];

const bar = new SingleBar(
  {
    format:
      ' {bar} {percentage} % | {value} of {total} requests | {duration_formatted}, {eta_formatted} left | {wrong} wrong responses',
    noTTYOutput: true,
    notTTYSchedule: 10_000,
    etaBuffer: 10_000,
  },
  Presets.shades_classic,
);
bar.start(requests, 0, { wrong: 0 });
const startedAt = performance.now();
const ended = once(gateway, 'exit');
await Promise.race([
  sendLoad(
    origin,
    key,
    { requests, concurrency, onProgress: (done) => bar.update(done, { wrong: tally.wrong.length }) },
    tally,
  ),
  ended.then(([code]) => Promise.reject(new Error(`The gateway exited with code ${code} during the run.`))),
]);
const seconds = (performance.now() - startedAt) / 1_000;
bar.stop();

// The load's connections are closed. A connection to the platform is closed once it has been idle for 5 s.
await new Promise((resolve) => setTimeout(resolve, 7_000));
const afterwards = samples.at(-1) ?? idle;
const leftSockets = platformSockets;
gateway.kill('SIGTERM');
const [exitCode] = (await ended) as [number | null];
platform.disconnect();
const audited = await countAuditEvents();
rmSync(folder, { recursive: true });

process.exitCode = report({
  tally,
  seconds,
  samples,
  slope: findSlope(samples, requests),
  descriptors: { before: idle.descriptors, after: afterwards.descriptors },
  platformSockets: { max: maxPlatformSockets, after: leftSockets },
  audited,
  exitCode,
})
  ? 0
  : 1;

function toCount(name: string, value: string): number {
  if (/^[1-9]\d{0,8}$/.test(value)) return Number(value);
  process.stderr.write(`--${name} must be a whole number from 1 to 999999999.\n`);
  process.exit(2);
}

async function startGateway(url: string): Promise<{ gateway: ChildProcess; origin: string }> {
  const policy = join(folder, 'policy.json');
  const all = { users: 'any', groups: 'any', connectors: 'any' };
  const scopes = ['connections:read', 'tokens:read'];
  const hash = hashServiceKey(key);
  writeFileSync(
    policy,
    JSON.stringify({ callers: [{ id: 'soak', ...all, scopes, operationsPerMinute: 1_000_000, keys: [{ hash }] }] }),
  );
  const child = fork('dist/cli/bin.js', ['serve'], {
    execArgv: ['--import', new URL('monitor.js', import.meta.url).href],
    stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
    env: {
      PATH: process.env['PATH'],
      XKIT_PUBLISHABLE_KEY: 'pk_sandbox',
      XKIT_SECRET_KEY: 'sk_sandbox',
      XKIT_API_URL: url,
      XKIT_SLUG: 'acme',
      XKIT_POLICY_FILE: policy,
      XKIT_AUDIT_LOG: auditLog,
      XKIT_DRAIN_DELAY_MS: '0',
      PORT: '0',
    },
  });
  const lines = createInterface(child.stderr ?? process.stdin);
  const found = await new Promise<string>((resolve, reject) => {
    lines.on('line', (line) => {
      const [, root] = /^Listening at (http:\S+)\/graphql$/.exec(line) ?? [];
      if (root) resolve(root);
      else process.stderr.write(`${line}\n`);
    });
    child.once('exit', (code) => reject(new Error(`The gateway exited with code ${code} before it listened.`)));
  });
  return { gateway: child, origin: found };
}

async function countAuditEvents(): Promise<number> {
  let disclosed = 0;
  for await (const line of createInterface(createReadStream(auditLog)))
    if (line.includes('"outcome":"disclosed"')) disclosed += 1;
  return disclosed;
}
