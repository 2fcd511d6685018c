import type { AddressInfo, Server, Socket } from 'node:net';

/** Makes a server listen on a free loopback port, and returns the port. */
export async function listenLocally(server: Server): Promise<number> {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return (server.address() as AddressInfo).port;
}

/** Listens like {@link listenLocally}, and adds a function to `closing` that closes the server and its connections. */
export async function listenUntilClosed(server: Server, closing: (() => unknown)[]): Promise<number> {
  const sockets = new Set<Socket>();
  server.on('connection', (socket: Socket) => sockets.add(socket.on('error', () => undefined)));
  closing.push(() => {
    for (const socket of sockets) socket.destroy();
    server.close();
  });
  return listenLocally(server);
}
