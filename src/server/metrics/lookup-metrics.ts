import type { Registry } from 'prom-client';

import type { ConnectionReading } from '../../domain/connection.js';
import type { PlatformClient } from '../../platform/client.js';
import { createConnectorLabel } from '../logs/connector-label.js';
import { toLookupOutcome } from '../operations/operation-report.js';
import { addCounter, type Tally } from './tally.js';

/** Counts what comes of the lookups of a client. */
export type MeasureLookups = (platform: PlatformClient) => PlatformClient;

/**
 * Adds the metric of lookups.
 *
 * @param connectors the slugs that may be asked for, if there is a list
 */
export function addLookupMetrics(registry: Registry, connectors: readonly string[] | undefined): MeasureLookups {
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

  const count = (slug: string, reading: ConnectionReading | null, error: unknown) => {
    const { outcome, code } = toLookupOutcome(reading, error);
    const connector = labelOf(slug, reading?.found ?? false);
    const tallies = talliesOf(connector);
    // No state is called like a code.
    const name = code ?? outcome;
    let tally = tallies.get(name);
    if (!tally) {
      tally = tallyOf({ connector, outcome, code: code ?? '' });
      tallies.set(name, tally);
    }
    tally.count += 1;
  };

  return (platform) => ({
    readConnection: (key, options) => {
      const lookup = platform.readConnection(key, options);
      // Beside it: who waits for the lookup is not to wait for the count as well.
      lookup.then(
        (reading) => count(key.connectorSlug, reading, null),
        (error: unknown) => count(key.connectorSlug, null, error),
      );
      return lookup;
    },
    close: platform.close,
  });
}
