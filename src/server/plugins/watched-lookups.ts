import type { Plugin } from 'graphql-yoga';
import type { Logger } from 'pino';

import { createConnectorLabel } from '../logs/connector-label.js';
import { recordOf } from '../logs/operation-record.js';
import { requestIdOf } from '../http/request-id.js';
import { WatchedLookup } from '../logs/watched-lookup.js';

/** Has the lookups of an operation watched one by one where somebody traces it, or logs at level `debug`. */
export function useWatchedLookups(logger: Logger, connectors: readonly string[] | undefined): Plugin {
  const labelOf = createConnectorLabel(connectors);
  return {
    onExecute({ args: { contextValue } }) {
      const record = recordOf(contextValue.request);
      if (!record.span && !logger.isLevelEnabled('debug')) return;
      const requestId = requestIdOf(contextValue.request);
      record.watchLookup = (key) => new WatchedLookup({ record, requestId, key, labelOf, logger });
    },
  };
}
