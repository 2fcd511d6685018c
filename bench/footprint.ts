import { toBody } from './ask.js';
import { measure, toSpread, type Spread } from './measure.js';
import { countDescriptors, readMemory, readPeakMemory } from './proc.js';
import { KEY, startGateway, startPeer, type Target } from './processes.js';
import { findPeers, type Section } from './sections.js';
import { WORKLOADS } from './workloads.js';

/** The start time and the memory of a target. */
export interface Footprint {
  readonly target: string;
  /** From process start to the first correct response, in milliseconds. */
  readonly coldStartMs: Spread;
  /** Peak resident memory under W2 at concurrency 16, in MiB. */
  readonly peakMemory: Spread;
}

/** Starts each target several times, in turns, and sends it one request and then a load. */
export function measureFootprints(starts: number, loadMs: number): Section<Footprint[]> {
  const names = ['limit', ...findPeers(), 'xkit-graphql'];
  return {
    steps: 2 * starts * names.length,
    run: async (bench, platform) => {
      await platform.order({ delayMs: 0 });
      const found = names.map((name) => ({ name, coldStarts: [] as number[], peaks: [] as number[] }));
      for (let round = 0; round < starts; round += 1) {
        for (const { name, coldStarts, peaks } of found) {
          const startedAt = performance.now();
          const target = await start(name, platform.url);
          await askOnce(target);
          coldStarts.push(performance.now() - startedAt);
          await measure(bench, [target], {
            workload: 'W2',
            concurrency: 16,
            warmUpMs: loadMs,
            repetitions: 1,
            ms: 500,
          });
          peaks.push(readPeakMemory(target.pid));
          await target.stop();
        }
      }
      return found.map(({ name, coldStarts, peaks }) => ({
        target: name,
        coldStartMs: toSpread(coldStarts),
        peakMemory: toSpread(peaks),
      }));
    },
  };
}

/** Memory of a request that waits for a slow platform. */
export interface Waiting {
  readonly requests: number;
  /** KiB per request, above the server's memory at rest. */
  readonly kibEach: number;
}

/** Measures the server's memory with each number of waiting requests, and with raised limits. */
export function measureWaiting(counts: readonly number[]): Section<Waiting[]> {
  return {
    steps: counts.length,
    run: async (bench, platform) => {
      const results: Waiting[] = [];
      for (const requests of counts) {
        const raised = { XKIT_MAX_OPERATIONS: '100000', XKIT_MAX_QUEUE: '100000', XKIT_TIMEOUT_MS: '60000' };
        const target = await startGateway(platform.url, { ...raised, XKIT_ATTEMPT_TIMEOUT_MS: '50000' });
        await measure(bench, [target], { workload: 'W1', concurrency: 64, warmUpMs: 1_000, repetitions: 0, ms: 0 });
        const before = readMemory(target.pid);
        await platform.order({ delayMs: Infinity });
        const answered = bench.send({
          url: target.url,
          key: KEY,
          target: target.name,
          workload: 'W1',
          concurrency: requests,
          // If all started together, they would overload the event loop, and the server would reject some.
          rampMs: 1_500,
          // Longer than the ramp, so that all are sent. None gets a response before the memory is read.
          ms: 3_000,
          start: 0,
        });
        await until(() => countDescriptors(target.pid) >= requests);
        results.push({ requests, kibEach: ((readMemory(target.pid) - before) * 1_024) / requests });
        await platform.order({ delayMs: 0 });
        const { errors } = await answered;
        if (errors > 0) throw new Error(`${errors} of ${requests} waiting requests got a wrong response.`);
        await target.stop();
        bench.onStep();
      }
      return results;
    },
  };
}

function start(name: string, platformUrl: string): Promise<Target> {
  return name === 'xkit-graphql' ? startGateway(platformUrl) : startPeer(name, platformUrl);
}

async function askOnce({ name, url }: Target): Promise<void> {
  const [one] = WORKLOADS;
  if (!one) return;
  const response = await fetch(url, {
    method: 'POST',
    headers: { authorization: `Bearer ${KEY}`, 'content-type': 'application/json' },
    body: JSON.stringify(toBody(name, one, ['user-1'])),
  });
  if (!(await response.text()).includes('"token-user-1"')) throw new Error(`The first response of ${name} is wrong.`);
}

/** Waits at most 30 s until a condition holds, and then 1 s more. */
async function until(condition: () => boolean): Promise<void> {
  const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));
  for (let waitedMs = 0; !condition() && waitedMs < 30_000; waitedMs += 100) await pause(100);
  await pause(1_000);
}
