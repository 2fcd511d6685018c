import type { Registry } from 'prom-client';

import { toConnectionState } from '../domain/connection.js';
import type { PlatformClient } from '../platform/client.js';
import { isPlatformError } from '../platform/errors.js';
import { addCounter, type Tally } from './tally.js';

/** Connectors that have a label of their own at most. */
const MAX_CONNECTORS = 100;
const OTHER = 'other';

/** Counts what comes of the lookups of a client. */
export type MeasureLookups = (platform: PlatformClient) => PlatformClient;

/**
 * Adds the metric of lookups.
 *
 * A caller chooses the slug, and may choose any: it becomes a label only once the platform has found such a connection,
 * in lower case, and only while there are few. Any other lookup counts as one of `other`.
 *
 * @param connectors the slugs that may be asked for; then those are the labels, and no others
 */
export function addLookupMetrics(registry: Registry, connectors: readonly string[] | undefined): MeasureLookups {
  const tallyOf = addCounter(registry, {
    name: 'xkit_graphql_lookups_total',
    help: "Lookups of operations, by the connection's state, or FAILED with the error's code",
    labelNames: ['connector', 'outcome', 'code'],
  });
  const byConnector = new Map<string, Map<string, Tally>>();
  const add = (connector: string) => {
    const tallies = new Map<string, Tally>();
    byConnector.set(connector, tallies);
    return tallies;
  };
  const others = add(OTHER);
  for (const slug of connectors ?? []) add(slug.toLowerCase());

  const find = (slug: string, isFound: boolean) => {
    const connector = slug.toLowerCase();
    const known = byConnector.get(connector);
    if (known) return { connector, tallies: known };
    // `other` is one of them.
    const isRoom = connectors === undefined && byConnector.size <= MAX_CONNECTORS;
    return isFound && isRoom ? { connector, tallies: add(connector) } : { connector: OTHER, tallies: others };
  };

  const count = (slug: string, isFound: boolean, outcome: string, code: string) => {
    const { connector, tallies } = find(slug, isFound);
    // No state is called like a code.
    const name = code || outcome;
    let tally = tallies.get(name);
    if (!tally) {
      tally = tallyOf({ connector, outcome, code });
      tallies.set(name, tally);
    }
    tally.count += 1;
  };

  return (platform) => ({
    readConnection: async (key, options) => {
      try {
        const reading = await platform.readConnection(key, options);
        count(key.connectorSlug, reading.found, toConnectionState(reading), '');
        return reading;
      } catch (error) {
        count(key.connectorSlug, false, 'FAILED', isPlatformError(error) ? error.code : '');
        throw error;
      }
    },
    close: platform.close,
  });
}
