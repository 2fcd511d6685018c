// Asks a URL again and again until it is told to stop, and says then what became of it.
const [url = ''] = process.argv.slice(2);
const stop = new AbortController();
let longestMs = 0;
let failed = 0;
process.once('message', () => stop.abort());
process.send?.('started');
while (!stop.signal.aborted) {
  const startedAt = performance.now();
  const response = await fetch(url);
  await response.arrayBuffer();
  if (!response.ok) failed += 1;
  longestMs = Math.max(longestMs, performance.now() - startedAt);
  await new Promise((resolve) => setTimeout(resolve, 20));
}
process.send?.({ longestMs, failed });
process.disconnect();
