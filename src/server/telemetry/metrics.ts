import { collectDefaultMetrics, Counter, Gauge, Histogram, Registry } from 'prom-client';
import { ERROR_CODES } from '../../schema/error-codes.js';
import type { Observer } from './observer.js';

/** The server's load, read at each scrape. */
interface Load {
  readonly inFlight: () => number;
  /** Returns the longest event-loop lag since the last call, in milliseconds. */
  readonly takeMaxDelayMs: () => number;
}

/** The metrics of one process. */
export interface Metrics {
  readonly observer: Observer;
  /** Adds the gauges of the server's load. */
  readonly watch: (load: Load) => void;
  /** Formats the metrics as Prometheus text. */
  readonly toText: () => Promise<string>;
}

const CODES = ['OK', ...Object.keys(ERROR_CODES), 'OTHER'];
const STATUS_CLASSES = ['none', '2xx', '404', '429', '5xx', 'other'];
const AUDIT_OUTCOMES = ['disclosed', 'refused', 'lost'] as const;

/** Creates the metrics. Labels have bounded sets of values: never an id, owner, caller, document or URL. */
export function createMetrics(labelOf: ConnectorLabel): Metrics {
  const registry = new Registry();
  const registers = [registry];
  collectDefaultMetrics({ register: registry });

  const operations = new Counter({
    name: 'xkit_graphql_operations_total',
    help: 'Operations, including refused ones, by the code of their first error',
    labelNames: ['code'],
    registers,
  });
  const operationDuration = new Histogram({
    name: 'xkit_graphql_operation_duration_seconds',
    help: 'Time from the arrival of a request to the result of its operation',
    registers,
  });
  const lookups = new Counter({
    name: 'xkit_graphql_lookups_total',
    help: "Lookups, by outcome: the connection's state, or FAILED with an error code",
    labelNames: ['connector', 'outcome', 'code'],
    registers,
  });
  const requestDuration = new Histogram({
    name: 'xkit_graphql_platform_request_duration_seconds',
    help: 'Time of one request to the platform, by status class; none if there was no response',
    labelNames: ['status'],
    registers,
  });
  const breaker = new Gauge({
    name: 'xkit_graphql_platform_breaker_open',
    help: 'Whether the breaker is open: 1 if this process considers the platform down',
    registers,
  });
  const retries = new Counter({
    name: 'xkit_graphql_platform_retries_total',
    help: 'Retries of requests to the platform',
    registers,
  });
  const joined = new Counter({
    name: 'xkit_graphql_platform_requests_joined_total',
    help: 'Lookups that shared the request of another lookup',
    registers,
  });
  const shed = new Counter({
    name: 'xkit_graphql_operations_shed_total',
    help: 'Operations refused because of overload',
    registers,
  });
  const auditEvents = new Counter({
    name: 'xkit_graphql_audit_events_total',
    help: 'Audit events, by outcome; lost if they could not be written',
    labelNames: ['outcome'],
    registers,
  });
  // Every series exists from the start, so that its first increase is visible.
  for (const code of CODES) operations.inc({ code }, 0);
  for (const status of STATUS_CLASSES) requestDuration.zero({ status });
  for (const outcome of AUDIT_OUTCOMES) auditEvents.inc({ outcome }, 0);

  // GraphQL's own codes, for errors of the client, count as OTHER.
  const countOperation = (code: string) => operations.inc({ code: CODES.includes(code) ? code : 'OTHER' });

  const observer: Observer = {
    onRefusal: ({ code }) => countOperation(code),
    onOperationEnd: ({ startedAt }, { errors: [error] = [] }) => {
      countOperation(error ? String(error.extensions['code']) : 'OK');
      operationDuration.observe((performance.now() - startedAt) / 1_000);
    },
    onAuditEvent: ({ outcome }, written) => {
      if (written === undefined) return auditEvents.inc({ outcome });
      written.then(
        () => auditEvents.inc({ outcome }),
        () => auditEvents.inc({ outcome: 'lost' }),
      );
    },
    onOverload: () => shed.inc(),
    onPlatformEvent: (event) => {
      switch (event.type) {
        case 'attempt':
          return requestDuration.observe({ status: toStatusClass(event.status) }, event.ms / 1_000);
        case 'joined':
          return joined.inc();
        case 'retry':
          return retries.inc();
        case 'probe-failed':
          return;
        case 'breaker':
          return breaker.set(event.state === 'open' ? 1 : 0);
        case 'lookup': {
          const { connectorSlug, state } = event;
          const connector = labelOf(connectorSlug, state !== null && state !== 'NOT_FOUND');
          const code = state === null ? (event.code ?? 'INTERNAL_SERVER_ERROR') : '';
          return lookups.inc({ connector, outcome: state ?? 'FAILED', code });
        }
      }
    },
  };

  return {
    observer,
    watch: ({ inFlight, takeMaxDelayMs }) => {
      registry.registerMetric(
        new Gauge({
          name: 'xkit_graphql_operations_in_flight',
          help: 'In-flight requests',
          registers: [],
          collect() {
            this.set(inFlight());
          },
        }),
      );
      registry.registerMetric(
        new Gauge({
          name: 'xkit_graphql_event_loop_delay_seconds',
          help: 'Maximum event-loop lag since the previous scrape',
          registers: [],
          collect() {
            this.set(takeMaxDelayMs() / 1_000);
          },
        }),
      );
    },
    toText: () => registry.metrics(),
  };
}

function toStatusClass(status: number | null): string {
  if (status === null) return 'none';
  if (status === 404 || status === 429) return String(status);
  if (status >= 500) return '5xx';
  return status >= 200 && status < 300 ? '2xx' : 'other';
}

/** Maximum number of connectors with their own label. */
const MAX_CONNECTORS = 100;
const OTHER = 'other';

/** Returns the label of a connector, given its slug and whether the platform has found a connection of it. */
export type ConnectorLabel = (slug: string, isFound: boolean) => string;

/**
 * Creates the function that labels connectors in metrics, logs and traces. Callers choose slugs freely, so a slug
 * becomes a label, in lower case, only once the platform has found a connection of it, and only for the first
 * {@link MAX_CONNECTORS} slugs. All others are `other`.
 *
 * @param connectors the allowed slugs; if given, they are the only labels
 */
export function createConnectorLabel(connectors: readonly string[] | undefined): ConnectorLabel {
  const known = new Set([OTHER, ...(connectors ?? []).map(toLabel)]);
  return (slug, isFound) => {
    const connector = toLabel(slug);
    if (known.has(connector)) return connector;
    // `known` also holds `other`.
    if (!isFound || connectors !== undefined || known.size > MAX_CONNECTORS) return OTHER;
    known.add(connector);
    return connector;
  };
}

/** Lower-cases only ASCII letters: in Unicode's lower case, the Kelvin sign (U+212A) would equal `k`. */
function toLabel(slug: string): string {
  return slug.replace(/[A-Z]+/g, (letters) => letters.toLowerCase());
}
