import type { CommandDef } from 'citty';
import type { Logger } from 'pino';

import {
  createSandbox,
  type ListeningSandbox,
  type LoggedRequest,
  type Sandbox,
  SANDBOX_CREDENTIALS,
} from '../../sandbox/index.js';
import { readDevConfiguration } from '../configuration.js';
import { toListenError } from '../listen.js';
import { createDevLogger } from '../logger.js';
import { untilSignal } from '../until-signal.js';

export const sandbox: CommandDef = {
  meta: { name: 'sandbox', description: 'Serves a Platform API with made-up people; not for production' },
  args: {
    envelope: {
      type: 'enum',
      options: ['siblings', 'nested'],
      default: 'siblings',
      description: 'Layout of a body: the parts side by side, or inside connection',
    },
  },
  async run({ args }) {
    const { host, sandboxPort, generation, logLevel } = readDevConfiguration(process.env);
    const logger = await createDevLogger(logLevel);
    const { apiUrl, close } = await openSandbox(
      createSandbox({
        generation,
        envelope: args['envelope'] === 'nested' ? 'nested' : 'siblings',
        onRequest: (request) => logSandboxRequest(logger, request),
      }),
      { port: sandboxPort, host },
    );
    const { publishableKey, secretKey } = SANDBOX_CREDENTIALS;
    process.stdout.write(`
  Sandbox Platform API   ${apiUrl}

curl -s -u ${publishableKey}:${secretKey} ${apiUrl}/${generation}/alice/${generation === 'connections' ? '' : 'connections/'}slack

  Ctrl+C stops it.

`);
    await untilSignal(logger, close);
  },
};

/**
 * Opens a sandbox's port.
 *
 * @throws {ListenError} if the port cannot be opened
 */
export async function openSandbox(
  { listen }: Sandbox,
  { host, port }: { readonly host: string; readonly port: number },
): Promise<ListeningSandbox> {
  return await listen({ host, port }).catch((error: NodeJS.ErrnoException) => {
    throw toListenError(error, host, port, 'SANDBOX_PORT');
  });
}

/** Logs a request that the sandbox answered: the path and whose Basic credentials came with it. */
export function logSandboxRequest(logger: Logger, { method, path, status, ...credentials }: LoggedRequest): void {
  const basic = credentials.publishableKey === null ? 'no credentials' : `Basic ${credentials.publishableKey}:…`;
  logger.info(
    { event: 'sandbox-request', method, path, status, authorized: credentials.authorized },
    `sandbox: ${method} ${path} (${basic}) → ${status ?? 'connection closed'}`,
  );
}
