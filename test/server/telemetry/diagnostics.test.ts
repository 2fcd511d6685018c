import { createServer as createHttpServer } from 'node:http';
import { createServer as createHttpsServer } from 'node:https';
import { createServer, type Server } from 'node:net';
import { PassThrough } from 'node:stream';

import { context, diag, propagation, trace } from '@opentelemetry/api';
import { pino } from 'pino';
import { afterAll, afterEach, expect, it, vi } from 'vitest';

import { openTracing } from '../../../src/server/telemetry/open-tracing.js';
import { issueCertificate } from '../../support/certificate.js';
import { findFreePort } from '../../support/free-port.js';
import { listenUntilClosed } from '../../support/listen.js';
import { until } from '../../support/until.js';

const certificate = issueCertificate('IP:127.0.0.1', {});
afterAll(() => certificate.remove());

const closing: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0)) await close();
  for (const api of [context, diag, propagation, trace]) api.disable();
  vi.unstubAllEnvs();
});

const serve = (server: Server) => listenUntilClosed(server, closing);

/** Exports spans with the real SDK, and returns the reasons that are logged until `isEnough`. */
async function findReasons(
  endpoint: string,
  isEnough = (reasons: unknown[]) => reasons.length > 0,
): Promise<unknown[]> {
  let output = '';
  const sink = new PassThrough().on('data', (chunk) => (output += String(chunk)));
  vi.stubEnv('OTEL_EXPORTER_OTLP_ENDPOINT', endpoint);
  vi.stubEnv('OTEL_EXPORTER_OTLP_TIMEOUT', '1500');
  vi.stubEnv('OTEL_BSP_SCHEDULE_DELAY', '10');
  const tracing = await openTracing(true, pino(sink));
  closing.unshift(() => tracing?.close());
  const reasons = await until(() => {
    trace.getTracer('test').startSpan('span').end();
    const lines = output.split('\n').filter(Boolean);
    const found = lines.map((line) => (JSON.parse(line) as { reason?: unknown }).reason);
    return isEnough(found) && found;
  });
  expect(output).not.toContain('canary');
  return reasons;
}

const answer = (status: number, headers: Record<string, string> = {}) =>
  createHttpServer(
    (request, response) => void request.resume().on('end', () => response.writeHead(status, headers).end('<canary>')),
  );

it.each<[string, string, () => Server]>([
  ['404', 'has another path', () => answer(404, { 'content-type': 'text/html' })],
  ['401', 'refuses the credentials', () => answer(401)],
  ['302', 'redirects', () => answer(302, { location: 'http://canary.example/' })],
  ['COLLECTOR_UNAVAILABLE', 'is overloaded', () => answer(503)],
  ['COLLECTOR_UNAVAILABLE', 'limits the rate', () => answer(429, { 'retry-after': '1' })],
  ['TIMEOUT', 'does not respond', () => createServer()],
  [
    'ECONNRESET',
    'resets the connection',
    () => createServer((socket) => socket.once('data', () => socket.resetAndDestroy())),
  ],
  [
    'HPE_INVALID_CONSTANT',
    'is not HTTP',
    () => createServer((socket) => socket.once('data', () => socket.end('SSH-2.0-canary\r\n'))),
  ],
])('logs %s for a collector that %s', async (reason, _, createCollector) => {
  expect(await findReasons(`http://127.0.0.1:${await serve(createCollector())}`)).toEqual([reason]);
});

it('logs the error code of a collector that cannot be reached', async () => {
  expect(await findReasons(`http://127.0.0.1:${await findFreePort()}`)).toEqual(['ECONNREFUSED']);
});

it('logs the error code of a certificate that is not trusted', async () => {
  const port = await serve(createHttpsServer({ key: certificate.key, cert: certificate.cert }));
  expect(await findReasons(`https://127.0.0.1:${port}`)).toEqual(['DEPTH_ZERO_SELF_SIGNED_CERT']);
});

it('logs that the queue of spans is full', async () => {
  vi.stubEnv('OTEL_BSP_MAX_QUEUE_SIZE', '1');
  vi.stubEnv('OTEL_BSP_MAX_EXPORT_BATCH_SIZE', '1');
  const endpoint = `http://127.0.0.1:${await serve(createServer())}`;
  await findReasons(endpoint, (reasons) => reasons.includes('QUEUE_FULL'));
});

it('logs the name of a variable that is invalid', async () => {
  vi.stubEnv('OTEL_TRACES_SAMPLER', 'canary');
  expect(await findReasons(`http://127.0.0.1:${await serve(createServer())}`)).toEqual(['OTEL_TRACES_SAMPLER']);
});
