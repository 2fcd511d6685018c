import { collectDefaultMetrics, Gauge, type MetricObjectWithValues, type MetricValue, Registry } from 'prom-client';

import type { PlatformEvent } from '../../platform/client.js';
import { addAuditMetrics, type MeasureAudit } from './audit-metrics.js';
import { addLookupMetrics } from './lookup-metrics.js';
import { addOperationMetrics, type OperationMetrics } from './operation-metrics.js';
import { addPlatformMetrics } from './platform-metrics.js';
import { addCounter } from './tally.js';

/** Metrics as data: what a worker hands to its primary. */
export type MetricsData = readonly MetricObjectWithValues<MetricValue<string>>[];

/** What is asked for its value when somebody reads the metrics. */
interface Load {
  /** How many operations there are at the moment. */
  readonly inFlight: () => number;
  /** The latest that the event loop has been since it was asked before, in milliseconds. */
  readonly takeMaxDelayMs: () => number;
}

/**
 * Counts what the server does. A label is a connector, an outcome or a code, out of a set that is bounded: never an id,
 * an owner, a caller, a document or a URL.
 */
export interface Metrics extends OperationMetrics {
  readonly measureAudit: MeasureAudit;
  readonly onPlatformEvent: (event: PlatformEvent) => void;
  /** Is told of each request that is refused because there is too much to do. */
  readonly onShed: () => void;
  readonly watch: (load: Load) => void;
  /** Writes the text format of Prometheus. */
  readonly toText: () => Promise<string>;
  readonly toData: () => Promise<MetricsData>;
}

/**
 * Creates the metrics of one process.
 *
 * @param connectors the slugs that may be asked for, if there is a list
 */
export function createMetrics(connectors?: readonly string[]): Metrics {
  const registry = new Registry();
  const operations = addOperationMetrics(registry);
  const onLookup = addLookupMetrics(registry, connectors);
  const onRequest = addPlatformMetrics(registry);
  const shed = addCounter(registry, {
    name: 'xkit_graphql_operations_shed_total',
    help: 'Operations refused because there was too much to do',
  })({});
  const measureAudit = addAuditMetrics(registry);
  collectDefaultMetrics({ register: registry });

  return {
    ...operations,
    onPlatformEvent: (event) => (event.type === 'lookup' ? onLookup(event) : onRequest(event)),
    measureAudit,
    onShed: () => {
      shed.count += 1;
      operations.count('OVERLOADED');
    },
    watch: ({ inFlight, takeMaxDelayMs }) => {
      registry.registerMetric(
        new Gauge({
          name: 'xkit_graphql_operations_in_flight',
          help: 'Requests that are being answered',
          registers: [],
          collect() {
            this.set(inFlight());
          },
        }),
      );
      registry.registerMetric(
        new Gauge({
          name: 'xkit_graphql_event_loop_delay_seconds',
          help: 'The latest that the event loop has been since the metrics were read before',
          registers: [],
          aggregator: 'max',
          collect() {
            this.set(takeMaxDelayMs() / 1_000);
          },
        }),
      );
    },
    toText: () => registry.metrics(),
    toData: () => registry.getMetricsAsJSON(),
  };
}
