import { setTimeout } from 'node:timers/promises';

import { Pool } from 'undici';

import { toBody } from './ask.js';
import { repeated, toVariant, USERS, list, type Workload, WORKLOADS } from './workloads.js';

/** An order to the load generator. */
export interface LoadOrder {
  readonly url: string;
  readonly key: string;
  /** Name of the target, which determines the document. */
  readonly target: string;
  /** Name of a workload, or `list:100`, `repeated:100`, or `new` for other sizes and for new documents. */
  readonly workload: string;
  readonly concurrency: number;
  /** Time over which the first requests start, one by one, in milliseconds. @default 0, all together */
  readonly rampMs?: number;
  /** Duration in milliseconds. Requests in flight at the end complete. */
  readonly ms: number;
  /** First position in the users and in the variants of a document. */
  readonly start: number;
}

/** The result of an order. Times are in milliseconds. `next` is the position after the last user. */
export interface LoadReport {
  readonly requests: number;
  readonly errors: number;
  readonly ms: number;
  readonly p50: number;
  readonly p99: number;
  readonly next: number;
}

/** Number of different documents of the workload `new`. */
const VARIANTS = 4_096;

process.on('message', (order: LoadOrder) => {
  void send(order).then((report) => process.send?.(report));
});
process.once('disconnect', () => process.exit());

const pools = new Map<string, Pool>();

/**
 * Returns the connection pool of a target. It stays open between orders, as in a real client. Node accepts one new
 * connection per event-loop turn, so a busy server delays new ones.
 */
function poolOf(origin: string, connections: number): Pool {
  const name = `${origin} ${connections}`;
  const known = pools.get(name);
  if (known) return known;
  const pool = new Pool(origin, { connections });
  pools.set(name, pool);
  return pool;
}

async function send(order: LoadOrder): Promise<LoadReport> {
  const { url, key, target, workload: name, concurrency, rampMs = 0, ms, start } = order;
  const { origin, pathname } = new URL(url);
  const pool = poolOf(origin, concurrency);
  const headers = { authorization: `Bearer ${key}`, 'content-type': 'application/json' };
  const workloadOf = toSource(name);
  const latencies: number[] = [];
  let next = start;
  let errors = 0;
  const startedAt = performance.now();
  const lane = async (place: number) => {
    if (rampMs > 0) await setTimeout((place / concurrency) * rampMs);
    while (performance.now() - startedAt < ms) {
      const workload = workloadOf(next);
      const { distinct } = workload;
      const users = Array.from({ length: distinct }, (_, index) => `user-${(next * distinct + index) % USERS}`);
      next += 1;
      const body = JSON.stringify(toBody(target, workload, users));
      const sentAt = performance.now();
      const isRight = await post(pool, pathname, headers, body, users.at(-1) ?? '');
      latencies.push(performance.now() - sentAt);
      if (!isRight) errors += 1;
    }
  };
  await Promise.all(Array.from({ length: concurrency }, (_, place) => lane(place)));
  const took = performance.now() - startedAt;
  const sorted = latencies.toSorted((a, b) => a - b);
  const quantile = (share: number) => sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0;
  return { requests: latencies.length, errors, ms: took, p50: quantile(0.5), p99: quantile(0.99), next };
}

function toSource(name: string): (index: number) => Workload {
  const [kind, size] = name.split(':');
  if (kind === 'new') {
    const variants = Array.from({ length: VARIANTS }, (_, index) => toVariant(index));
    return (index) => variants[index % VARIANTS] as Workload;
  }
  const workload =
    kind === 'list'
      ? list('W5', Number(size))
      : kind === 'repeated'
        ? repeated(Number(size))
        : WORKLOADS.find((known) => known.name === name);
  if (!workload) throw new Error(`Unknown workload '${name}'.`);
  return () => workload;
}

/** Sends one request. Returns whether the response holds the token of the last user and no error. */
async function post(pool: Pool, path: string, headers: Record<string, string>, body: string, user: string) {
  return new Promise<boolean>((resolve) => {
    const chunks: Buffer[] = [];
    pool.dispatch(
      { path, method: 'POST', headers, body },
      {
        onConnect: () => undefined,
        onHeaders: () => true,
        onData: (chunk) => {
          chunks.push(chunk);
          return true;
        },
        onComplete: () => {
          const text = Buffer.concat(chunks).toString();
          resolve(text.includes(`"token-${user}"`) && !text.includes('"errors"'));
        },
        onError: () => resolve(false),
      },
    );
  });
}
