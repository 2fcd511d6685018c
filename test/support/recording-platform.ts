import { createServer, type IncomingHttpHeaders } from 'node:http';

import type { Sandbox } from '../../src/sandbox/index.js';
import { listenLocally } from './listen.js';

/** A sandbox on a port that records the headers of each request. */
export interface RecordingPlatform {
  readonly apiUrl: string;
  readonly headers: IncomingHttpHeaders[];
  close(): Promise<void>;
}

export async function recordPlatform({ fetch, apiUrl }: Sandbox): Promise<RecordingPlatform> {
  const headers: IncomingHttpHeaders[] = [];
  const server = createServer(async ({ url = '', headers: given }, response) => {
    headers.push(given);
    const { origin } = new URL(apiUrl);
    const answer = await fetch(origin + url, { headers: { authorization: String(given.authorization) } });
    response.writeHead(answer.status, { 'content-type': 'application/json' }).end(await answer.text());
  });
  const port = await listenLocally(server);
  return {
    apiUrl: `http://127.0.0.1:${port}${new URL(apiUrl).pathname}`,
    headers,
    close: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
