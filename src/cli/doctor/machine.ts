import { createServer } from 'node:net';
import { DEFAULT_API_URL } from '../../platform/client.js';
import { CLOCK_TOLERANCE_S } from '../../server/auth/json-web-token.js';
import { loadRedis } from '../../server/auth/rate-limit.js';
import { PolicyFileError } from '../../server/auth/policy-file.js';
import type { ServeConfiguration } from '../../server/config/configuration.js';
import { ConfigurationError } from '../../server/config/environment.js';
import { requireGraphiql } from '../../server/graphiql/graphiql.js';
import { loadCreateSchema } from '../../server/graphql/composition.js';
import { toListenError, toOrigin } from '../../server/http/listen.js';
import { findTracing, loadSdk } from '../../server/telemetry/open-tracing.js';
import { type Check, failed, ok, skipped, warning } from './check.js';
import type { UsableConfiguration } from './configuration.js';
import type { PolicyReading } from './policy.js';

/** When the long-term support of each major version of Node ends: https://github.com/nodejs/Release. */
const ENDS: Readonly<Record<number, string>> = { 20: '2026-04-30', 22: '2027-04-30', 24: '2028-04-30' };
const OLDEST = [20, 19] as const;

/** Checks the version of Node. */
export const nodeCheck: Check = {
  id: 'node',
  title: 'Node',
  run: () => {
    const version = process.versions.node;
    const [major = 0, minor = 0] = version.split('.').map(Number);
    const advice = 'Install Node 24.';
    if (major < OLDEST[0] || (major === OLDEST[0] && minor < OLDEST[1])) {
      return failed(`Node ${version} is too old: this program needs Node ${OLDEST.join('.')} or later.`, advice);
    }
    const end = ENDS[major];
    if (end !== undefined && Date.now() > Date.parse(end)) {
      return warning(`Node ${version} no longer gets security updates: its support ended on ${end}.`, advice);
    }
    return ok(`The version is ${version}.`);
  },
};

/** Checks whether the optional packages that some variables need are installed. */
export function createPackagesCheck({ composition, graphiql, traces, redisUrl }: ServeConfiguration): Check {
  return {
    id: 'packages',
    title: 'Optional packages',
    run: async () => {
      const needed = [
        ...(composition.federation ? [loadCreateSchema(composition)] : []),
        ...(graphiql ? [requireGraphiql()] : []),
        ...(redisUrl === undefined ? [] : [loadRedis()]),
        ...(traces && (await findTracing()) === null ? [loadSdk()] : []),
      ];
      const problems = (await Promise.allSettled(needed)).flatMap((result) => {
        if (result.status === 'fulfilled') return [];
        if (result.reason instanceof ConfigurationError) return result.reason.problems;
        throw result.reason;
      });
      if (problems.length > 0) return failed(problems, 'Install these packages next to xkit-graphql.');
      return ok(needed.length === 0 ? 'No optional package is needed.' : 'All needed packages are installed.');
    },
  };
}

interface Port extends Pick<Check, 'id' | 'title'> {
  readonly host: string;
  readonly port: number;
  readonly variable: string;
  /** A path that identifies a gateway, and a pattern of its response. */
  readonly path: string;
  readonly sign: RegExp;
}

/** Checks whether the ports are free, or a gateway uses them already. */
export function createPortChecks({ host, port, metricsPort }: ServeConfiguration): Check[] {
  const own: Port = {
    id: 'port',
    title: 'Port',
    host,
    port,
    variable: 'PORT',
    path: '/ready',
    sign: /^\{"status":"(?:ready|not-ready)",.*"platform":"(?:up|down)"\}$/,
  };
  if (metricsPort === null) return [createPortCheck(own)];
  const metrics: Port = {
    id: 'metrics-port',
    title: 'Metrics port',
    host,
    port: metricsPort,
    variable: 'XKIT_METRICS_PORT',
    path: '/metrics',
    sign: /^# HELP xkit_graphql_/m,
  };
  return [createPortCheck(own), createPortCheck(metrics)];
}

