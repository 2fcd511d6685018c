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
import { readDevConfiguration } from '../../server/config/configuration.js';
import { toListenError } from '../../server/http/listen.js';
import { createDevLogger } from '../../server/telemetry/logger.js';
import { runUntilSignal } from '../../server/signals.js';

/** Serves only the sandbox. */
export const sandbox: CommandDef = {
  meta: { name: 'sandbox', description: 'Serves an emulated Platform API with made-up people. Not for production' },
  args: {
    envelope: {
      type: 'enum',
      options: ['siblings', 'nested'],
      default: 'siblings',
      description: 'Layout of a response body: the parts side by side, or inside connection',
    },
  },
  async run({ args }) {
    const { host, sandboxPort, generation, logLevel } = readDevConfiguration();
    const logger = await createDevLogger(logLevel);
    const envelope = args['envelope'] === 'nested' ? 'nested' : 'siblings';
    await runUntilSignal(logger, async () => {
      const { url, apiUrl, close } = await openSandbox(
        createSandbox({ generation, envelope, onRequest: (request) => logSandboxRequest(logger, request) }),
        { port: sandboxPort, host },
      );
      process.stdout.write(toWelcome(url, apiUrl, generation));
      return { close };
    });
  },
};

function toWelcome(url: string, apiUrl: string, generation: ApiGeneration): string {
  const { publishableKey, secretKey } = SANDBOX_CREDENTIALS;
  const path = API_GENERATIONS[generation].user.replace('{user_id}', 'alice').replace('{connector_slug}', 'slack');
  return `
  Sandbox                ${url}/ in a browser: people, faults and requests
  Sandbox Platform API   ${apiUrl}

  Alice's connection to Slack:

curl -s -u ${publishableKey}:${secretKey} ${apiUrl}${path}

  To start a gateway over it, first create a policy file: npm run --silent build && node dist/cli/bin.js keys create --caller me > policy.yaml

XKIT_POLICY_FILE=policy.yaml XKIT_CATALOG_URL=${url} XKIT_API_URL=${apiUrl} XKIT_API_GENERATION=${generation} \\
  XKIT_PUBLISHABLE_KEY=${publishableKey} XKIT_SECRET_KEY=${secretKey} npm start

  Ctrl+C stops the sandbox.

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

/** Logs a request to the sandbox: its path, and whether its Basic credentials were valid. */
export function logSandboxRequest(logger: Logger, { method, path, credentials, status }: LoggedRequest): void {
  logger.info(
    { event: 'sandbox-request', method, path, credentials, status },
    `sandbox: ${method} ${path} → ${status ?? 'connection closed'} (Basic credentials: ${credentials})`,
  );
}
