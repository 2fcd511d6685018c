import type { Registry } from 'prom-client';

import type { PlatformEvent } from '../../platform/client.js';
import { createConnectorLabel } from '../logs/connector-label.js';
import { addCounter, type Tally } from './tally.js';

/** A lookup has ended. */
export type LookupEvent = Extract<PlatformEvent, { readonly type: 'lookup' }>;

/**
 * Adds the metric of lookups; what it returns is told of them.
 *
 * @param connectors the slugs that may be asked for, if there is a list
 */
export function addLookupMetrics(
  registry: Registry,
  connectors: readonly string[] | undefined,
): (event: LookupEvent) => void {
  const tallyOf = addCounter(registry, {
    name: 'xkit_graphql_lookups_total',
    help: "Lookups of operations, by the connection's state, or FAILED with the error's code",
    labelNames: ['connector', 'outcome', 'code'],
  });
  const byConnector = new Map<string, Map<string, Tally>>();
  const labelOf = createConnectorLabel(connectors);

  const talliesOf = (connector: string) => {
    let tallies = byConnector.get(connector);
    if (!tallies) {
      tallies = new Map();
      byConnector.set(connector, tallies);
    }
    return tallies;
  };

  return ({ connectorSlug, state, code }) => {
    const connector = labelOf(connectorSlug, state !== null && state !== 'NOT_FOUND');
    const tallies = talliesOf(connector);
    // No state is called like a code.
    const name = state ?? code ?? 'INTERNAL_SERVER_ERROR';
    let tally = tallies.get(name);
    if (!tally) {
      tally = tallyOf({ connector, outcome: state ?? 'FAILED', code: state === null ? name : '' });
      tallies.set(name, tally);
    }
    tally.count += 1;
  };
}
