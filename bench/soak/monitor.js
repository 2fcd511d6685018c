import { readdirSync } from 'node:fs';
import { monitorEventLoopDelay } from 'node:perf_hooks';

// Loaded into the gateway before its own code. Sends the resource usage of the process every second.
const RESOLUTION_MS = 10;
const delay = monitorEventLoopDelay({ resolution: RESOLUTION_MS });
delay.enable();
setInterval(() => {
  process.send?.({
    rssMiB: process.memoryUsage.rss() / 2 ** 20,
    descriptors: readdirSync('/proc/self/fd').length,
    delayMs: {
      p50: delay.percentile(50) / 1e6 - RESOLUTION_MS,
      p99: delay.percentile(99) / 1e6 - RESOLUTION_MS,
      max: delay.max / 1e6 - RESOLUTION_MS,
    },
  });
}, 1_000).unref();
process.channel?.unref();
// The parent process has ended.
process.once('disconnect', () => process.exit(1));
