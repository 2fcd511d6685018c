import { Gauge, type Registry } from 'prom-client';

import type { PlatformEvent } from '../../platform/client.js';
import type { LookupEvent } from './lookup-metrics.js';
import { addHistogram } from './histogram.js';
import { addCounter } from './tally.js';

/** Adds the metrics of requests to the platform; what it returns is told of them. */
export function addPlatformMetrics(registry: Registry): (event: Exclude<PlatformEvent, LookupEvent>) => void {
  const durationsOf = addHistogram(registry, {
    name: 'xkit_graphql_platform_request_duration_seconds',
    help: 'Time of one request to the platform, by the class of its status; none if there was no answer',
  });
  const breaker = new Gauge({
    name: 'xkit_graphql_platform_breaker_open',
    help: 'Whether the breaker is open: 1 for each process that takes the platform for down',
    registers: [registry],
  });
  const retries = addCounter(registry, {
    name: 'xkit_graphql_platform_retries_total',
    help: 'Requests to the platform that were repeated',
  })({});
  const joined = addCounter(registry, {
    name: 'xkit_graphql_platform_requests_joined_total',
    help: 'Lookups that shared the request of another one',
  })({});
  const none = durationsOf({ status: 'none' });
  const found = durationsOf({ status: '2xx' });
  const notFound = durationsOf({ status: '404' });
  const limited = durationsOf({ status: '429' });
  const failed = durationsOf({ status: '5xx' });
  const other = durationsOf({ status: 'other' });

  const classOf = (status: number | null) => {
    if (status === null) return none;
    if (status === 404) return notFound;
    if (status === 429) return limited;
    if (status >= 500) return failed;
    return status >= 200 && status < 300 ? found : other;
  };

  return (event) => {
    switch (event.type) {
      case 'attempt':
        return classOf(event.status).observe(event.ms / 1_000);
      case 'joined':
        joined.count += 1;
        return;
      case 'retry':
        retries.count += 1;
        return;
      case 'breaker':
        breaker.set(event.state === 'open' ? 1 : 0);
    }
  };
}
