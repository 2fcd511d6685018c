import { createServer, type Socket } from 'node:net';

import { afterEach, describe, expect, it, vi } from 'vitest';

import { createPlatformClient, type PlatformClient } from '../../src/platform/client.js';
import { createUndiciTransport } from '../../src/platform/undici-transport.js';
import { SANDBOX_CREDENTIALS } from '../../src/sandbox/index.js';
import { active } from '../support/bodies.js';
import { listenLocally } from '../support/listen.js';

const BODY = JSON.stringify(active);
const COMPLETE = `HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: ${BODY.length}\r\n\r\n${BODY}`;
const slackOf = (ownerId: string) => ({ ownerKind: 'USER', ownerId, connectorSlug: 'slack' }) as const;

/** Bytes to send, and whether the connection is reset after them. */
interface RawResponse {
  readonly bytes: string;
  readonly isReset?: boolean;
}

let platform: PlatformClient;
let close: () => void;
let requests = 0;
afterEach(async () => {
  await platform.close();
  close();
});

/** Starts a platform that sends `first` to the first request, and `others` to all later ones, byte by byte. */
async function start(
  createTransport: typeof createUndiciTransport | (() => undefined),
  first: RawResponse,
  others = first,
) {
  requests = 0;
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.on('error', () => undefined);
    socket.on('data', () => {
      requests += 1;
      const { bytes, isReset = false } = requests === 1 ? first : others;
      // A reset discards bytes that the client has not read yet.
      socket.write(bytes, () => isReset && setTimeout(() => socket.resetAndDestroy(), 20));
    });
  });
  const port = await listenLocally(server);
  close = () => {
    server.close();
    for (const socket of sockets) socket.destroy();
  };
  platform = createPlatformClient({
    ...SANDBOX_CREDENTIALS,
    apiUrl: `http://127.0.0.1:${port}`,
    transport: createTransport(),
    maxRetries: 2,
  });
}

describe.each([
  ['undici', createUndiciTransport],
  ['ofetch', () => undefined],
] as const)('a response over %s', (_, createTransport) => {
  it.each([
    ['both Content-Length and Transfer-Encoding', COMPLETE.replace('\r\n', '\r\nTransfer-Encoding: chunked\r\n')],
    ['line feeds only', COMPLETE.replaceAll('\r\n', '\n')],
    ['another protocol', 'SSH-2.0-OpenSSH_9.2p1 Debian-2\r\n'],
    ['a chunk size that is not a number', 'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nxyz\r\n'],
    ['a header section of 100 kB', COMPLETE.replace('\r\n', `\r\nX-Note: ${'x'.repeat(100_000)}\r\n`)],
  ])('fails with PLATFORM_BAD_RESPONSE and a reason after one request, for %s', async (_name, bytes) => {
    await start(createTransport, { bytes });
    await expect(platform.readConnection(slackOf('alice'))).rejects.toMatchObject({
      code: 'PLATFORM_BAD_RESPONSE',
      reason: expect.stringMatching(/^(?:HPE_[A-Z_]+|MALFORMED_HTTP|UND_ERR_HEADERS_OVERFLOW)$/) as string,
    });
    expect(requests).toBe(1);
  });

  it.each([
    ['a body shorter than its Content-Length', { bytes: COMPLETE.slice(0, -10), isReset: true }],
    ['a reset in the middle of the body', { bytes: COMPLETE.slice(0, -BODY.length + 1), isReset: true }],
    ['a reset in the middle of the headers', { bytes: COMPLETE.slice(0, 40), isReset: true }],
  ])('fails with PLATFORM_UNAVAILABLE after three requests, for %s', async (_name, broken) => {
    await start(createTransport, { bytes: COMPLETE }, broken);
    // Leaves an idle connection, on which the broken response then arrives.
    await platform.readConnection(slackOf('alice'));
    await vi.waitFor(() => new Promise((resolve) => setTimeout(resolve, 200)));
    await expect(platform.readConnection(slackOf('alice'))).rejects.toMatchObject({
      code: 'PLATFORM_UNAVAILABLE',
      reason: expect.any(String) as string,
    });
    expect(requests).toBe(1 + 3);
  });
});

// The fetch of Node 20 joins the lines of a folded header, as RFC 9112, 5.2 allows.
it('refuses a folded header over undici, after one request', async () => {
  await start(createUndiciTransport, { bytes: COMPLETE.replace('\r\n', '\r\nX-Note: one\r\n two\r\n') });
  await expect(platform.readConnection(slackOf('alice'))).rejects.toMatchObject({
    code: 'PLATFORM_BAD_RESPONSE',
    reason: 'MALFORMED_HTTP',
  });
  expect(requests).toBe(1);
});
