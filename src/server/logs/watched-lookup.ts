import type { Logger } from 'pino';

import type { ConnectionReading } from '../../domain/connection.js';
import type { ConnectionKey } from '../../domain/connection-key.js';
import type { AttemptObserver, LookupObserver, PlatformTarget } from '../../platform/lookup-observer.js';
import type { ConnectorLabel } from './connector-label.js';
import type { OperationRecord } from '../operations/operation-record.js';
import { type LookupReport, toLookupOutcome } from '../operations/operation-report.js';
import type { LookupSpan } from '../tracing/tracing.js';

interface Watch {
  readonly record: OperationRecord;
  readonly key: ConnectionKey;
  readonly labelOf: ConnectorLabel;
  readonly logger: Logger;
}

/** Observes one lookup for its span, if it has one, and for its line in the log, at level `debug`. */
export class WatchedLookup implements LookupObserver {
  readonly #watch: Watch;
  readonly #span: LookupSpan | undefined;
  readonly #startedAt = performance.now();
  #joined = false;

  constructor(watch: Watch) {
    this.#watch = watch;
    this.#span = watch.record.span?.startLookup();
  }

  onJoin(): void {
    this.#joined = true;
  }

  onAttempt(target: PlatformTarget, retries: number): AttemptObserver | undefined {
    this.#watch.record.onAttempt();
    return this.#span?.startAttempt(target, retries);
  }

  onEnd(reading: ConnectionReading | null, error: unknown): void {
    const { key, labelOf } = this.#watch;
    const report: LookupReport = {
      connector: labelOf(key.connectorSlug, reading?.found ?? false),
      ...toLookupOutcome(reading, error),
      joined: this.#joined,
    };
    this.#span?.end(report);
    this.#log(report);
  }

  #log({ connector, outcome, code, joined }: LookupReport): void {
    const { record, logger } = this.#watch;
    if (!logger.isLevelEnabled('debug')) return;
    const ms = Math.round(performance.now() - this.#startedAt);
    const traceId = record.span?.traceId;
    logger.debug(
      { event: 'lookup', requestId: record.requestId, traceId, connector, outcome, code, joined, ms },
      `lookup ${connector}: ${code ?? outcome} in ${ms} ms`,
    );
  }
}
