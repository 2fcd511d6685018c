// Metrics for Prometheus, on a separate port.
import { createServer } from 'node:http';
import { collectDefaultMetrics, Counter, Histogram, register } from 'prom-client';

collectDefaultMetrics();

// prom-client hashes the labels of each increment. With its `collect` callback, it reads plain sums once per scrape.
const addCounter = (name, help, labelName) => {
  const counts = new Map();
  const counter = new Counter({
    name,
    help,
    labelNames: [labelName],
    collect() {
      counter.reset();
      for (const [label, count] of counts) counter.inc({ [labelName]: label }, count);
    },
  });
  return (label) => counts.set(label, (counts.get(label) ?? 0) + 1);
};

/** Counts an operation by the code of its first error. */
export const countOperation = addCounter('operations_total', 'Operations, by the code of their first error', 'code');

/** Counts a lookup by the state of its connection, or by its error. */
export const countLookup = addCounter('lookups_total', 'Lookups, by state or error', 'outcome');

const durations = new Histogram({
  name: 'platform_request_duration_seconds',
  help: 'Time of one request to the platform, by the class of its status',
  labelNames: ['status'],
});
const ofClass = Object.fromEntries(
  ['2xx', '4xx', '5xx', 'other', 'none'].map((status) => [status, durations.labels(status)]),
);

/** Observes the duration of a request to the platform. Its status is 0 if there was no response. */
export function observeRequest(status, startedAt) {
  const digit = Math.floor(status / 100);
  const name = digit === 0 ? 'none' : `${digit}xx`;
  (ofClass[name] ?? ofClass.other).observe((performance.now() - startedAt) / 1_000);
}

/** Serves the metrics. */
export function serveMetrics(port) {
  const server = createServer((_, response) => {
    register.metrics().then(
      (text) => response.writeHead(200, { 'content-type': register.contentType }).end(text),
      () => response.writeHead(500).end(),
    );
  });
  server.listen(port, '127.0.0.1', () => {
    process.stdout.write(`Metrics at http://127.0.0.1:${server.address().port}/metrics\n`);
  });
}
