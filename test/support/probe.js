// Requests a URL repeatedly until it receives a message. Then it sends the longest duration and the number of failures.
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
