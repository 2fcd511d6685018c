import { toBody } from './ask.js';
import { measure, toSpread, type Spread } from './measure.js';
import { countDescriptors, readMemory, readPeakMemory } from './proc.js';
import { KEY, startGateway, startPeer, type Target } from './processes.js';
import { findPeers, type Section } from './sections.js';
import { WORKLOADS } from './workloads.js';

/** What a target takes before it serves, and of memory while it does. */
export interface Footprint {
  readonly target: string;
  /** From the start of the process to its first right answer, in milliseconds. */
  readonly coldStartMs: Spread;
  /** Resident memory at most, under W2 with 16 at once, in MiB. */
  readonly peakMemory: Spread;
}

/** Starts each target anew a few times, in turns, asks it once and then sends it a load. */
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

/** What memory a request takes while it waits for a slow platform. */
export interface Waiting {
  readonly requests: number;
  /** KiB for each, over the memory of the server at rest. */
  readonly kibEach: number;
}

/** Lets so many requests wait at once, with the limits raised, and looks at the memory of the server meanwhile. */
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
          // So many in one moment would be more than the event loop keeps up with: some would be refused.
          rampMs: 1_500,
          // Long enough for all of them to be sent, each once: none is answered before.
          ms: 3_000,
          start: 0,
        });
        await until(() => countDescriptors(target.pid) >= requests);
        results.push({ requests, kibEach: ((readMemory(target.pid) - before) * 1_024) / requests });
        await platform.order({ delayMs: 0 });
        const { errors } = await answered;
        if (errors > 0) throw new Error(`${errors} of ${requests} requests that waited were answered wrongly.`);
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
  if (!(await response.text()).includes('"token-user-1"')) throw new Error(`${name} gave a wrong first answer.`);
}

/** Waits until something holds, and a second more. */
async function until(condition: () => boolean): Promise<void> {
  const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));
  for (let waitedMs = 0; !condition() && waitedMs < 30_000; waitedMs += 100) await pause(100);
  await pause(1_000);
}
