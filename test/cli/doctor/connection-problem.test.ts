import { spawn, spawnSync } from 'node:child_process';
import { lookup } from 'node:dns/promises';
import { once } from 'node:events';
import { get } from 'node:https';
import { connect, createServer, type Server, type Socket } from 'node:net';
import { connect as connectTls, createServer as createTlsServer } from 'node:tls';

import { Client } from 'undici';
import { afterAll, afterEach, expect, it } from 'vitest';

import { describeConnectionProblem } from '../../../src/cli/doctor/connection-problem.js';
import { connectOnce } from '../../../src/server/auth/rate-limit.js';
import { issueCertificate, type TestCertificate } from '../../support/certificate.js';
import { findFreePort } from '../../support/free-port.js';
import { listenUntilClosed } from '../../support/listen.js';

const PEER = { host: 'platform', namedBy: 'XKIT_API_URL' };
/** Describes a problem as the doctor does. */
const describeProblem = (error: unknown) => describeConnectionProblem(error, PEER).found[0];

/** Returns the error that a promise rejects with, and its code, which fetch nests. */
async function failureOf(promise: Promise<unknown>): Promise<{ error: unknown; code: unknown }> {
  const error: unknown = await promise.then(
    () => {
      throw new Error('The connection did not fail.');
    },
    (reason: unknown) => reason,
  );
  const { code, cause } = error as NodeJS.ErrnoException;
  return { error, code: code ?? (cause as NodeJS.ErrnoException | undefined)?.code };
}

const closing: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0)) await close();
});

const serve = (server: Server) => listenUntilClosed(server, closing);

/** Starts a server whose queue of connections is full, so that it does not respond to further ones. */
async function startFullServer(): Promise<number> {
  const script = `const server = require('net').createServer().listen({ port: 0, host: '127.0.0.1', backlog: 1 }, () => {
    require('fs').writeSync(1, String(server.address().port));
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0);
  });`;
  const child = spawn(process.execPath, ['-e', script], { stdio: ['ignore', 'pipe', 'inherit'] });
  closing.push(() => child.kill('SIGKILL'));
  const [port] = (await once(child.stdout, 'data')) as [Buffer];
  const fillers = Array.from({ length: 10 }, () => connect(Number(port), '127.0.0.1').on('error', () => undefined));
  closing.push(() => fillers.forEach((filler) => filler.destroy()));
  await once(fillers[0] as Socket, 'connect');
  return Number(port);
}

async function connectTo(port: number, host = '127.0.0.1'): Promise<void> {
  const socket = connect(port, host);
  closing.push(() => socket.destroy());
  await once(socket, 'close').then(() => undefined);
}

it('explains ENOTFOUND', async () => {
  // A label has at most 63 characters, so this host cannot exist in any DNS.
  const { error, code } = await failureOf(lookup(`${'a'.repeat(64)}.example`));
  expect([code, describeProblem(error)]).toEqual(['ENOTFOUND', 'The host platform does not exist.']);
});

it('explains ECONNREFUSED', async () => {
  const { error, code } = await failureOf(connectTo(await findFreePort()));
  expect([code, describeProblem(error)]).toEqual(['ECONNREFUSED', 'No server listens at platform.']);
});

it('explains ECONNRESET', async () => {
  const port = await serve(createServer((socket) => socket.resetAndDestroy()));
  const { error, code } = await failureOf(connectTo(port));
  expect([code, describeProblem(error)]).toEqual(['ECONNRESET', 'platform closed the connection.']);
});

it('explains EPIPE', async () => {
  const port = await serve(createServer((socket) => socket.destroy()));
  const socket = connect({ port, host: '127.0.0.1', allowHalfOpen: true }).pause();
  closing.push(() => socket.destroy());
  await once(socket, 'connect');
  const failed = once(socket, 'close');
  // The peer has closed the connection, and resets it at the first write. The kernel reports that to the next write.
  const write = () => {
    if (!socket.destroyed) socket.write('x', () => setTimeout(write, 20));
  };
  write();
  const { error, code } = await failureOf(failed);
  expect([code, describeProblem(error)]).toEqual(['EPIPE', 'platform closed the connection.']);
});

it('explains UND_ERR_SOCKET', async () => {
  const port = await serve(createServer((socket) => socket.once('data', () => socket.end())));
  const { error, code } = await failureOf(fetch(`http://127.0.0.1:${port}/`));
  expect([code, describeProblem(error)]).toEqual(['UND_ERR_SOCKET', 'platform closed the connection.']);
});

it('explains UND_ERR_CONNECT_TIMEOUT', async () => {
  const client = new Client(`http://127.0.0.1:${await startFullServer()}`, { connectTimeout: 1_000 });
  closing.push(() => client.destroy());
  const { error, code } = await failureOf(client.request({ method: 'GET', path: '/' }));
  expect([code, describeProblem(error)]).toEqual(['UND_ERR_CONNECT_TIMEOUT', 'platform does not respond.']);
});

it('explains ETIMEDOUT', async () => {
  const redis = await connectOnce(`redis://127.0.0.1:${await startFullServer()}`);
  closing.push(() => redis.disconnect());
  const failed = once(redis, 'error').then(([error]) => Promise.reject(error as Error));
  redis.connect().catch(() => undefined);
  const { error, code } = await failureOf(failed);
  expect([code, describeProblem(error)]).toEqual(['ETIMEDOUT', 'platform does not respond.']);
});

