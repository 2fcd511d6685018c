import type { Registry } from 'prom-client';

import type { AuditSink } from '../../access/audit.js';
import { addCounter } from './tally.js';

/** Counts the events that a sink takes. */
export type MeasureAudit = (sink: AuditSink) => AuditSink;

/** Events for which the audit log gave the same promise, which is waited for once. It gives none again that is settled. */
interface Batch {
  readonly taken: Promise<void>;
  disclosed: number;
  refused: number;
}

/** Adds the metric of audit events. */
export function addAuditMetrics(registry: Registry): MeasureAudit {
  const tallyOf = addCounter(registry, {
    name: 'xkit_graphql_audit_events_total',
    help: 'Audit events, by their outcome; lost if they were not written',
    labelNames: ['outcome'],
  });
  const written = { disclosed: tallyOf({ outcome: 'disclosed' }), refused: tallyOf({ outcome: 'refused' }) };
  const lost = tallyOf({ outcome: 'lost' });

  const keep = (batch: Batch) => {
    written.disclosed.count += batch.disclosed;
    written.refused.count += batch.refused;
  };
  const lose = (batch: Batch) => {
    lost.count += batch.disclosed + batch.refused;
  };
  const watch = (taken: Promise<void>): Batch => {
    const batch: Batch = { taken, disclosed: 0, refused: 0 };
    taken.then(
      () => keep(batch),
      () => lose(batch),
    );
    return batch;
  };

  return (sink) => {
    let batch: Batch | null = null;
    return (event) => {
      const taken = sink(event);
      if (!(taken instanceof Promise)) {
        written[event.outcome].count += 1;
        return taken;
      }
      if (batch?.taken !== taken) batch = watch(taken);
      batch[event.outcome] += 1;
      return taken;
    };
  };
}
