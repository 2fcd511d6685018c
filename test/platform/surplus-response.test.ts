import { createServer, type Socket } from 'node:net';

import { afterEach, describe, expect, it, vi } from 'vitest';

import { createPlatformClient, type PlatformClient } from '../../src/platform/client.js';
import { createUndiciTransport } from '../../src/platform/undici-transport.js';
import { SANDBOX_CREDENTIALS } from '../../src/sandbox/index.js';
import { active } from '../support/bodies.js';
import { listenLocally } from '../support/listen.js';

/** Delay of each response, in milliseconds, so that the surplus response arrives while the next request waits. */
const RESPONSE_MS = 10;

/** A platform that writes raw responses to the socket, and records the connection of each request. */
interface RawPlatform {
  readonly url: string;
  /** The number of the connection of each request, in order. */
  readonly connections: number[];
  close(): void;
}

/**
 * Starts a platform that sends the first response on each connection twice.
 *
 * @param surplusMs the delay between both; null to send it once
 */
async function startRawPlatform(surplusMs: number | null): Promise<RawPlatform> {
  const connections: number[] = [];
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    const connection = sockets.size;
    let isFirst = true;
    let received = '';
    const respond = (owner: string) => {
      if (socket.destroyed) return;
      const response = toResponse(owner);
      const sendsSurplus = isFirst && surplusMs !== null;
      isFirst = false;
      if (sendsSurplus && surplusMs === 0) return socket.write(response + response);
      socket.write(response);
      if (sendsSurplus) setTimeout(() => socket.destroyed || socket.write(response), surplusMs ?? 0);
    };
    socket.on('error', () => undefined);
    socket.on('data', (chunk) => {
      received += String(chunk);
      const [, owner] = /^GET \/connections\/(\w+)\/slack .*\r\n\r\n$/s.exec(received) ?? [];
      if (owner === undefined) return;
      received = '';
      connections.push(connection);
      setTimeout(() => respond(owner), RESPONSE_MS);
    });
  });
  const port = await listenLocally(server);
  return {
    url: `http://127.0.0.1:${port}`,
    connections,
    close: () => {
      server.close();
      for (const socket of sockets) socket.destroy();
    },
  };
}

function toResponse(owner: string): string {
  const body = JSON.stringify({
    ...active,
    authorization: { ...active.authorization, access_token: `token-${owner}` },
  });
  return `HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: ${Buffer.byteLength(body)}\r\n\r\n${body}`;
}

let platform: RawPlatform;
let client: PlatformClient;
afterEach(async () => {
  vi.useRealTimers();
  await client.close();
  platform.close();
});

async function start(surplusMs: number | null, maxSockets?: number): Promise<void> {
  platform = await startRawPlatform(surplusMs);
  client = createPlatformClient({
    ...SANDBOX_CREDENTIALS,
    apiUrl: platform.url,
    maxSockets,
    transport: createUndiciTransport({ maxSockets }),
  });
}

async function readToken(ownerId: string): Promise<string | undefined> {
  const reading = await client.readConnection({ ownerKind: 'USER', ownerId, connectorSlug: 'slack' });
  return reading.found ? reading.authorization?.accessToken?.reveal() : undefined;
}

const owners = Array.from({ length: 24 }, (_, index) => `owner${index}`);

describe('a surplus response', () => {
  it.each([0, 5, 15, 100])('is not used as the response to the next lookup after %d ms', async (surplusMs) => {
    await start(surplusMs);
    const tokens: (string | undefined)[] = [];
    for (const owner of owners) tokens.push(await readToken(owner));
    expect(tokens).toEqual(owners.map((owner) => `token-${owner}`));
  });

  it.each([0, 5, 15, 100])('is not used as the response to a concurrent lookup after %d ms', async (surplusMs) => {
    await start(surplusMs);
    const lanes = Array.from({ length: 4 }, async (_, lane) => {
      const tokens: (string | undefined)[] = [];
      for (const owner of owners) tokens.push(await readToken(`${owner}x${lane}`));
      expect(tokens).toEqual(owners.map((owner) => `token-${owner}x${lane}`));
    });
    await Promise.all(lanes);
  });
});

describe('a connection', () => {
  it('rests for 150 ms after its response, and the longest idle one is used first', async () => {
    await start(null);
    vi.useFakeTimers({ toFake: ['performance'] });
    await readToken('a');
    vi.advanceTimersByTime(149);
    await readToken('b');
    expect(platform.connections).toEqual([1, 2]);
    vi.advanceTimersByTime(150);
    for (const owner of ['c', 'd', 'e']) await readToken(owner);
    expect(platform.connections).toEqual([1, 2, 1, 2, 3]);
  });

  it('is reused before it has rested if maxSockets are open, the longest idle one first', async () => {
    await start(null, 3);
    for (const owner of owners.slice(0, 9)) await readToken(owner);
    expect(platform.connections).toEqual([1, 2, 3, 1, 2, 3, 1, 2, 3]);
  });

  it('is not reused after it has been closed', async () => {
    await start(0);
    vi.useFakeTimers({ toFake: ['performance'] });
    await readToken('a');
    await expect
      .poll(async () => {
        vi.advanceTimersByTime(200);
        await readToken('b');
        return platform.connections.at(-1);
      })
      .toBeGreaterThan(2);
  });
});
