import { existsSync } from 'node:fs';

import { takes } from './ask.js';
import {
  countSteps,
  type Bench,
  measure,
  type MeasureOptions,
  ratio,
  type Sample,
  spread,
  type Spread,
  warmUp,
} from './measure.js';
import { type Platform, startGateway, startPeer, TAILCALL, type Target } from './processes.js';
import { WORKLOADS } from './workloads.js';

/** The warm-up, the number of repetitions and their duration, in milliseconds. */
export interface Effort {
  readonly warmUpMs: number;
  readonly repetitions: number;
  readonly ms: number;
}

/** Warm-up before each measurement, in milliseconds, after the warm-up with all workloads. */
const SETTLE_MS = 300;

/** Returns the peers available on this machine, by the names of their programs in `targets`. */
export function findPeers(): readonly string[] {
  const peers = ['mercurius', 'mercurius-equipped', 'apollo', 'plain-yoga', 'hive'];
  // Its binary is for Linux on x64.
  return existsSync(TAILCALL) ? [...peers, 'tailcall'] : peers;
}

/** The results of one target under one load. */
export interface Row {
  readonly target: string;
  readonly workload: string;
  readonly concurrency: number;
  readonly delayMs: number;
  /** CPU microseconds per request. */
  readonly cpu: Spread;
  /** CPU as a multiple of the limit's. */
  readonly timesLimit: Spread;
  readonly perSecond: Spread;
  /** In milliseconds. */
  readonly p50: Spread;
  readonly p99: Spread;
}

/** Returns the results of a target for a workload. */
export function findRow(rows: readonly Row[], target: string, workload: string): Row | undefined {
  return rows.find((row) => row.target === target && row.workload === workload);
}

/** A part of a run: its number of measurements, and the function that makes them. */
export interface Section<Result> {
  readonly steps: number;
  readonly run: (bench: Bench, platform: Platform, targets: readonly Target[]) => Promise<Result>;
}

const at = (workload: string, concurrency: number, effort: Effort): MeasureOptions => ({
  workload,
  concurrency,
  ...effort,
});

/**
 * Compares every target on every workload that it supports, with a platform that responds immediately. The first target
 * is the limit. Each target runs all workloads before the first measurement, because V8 needs seconds to compile code.
 */
export function compare(effort: Effort, targets: readonly Target[]): Section<Row[]> {
  const parts = WORKLOADS.map(({ name }) => ({
    warmUpLoad: at(name, 16, effort),
    load: at(name, 16, { ...effort, warmUpMs: SETTLE_MS }),
    takers: targets.filter((target) => takes(target.name, name)),
  }));
  return {
    steps: parts.reduce((steps, { load, takers }) => steps + takers.length + countSteps(takers.length, load), 0),
    run: async (bench, platform) => {
      await platform.order({ delayMs: 0 });
      for (const { warmUpLoad, takers } of parts) await warmUp(bench, takers, warmUpLoad);
      const rows: Row[] = [];
      for (const { load, takers } of parts) rows.push(...toRows(takers, await measure(bench, takers, load), load, 0));
      return rows;
    },
  };
}

/** Compares the limit, Mercurius, and this project on new documents. */
export function compareNewDocuments(effort: Effort): Section<Row[]> {
  const load = at('new', 16, effort);
  return {
    steps: countSteps(3, load),
    run: async (bench, platform, all) => {
      await platform.order({ delayMs: 0 });
      const few = pick(all, ['limit', 'mercurius', 'xkit-graphql']);
      return toRows(few, await measure(bench, few, load), load, 0);
    },
  };
}

/** Compares latencies with a slow platform, for one request at a time and for many. */
export function compareLatencies(effort: Effort): Section<Row[]> {
  const loads = [5, 20].flatMap((delayMs) =>
    [1, 16, 64].flatMap((concurrency) =>
      ['W1', 'W2'].map((workload) => ({ delayMs, load: at(workload, concurrency, effort) })),
    ),
  );
  return {
    steps: loads.reduce((steps, { load }) => steps + countSteps(3, load), 0),
    run: async (bench, platform, all) => {
      const few = pick(all, ['limit', 'mercurius', 'xkit-graphql']);
      const rows: Row[] = [];
      for (const { delayMs, load } of loads) {
        await platform.order({ delayMs });
        rows.push(...toRows(few, await measure(bench, few, load), load, delayMs));
      }
      await platform.order({ delayMs: 0 });
      return rows;
    },
  };
}

/** The cost of a connection by the number of connections in an operation, and the cost of a repeated alias. */
export interface Growth {
  /** CPU microseconds per distinct connection, by the number of connections. */
  readonly distinct: readonly { readonly connections: number; readonly cpu: number; readonly limit: number }[];
  /** CPU microseconds for one more alias of the same connection. */
  readonly alias: number;
}

/** Measures growth, with raised limits. */
export function measureGrowth(effort: Effort): Section<Growth> {
  const sizes = [1, 10, 100, 1_000];
  const lists = sizes.map((size) => at(`list:${size}`, 2, effort));
  const aliases = [1, 101].map((size) => at(`repeated:${size}`, 2, effort));
  return {
    steps:
      lists.reduce((steps, load) => steps + countSteps(2, load), 0) +
      aliases.reduce((steps, load) => steps + countSteps(1, load), 0),
    run: async (bench, platform) => {
      const raised = { XKIT_MAX_CONNECTIONS: '1000', XKIT_MAX_QUEUE: '100000' };
      const targets = [await startPeer('limit', platform.url), await startGateway(platform.url, raised)];
      const distinct = [];
      for (const [index, load] of lists.entries()) {
        const [limit = [], ours = []] = await measure(bench, targets, load);
        const connections = sizes[index] ?? 0;
        distinct.push({
          connections,
          cpu: spread(ours, 'cpu').median / connections,
          limit: spread(limit, 'cpu').median / connections,
        });
      }
      const [one = 0, many = 0] = await sequence(aliases, async (load) => {
        const [samples = []] = await measure(bench, targets.slice(1), load);
        return spread(samples, 'cpu').median;
      });
      await Promise.all(targets.map((target) => target.stop()));
      return { distinct, alias: (many - one) / 100 };
    },
  };
}

function toRows(
  targets: readonly Target[],
  samples: readonly Sample[][],
  load: MeasureOptions,
  delayMs: number,
): Row[] {
  const [limit = []] = samples;
  return targets.map(({ name }, index) => {
    const own = samples[index] ?? [];
    return {
      target: name,
      workload: load.workload,
      concurrency: load.concurrency,
      delayMs,
      cpu: spread(own, 'cpu'),
      timesLimit: ratio(own, limit, 'cpu'),
      perSecond: spread(own, 'perSecond'),
      p50: spread(own, 'p50'),
      p99: spread(own, 'p99'),
    };
  });
}

function pick(targets: readonly Target[], names: readonly string[]): Target[] {
  return names.flatMap((name) => targets.filter((target) => target.name === name));
}

async function sequence<Item, Result>(
  items: readonly Item[],
  each: (item: Item) => Promise<Result>,
): Promise<Result[]> {
  const results: Result[] = [];
  for (const item of items) results.push(await each(item));
  return results;
}
