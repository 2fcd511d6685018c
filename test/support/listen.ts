import type { AddressInfo, Server } from 'node:net';

/** Opens a free port of this machine for a server, and gives its number. */
export async function listenLocally(server: Server): Promise<number> {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return (server.address() as AddressInfo).port;
}
