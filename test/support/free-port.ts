import { createServer } from 'node:net';

import { listenLocally } from './listen.js';

/** Returns a port that is currently free. */
export async function findFreePort(): Promise<number> {
  const server = createServer();
  const port = await listenLocally(server);
  await new Promise((resolve) => server.close(resolve));
  return port;
}