/** In a network of its own, a program can reach no DNS server and no other machine. */
const ISOLATED = ['-rn', 'sh', '-c', 'ip link set lo up && ip route add unreachable 203.0.113.0/24 && exec "$@"', 'sh'];
const canIsolate = spawnSync('unshare', [...ISOLATED, 'true']).status === 0;

it.skipIf(!canIsolate).each([
  ['EAI_AGAIN', 'The host name platform cannot be resolved: the DNS server does not respond.'],
  ['EHOSTUNREACH', 'This machine has no route to platform.'],
  ['ENETUNREACH', 'This machine has no route to platform.'],
])('explains %s', (code, problem) => {
  const hosts = { EAI_AGAIN: 'platform.example', EHOSTUNREACH: '203.0.113.1', ENETUNREACH: '198.51.100.1' };
  const script = `
    import { connect } from 'node:net';
    import { describeConnectionProblem } from './src/cli/doctor/connection-problem.ts';
    connect(443, '${hosts[code as keyof typeof hosts]}').on('error', (error) =>
      console.log(JSON.stringify([error.code, describeConnectionProblem(error, ${JSON.stringify(PEER)}).found[0]])));`;
  const command = [process.execPath, '--import', 'tsx', '--input-type=module', '-e', script];
  const { stdout, stderr } = spawnSync('unshare', [...ISOLATED, ...command], { encoding: 'utf8' });
  expect([stderr, JSON.parse(stdout || 'null')]).toEqual(['', [code, problem]]);
});

const HOST = 'IP:127.0.0.1';
const DAY_MS = 24 * 60 * 60_000;
const root = issueCertificate('DNS:root.example', { isAuthority: true });
const intermediate = issueCertificate('DNS:middle.example', { isAuthority: true, issuer: root });
const byRoot = issueCertificate(HOST, { issuer: root });
const byIntermediate = issueCertificate(HOST, { issuer: intermediate });
const selfSigned = issueCertificate(HOST, {});
const expired = issueCertificate(HOST, { issuer: root, startsAt: Date.now() - 5 * DAY_MS });
const future = issueCertificate(HOST, { issuer: root, startsAt: Date.now() + DAY_MS });
const otherHost = issueCertificate('DNS:platform.example', { issuer: root });
afterAll(() => {
  for (const one of [root, intermediate, byRoot, byIntermediate, selfSigned, expired, future, otherHost]) one.remove();
});

const SELF_SIGNED = (code: string) => `The certificate of platform is self-signed (${code}).`;
const UNTRUSTED = 'The certificate of platform is signed by an authority that this machine does not trust.';

it.each<[code: string, leaf: TestCertificate, sent: string, trusted: string[] | undefined, problem: string]>([
  ['DEPTH_ZERO_SELF_SIGNED_CERT', selfSigned, '', undefined, SELF_SIGNED('DEPTH_ZERO_SELF_SIGNED_CERT')],
  ['SELF_SIGNED_CERT_IN_CHAIN', byRoot, root.cert, undefined, SELF_SIGNED('SELF_SIGNED_CERT_IN_CHAIN')],
  ['UNABLE_TO_VERIFY_LEAF_SIGNATURE', byRoot, '', undefined, UNTRUSTED],
  ['UNABLE_TO_GET_ISSUER_CERT_LOCALLY', byIntermediate, intermediate.cert, undefined, UNTRUSTED],
  ['UNABLE_TO_GET_ISSUER_CERT', byIntermediate, '', [intermediate.cert], UNTRUSTED],
  ['CERT_HAS_EXPIRED', expired, '', [root.cert], 'The certificate of platform has expired.'],
  ['CERT_NOT_YET_VALID', future, '', [root.cert], 'The certificate of platform is not valid yet.'],
  ['ERR_TLS_CERT_ALTNAME_INVALID', otherHost, '', [root.cert], 'The certificate of platform is for another host.'],
])('explains %s', async (expected, { key, cert }, sent, trusted, problem) => {
  const port = await serve(createTlsServer({ key, cert: cert + sent }));
  const socket = connectTls({ host: '127.0.0.1', port, ca: trusted });
  const { error, code } = await failureOf(once(socket, 'secureConnect'));
  expect([code, describeProblem(error)]).toEqual([expected, problem]);
});

const NOT_TLS = 'platform does not speak TLS at this port.';
const PLAIN = 'HTTP/1.1 400 Bad Request\r\nConnection: close\r\n\r\n';

it.each([
  ['ERR_SSL_WRONG_VERSION_NUMBER', PLAIN],
  ['ERR_SSL_PACKET_LENGTH_TOO_LONG', '\u0016\u0003\u0001\u00ff\u00ff'],
])('explains %s', async (expected, answer) => {
  const port = await serve(createServer((socket) => socket.once('data', () => socket.write(answer, 'latin1'))));
  const { error, code } = await failureOf(once(connectTls({ host: '127.0.0.1', port }), 'secureConnect'));
  expect([code, describeProblem(error)]).toEqual([expected, NOT_TLS]);
});

it('explains EPROTO', async () => {
  const port = await serve(createServer((socket) => socket.once('data', () => socket.write(PLAIN))));
  const { error, code } = await failureOf(once(get(`https://127.0.0.1:${port}/`), 'response'));
  expect([code, describeProblem(error)]).toEqual(['EPROTO', NOT_TLS]);
});
