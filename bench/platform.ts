import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

import { USERS } from './workloads.js';

// The Platform API of a benchmark, in its own process. Every user is connected, and a response costs little CPU.
let delayMs = 0;
let requests = 0;
/** Responses that wait while the delay is infinite. */
let held: (() => void)[] = [];
const bodies = new Map(
  Array.from({ length: USERS }, (_, index) => [`/api/platform/connections/user-${index}/slack`, toBody(index)]),
);
const headers = { 'content-type': 'application/json' };

const server = createServer({ keepAliveTimeout: 120_000 }, (request, response) => {
  requests += 1;
  const body = bodies.get(request.url ?? '');
  const answer = () =>
    body === undefined
      ? response.writeHead(404).end()
      : response.writeHead(200, { ...headers, 'content-length': body.length }).end(body);
  if (delayMs === 0) answer();
  else if (delayMs === Infinity) held.push(answer);
  else setTimeout(answer, delayMs);
});
// Some targets open a connection for each concurrent lookup, up to 1,600.
server.listen({ port: 0, host: '127.0.0.1', backlog: 4_096 }, () => {
  process.send?.({ url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/api/platform` });
});
// Messages are JSON, which has no infinity.
process.on('message', (message: { readonly delayMs?: number | 'Infinity' }) => {
  delayMs = Number(message.delayMs ?? delayMs);
  if (delayMs !== Infinity) {
    held.forEach((answer) => answer());
    held = [];
  }
  process.send?.({ requests });
});
process.once('disconnect', () => process.exit());

function toBody(index: number): Buffer {
  return Buffer.from(
    JSON.stringify({
      connection: { id: `79cfb3c3-777c-456b-af09-${String(index).padStart(12, '0')}`, enabled: true },
      connector: {
        name: 'Slack',
        slug: 'slack',
        short_description: 'Team messaging',
        mark_url: 'https://example.com/slack.png',
        about: 'Slack is where work happens.',
        description: 'Sends a message to a channel when something happens.',
        supports_multiple_connections: false,
      },
      authorization: {
        id: index,
        status: 'active',
        display_label: 'Acme Workspace',
        access_token: toToken(`user-${index}`),
        error_code: null,
        error_message: null,
        authorizer: { client_id: '123.456', prototype: { name: 'Slack', slug: 'slack' } },
      },
    }),
  );
}

function toToken(user: string): string {
  return `token-${user}`;
}
