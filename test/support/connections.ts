import { connect, type Socket } from 'node:net';

import { onTestFinished } from 'vitest';

import { startProcess } from './gateway.js';
import { KEYS } from './policy.js';

export const HEALTH = 'GET /health HTTP/1.1\r\nhost: localhost\r\n\r\n';
export const QUERY = JSON.stringify({ query: '{ userConnection(userId: "alice", connectorSlug: "slack") { state } }' });
export const OPERATION = `POST /graphql HTTP/1.1\r\nhost: localhost\r\nauthorization: Bearer ${KEYS.bff}\r\ncontent-type: application/json\r\ncontent-length: ${QUERY.length}\r\n\r\n${QUERY}`;

/** A connection to the gateway. */
export interface Client {
  readonly socket: Socket;
  readonly isClosed: () => boolean;
  /** Sends a request, and returns the status of its response, or null if the connection is closed first. */
  send(request: string): Promise<string | null>;
}

/** Starts a gateway as a process with this many file descriptors, for a test that opens connections to it. */
export async function startForConnections(environment: Record<string, string> = {}, descriptors = 4_096) {
  const gateway = await startProcess(environment, {}, ['sh', '-c', `ulimit -n ${descriptors}; exec "$@"`, 'sh']);
  const clients: Client[] = [];
  onTestFinished(async () => {
    for (const { socket } of clients) socket.destroy();
    await gateway.close();
  });
  const port = Number(new URL((await gateway.fetch('/health', { headers: { connection: 'close' } })).url).port);

  const open = async (): Promise<Client> => {
    const socket = connect(port, '127.0.0.1')
      .on('error', () => undefined)
      .resume();
    let isClosed = false;
    socket.once('close', () => (isClosed = true));
    const ended = new Promise<null>((resolve) => socket.once('close', () => resolve(null)));
    await Promise.race([new Promise((resolve) => socket.once('connect', resolve)), ended]);
    const client: Client = {
      socket,
      isClosed: () => isClosed,
      send: (request) => {
        const status = new Promise<string>((resolve) =>
          socket.once('data', (data) => resolve(data.toString('latin1').slice(9, 12))),
        );
        socket.write(request);
        return Promise.race([status, ended]);
      },
    };
    clients.push(client);
    return client;
  };

  return { gateway, port, clients, open };
}
