import { once } from 'node:events';
import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setImmediate as endOfTurn } from 'node:timers/promises';

import { expect, onTestFinished, test } from 'vitest';

import { createMiddleware, OperationAnswer } from '../../../src/server/middleware/create-middleware.js';

const HANG_UP = 'x-hang-up';

/** Serves a middleware that answers everything, and tells what it was asked, and what was left to Yoga. */
async function serve() {
  const asked: string[] = [];
  const leftToYoga: string[] = [];
  const chain = [
    ({ headers }: { readonly headers: Pick<Headers, 'get'> }) => {
      asked.push(headers.get('x-request-id') ?? '');
      return new OperationAnswer('{"data":{}}', 'application/json');
    },
  ];
  const { before } = createMiddleware(chain, ({ error }) => expect.fail(String(error)));
  const listener: RequestListener = before((request) => leftToYoga.push(request.url ?? ''));
  const server = createServer((request, response) => {
    listener(request, response);
    if (request.headers[HANG_UP]) request.destroy();
  }).listen(0, '127.0.0.1');
  onTestFinished(() => void server.close());
  await once(server, 'listening');
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/graphql`;
  const ask = (id: string, headers = {}) =>
    fetch(url, { method: 'POST', body: '{}', headers: { 'x-request-id': id, ...headers } });
  return { ask, asked, leftToYoga };
}

test('answers at once what comes together, each request once', async () => {
  const { ask, asked, leftToYoga } = await serve();
  const ids = Array.from({ length: 20 }, (_, index) => `request-${index}`);
  const answers = await Promise.all(ids.map(async (id) => (await ask(id)).headers.get('x-request-id')));
  expect(answers).toEqual(ids);
  expect(asked.toSorted()).toEqual(ids.toSorted());
  expect(leftToYoga).toEqual([]);
});

test('asks nobody about a request whose client has hung up before its turn', async () => {
  const { ask, asked, leftToYoga } = await serve();
  await expect(ask('gone', { [HANG_UP]: 'yes' })).rejects.toThrow('fetch failed');
  await endOfTurn();
  await ask('still-there');
  expect(asked).toEqual(['still-there']);
  expect(leftToYoga).toEqual([]);
});
