import type { Logger } from 'pino';

import type { CatalogOptions } from '../domain/repair-link.js';
import { createPlatformClient, type PlatformClientOptions } from '../platform/client.js';
import { createConnectionsSchema } from '../schema/index.js';
import { createGateway, type GatewayOptions } from './gateway.js';
import { type HttpServer, listen } from './listen.js';
import { createFailureLog } from './log-failure.js';

/** Configures {@link start}. */
export interface StartOptions extends Pick<GatewayOptions, 'graphiql'> {
  readonly host: string;
  readonly port: number;
  readonly platform: PlatformClientOptions;
  readonly catalog: CatalogOptions;
  readonly connectors?: readonly string[] | undefined;
  readonly logger: Logger;
}

/**
 * Starts the gateway: client, schema, Yoga and port.
 *
 * @throws {ListenError} if the port cannot be opened
 */
export async function start({
  host,
  port,
  logger,
  catalog,
  connectors,
  ...options
}: StartOptions): Promise<HttpServer> {
  const platform = createPlatformClient(options.platform);
  const schema = createConnectionsSchema({
    platform,
    catalog,
    connectors,
    // The server knows no callers yet: that is why it listens on a loopback address only.
    authorization: 'host-trusted',
    onFailure: createFailureLog(logger),
  });
  const gateway = createGateway({ schema, logger, graphiql: options.graphiql });
  const server = await listen(gateway, { host, port, portVariable: 'PORT' });
  return {
    url: server.url,
    close: async () => {
      await server.close();
      await platform.close();
    },
  };
}
