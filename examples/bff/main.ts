import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

import {
  ConnectionNeedsRepair,
  ConnectionUnavailable,
  createGatewayClient,
  UserConnectionDocument,
  withFreshToken,
} from 'xkit-graphql/client';

// The default is the gateway of `npm run dev`.
const gateway = createGatewayClient({
  url: process.env['GATEWAY_URL'] ?? 'http://127.0.0.1:4000/graphql',
  credentials: process.env['GATEWAY_KEY'] ?? 'xkgk_demo_bff',
});
// The third party. The page shows its response to /conversations.list.
const SLACK_URL = process.env['SLACK_URL'] ?? 'https://slack.com/api';

/** A response of Slack. Its HTTP status is 200 even if Slack rejects the token. */
interface SlackAnswer {
  readonly ok: boolean;
  readonly error?: string;
  readonly channels?: readonly { readonly name: string }[];
}

class SlackFailed extends Error {
  override readonly name = 'SlackFailed';
}

const REFUSALS = new Set(['invalid_auth', 'not_authed', 'token_expired', 'token_revoked']);

/** Lists a user's Slack channels, with a newer token if Slack rejects the first one. */
async function listChannels(userId: string): Promise<string[]> {
  const { channels = [], error } = await withFreshToken(
    async (rejectedTokenFingerprint) => {
      const variables = { userId, connectorSlug: 'slack', rejectedTokenFingerprint };
      const { data, errors } = await gateway.send(UserConnectionDocument, variables);
      return { connection: data?.userConnection, errors };
    },
    async (accessToken): Promise<SlackAnswer> => {
      const headers = { authorization: `Bearer ${accessToken}` };
      const response = await fetch(`${SLACK_URL}/conversations.list`, { headers });
      if (!response.ok) throw new SlackFailed(`HTTP status ${response.status}`);
      return (await response.json()) as SlackAnswer;
    },
    { isRejected: (outcome) => REFUSALS.has((outcome as SlackAnswer).error ?? '') },
  );
  if (error !== undefined) throw new SlackFailed(error);
  return channels.map(({ name }) => name);
}

/** Describes an error for the log. The gateway's log has the details under the request id. */
function describe(error: unknown): string {
  if (error instanceof ConnectionUnavailable) return `${error.code}: ${error.message} ${error.requestId ?? ''}`;
  if (error instanceof SlackFailed) return `Slack failed: ${error.message}`;
  return error instanceof Error ? error.name : 'Unknown error';
}

/** Sends a response that a page can show: the channels, a repair link, or the advice to retry later. */
async function answer(segment: string, response: ServerResponse): Promise<void> {
  const reply = (status: number, body: unknown, headers = {}) =>
    response.writeHead(status, { 'content-type': 'application/json', ...headers }).end(JSON.stringify(body));
  try {
    reply(200, { channels: await listChannels(decodeURIComponent(segment)) });
  } catch (error) {
    if (error instanceof ConnectionNeedsRepair) {
      const { url, action, reason } = error;
      reply(409, { repair: { url, action, reason } });
    } else if (error instanceof ConnectionUnavailable && error.retryable) {
      reply(503, { error: error.code }, { 'retry-after': Math.ceil((error.retryAfterMs ?? 1_000) / 1_000) });
    } else {
      // The page gets no details, and the log only known texts: the message of a foreign error may contain the token.
      process.stderr.write(`${describe(error)}\n`);
      reply(500, { error: 'Something went wrong.' });
    }
  }
}

const server = createServer((request, response) => {
  const [, userId] = /^\/users\/([^/]+)\/channels$/.exec(request.url ?? '') ?? [];
  if (userId === undefined) response.writeHead(404).end();
  else void answer(userId, response);
}).listen(Number(process.env['PORT'] ?? 4100), '127.0.0.1', () => {
  const { port } = server.address() as AddressInfo;
  process.stdout.write(`Listening at http://127.0.0.1:${port}\n`);
});
