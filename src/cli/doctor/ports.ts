import { createServer } from 'node:net';

import type { ServeConfiguration } from '../../server/config/configuration.js';
import { toListenError, toOrigin } from '../../server/http/listen.js';
import { type Check, failed, ok } from './check.js';

interface Port {
  readonly host: string;
  readonly port: number;
  readonly portVariable: string;
  /** A path that a gateway answers, and how. */
  readonly sign: { readonly path: string; readonly text: RegExp };
}

/** Looks whether the ports are free, or a gateway has them already. */
export function createPortChecks({ host, port, metricsPort }: ServeConfiguration): Check[] {
  const own = { path: '/ready', text: /^\{"status":"ready","platform":"(?:up|down)"\}$/ };
  const metrics = { path: '/metrics', text: /^# HELP xkit_graphql_/m };
  return [
    createPortCheck('port', 'Port', { host, port, portVariable: 'PORT', sign: own }),
    ...(metricsPort === null
      ? []
      : [
          createPortCheck('metrics-port', 'Port of the metrics', {
            host,
            port: metricsPort,
            portVariable: 'XKIT_METRICS_PORT',
            sign: metrics,
          }),
        ]),
  ];
}

function createPortCheck(id: string, title: string, where: Port): Check {
  const { host, port, portVariable } = where;
  return {
    id,
    title,
    variables: [portVariable, 'HOST'],
    run: async (signal) => {
      const error = await tryToListen(host, port);
      if (error === null) return ok(port === 0 ? `${host} has a free port.` : `Port ${port} on ${host} is free.`);
      if (error.code === 'EADDRINUSE' && (await isGateway(where, signal))) {
        return ok(`A gateway is running at port ${port} on ${host}.`);
      }
      const { problem, advice } = toListenError(error, host, port, portVariable);
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

async function isGateway({ host, port, sign }: Port, signal: AbortSignal): Promise<boolean> {
  // What listens on every address answers on the loopback one.
  const name = host === '0.0.0.0' || host === '::' ? 'localhost' : host;
  try {
    const response = await fetch(toOrigin(name, port) + sign.path, { redirect: 'manual', signal });
    return response.ok && sign.text.test(await response.text());
  } catch {
    return false;
  }
}
