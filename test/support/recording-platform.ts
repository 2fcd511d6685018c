import { createServer, type IncomingHttpHeaders } from 'node:http';
import type { AddressInfo } from 'node:net';

import type { Sandbox } from '../../src/sandbox/index.js';

/** A sandbox behind a port that remembers the headers of requests. */
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
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    apiUrl: `http://127.0.0.1:${port}${new URL(apiUrl).pathname}`,
    headers,
    close: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
