import type { CommandDef } from 'citty';
import type { Logger } from 'pino';

import { API_GENERATIONS, type ApiGeneration } from '../../platform/paths.js';
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
import { runUntilSignal } from '../run-until-signal.js';

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
    const envelope = args['envelope'] === 'nested' ? 'nested' : 'siblings';
    await runUntilSignal(logger, async () => {
      const { apiUrl, close } = await openSandbox(
        createSandbox({ generation, envelope, onRequest: (request) => logSandboxRequest(logger, request) }),
        { port: sandboxPort, host },
      );
      process.stdout.write(toWelcome(apiUrl, generation));
      return close;
    });
  },
};

function toWelcome(apiUrl: string, generation: ApiGeneration): string {
  const { publishableKey, secretKey } = SANDBOX_CREDENTIALS;
  const path = API_GENERATIONS[generation].user.replace('{user_id}', 'alice').replace('{connector_slug}', 'slack');
  return `
  Sandbox Platform API   ${apiUrl}

  Alice's connection to Slack:

curl -s -u ${publishableKey}:${secretKey} ${apiUrl}${path}

  Ctrl+C stops it.

`;
}

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