function createPortCheck(wanted: Port): Check {
  const { id, title, host, port, variable } = wanted;
  return {
    id,
    title,
    variables: [variable, 'HOST'],
    run: async (signal) => {
      const error = await tryToListen(host, port);
      if (error === null) return ok(port === 0 ? `${host} has a free port.` : `Port ${port} on ${host} is free.`);
      if (error.code === 'EADDRINUSE' && (await isGateway(wanted, signal))) {
        return ok(`A gateway is running at port ${port} on ${host}.`);
      }
      const { problem, advice } = toListenError(error, host, port, variable);
      return failed(problem, advice);
    },
  };
}

function tryToListen(host: string, port: number): Promise<NodeJS.ErrnoException | null> {
  return new Promise((resolve) => {
    const server = createServer((socket) => socket.destroy());
    server.once('error', resolve);
    server.listen(port, host, () => server.close(() => resolve(null)));
  });
}

async function isGateway({ host, port, path, sign }: Port, signal: AbortSignal): Promise<boolean> {
  // A server that listens on every address also answers on the loopback address.
  const name = host === '0.0.0.0' || host === '::' ? 'localhost' : host;
  try {
    const response = await fetch(toOrigin(name, port) + path, { redirect: 'manual', signal });
    return response.ok && sign.test(await response.text());
  } catch {
    return false;
  }
}

/** Above this many seconds, a wrong clock is a failure: tokens that live for minutes are rejected. */
const MAX_SKEW_S = 60;

/** Timeout of reading one clock, in milliseconds. Shorter than a check's, so that a slow server hides no other. */
const CLOCK_TIMEOUT_MS = 4_000;

interface Clock {
  readonly name: string;
  readonly url: string;
}

/** Compares this machine's clock with those of the platform and the issuers, by the dates of their responses. */
export function createClockCheck({ configuration, broken }: UsableConfiguration, policy: PolicyReading): Check {
  const clocks: Clock[] = [
    ...(broken.has('XKIT_API_URL')
      ? []
      : [{ name: 'the platform', url: configuration.platform.apiUrl ?? DEFAULT_API_URL }]),
    ...(policy instanceof PolicyFileError ? [] : policy.issuers.map(({ id, jwks }) => ({ name: id, url: jwks }))),
  ];
  return {
    id: 'clock',
    title: 'Clock',
    run: async () => {
      const skews = (await Promise.all(clocks.map(readSkew))).filter((skew) => skew !== null);
      if (skews.length === 0) return skipped('No server sent a date for a comparison.');
      const wrong = skews.filter(({ seconds }) => Math.abs(seconds) > CLOCK_TOLERANCE_S);
      if (wrong.length === 0)
        return ok(`This machine's clock agrees with: ${skews.map(({ name }) => name).join(', ')}.`);
      const found = wrong.map(({ name, seconds }) => {
        const side = seconds > 0 ? 'behind' : 'ahead of';
        return `This machine's clock is ${Math.abs(seconds)} s ${side} the clock of ${name}.`;
      });
      const advice =
        `Synchronize this machine's clock with NTP; timedatectl shows whether it is synchronized. JSON Web Tokens and keys expire by this clock, with a tolerance of ${CLOCK_TOLERANCE_S} s.` +
        (wrong.length < skews.length ? ' Other servers agree with this clock, so the other clock may be wrong.' : '');
      const isFailure = wrong.some(({ seconds }) => Math.abs(seconds) > MAX_SKEW_S);
      return (isFailure ? failed : warning)(found, advice);
    },
  };
}

/** Reads how many seconds a server's clock is ahead of ours; null without a date. Sends no credentials. */
async function readSkew({ name, url }: Clock): Promise<{ name: string; seconds: number } | null> {
  const signal = AbortSignal.timeout(CLOCK_TIMEOUT_MS);
  const sentAt = Date.now();
  try {
    const { headers } = await fetch(url, { method: 'HEAD', redirect: 'manual', signal });
    const receivedAt = Date.now();
    // A cache sends the age of its response, in seconds.
    const theirs = Date.parse(headers.get('date') ?? '') + Number(headers.get('age') ?? 0) * 1_000;
    if (Number.isNaN(theirs)) return null;
    // The date has whole seconds, and the server set it at some time between request and response.
    const earliest = theirs - receivedAt;
    const latest = theirs + 1_000 - sentAt;
    const skewMs = earliest > 0 ? earliest : Math.min(latest, 0);
    return { name, seconds: Math.round(skewMs / 1_000) };
  } catch {
    return null;
  }
}
