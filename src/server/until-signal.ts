import type { Logger } from 'pino';

/** Runs until SIGTERM or SIGINT, then closes; a second signal ends the process at once. */
export async function untilSignal(logger: Logger, close: () => Promise<void>): Promise<void> {
  const signal = await new Promise<NodeJS.Signals>((resolve) => {
    for (const name of ['SIGTERM', 'SIGINT'] as const) {
      process.once(name, () => {
        resolve(name);
        process.once(name, () => process.exit(1));
      });
    }
  });
  logger.info({ event: 'stopping', signal }, 'stopping');
  await close();
  logger.info({ event: 'stopped' }, 'stopped');
}
