import type { Logger } from 'pino';

import type { OperationObserver } from '../operations/operation-observer.js';
import { createConnectorLabel } from './connector-label.js';
import { WatchedLookup } from './watched-lookup.js';

/** Creates what has the lookups of an operation watched one by one where somebody traces it, or logs at level `debug`. */
export function createLookupWatch(logger: Logger, connectors: readonly string[] | undefined): OperationObserver {
  const labelOf = createConnectorLabel(connectors);
  return {
    onExecute: (record) => {
      if (!record.span && !logger.isLevelEnabled('debug')) return;
      record.watchLookup = (key) => new WatchedLookup({ record, key, labelOf, logger });
    },
  };
}
