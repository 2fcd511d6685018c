import type { Logger } from 'pino';

/**
 * Starts something, runs until SIGTERM or SIGINT, then closes it; a second signal ends the process at once.
 *
 * @param start gives the function that closes what it started. A signal that comes before it is done waits for it
 */
export async function runUntilSignal(logger: Logger, start: () => Promise<() => Promise<void>>): Promise<void> {
  const signalled = nextSignal();
  const close = await start();
  const signal = await signalled;
  void nextSignal().then(() => process.exit(1));
  logger.info({ event: 'stopping', signal }, `stopping on ${signal}`);
  await close();
  logger.info({ event: 'stopped' }, 'stopped');
}

function nextSignal(): Promise<NodeJS.Signals> {
  return new Promise((resolve) => {
    process.once('SIGTERM', resolve);
    process.once('SIGINT', resolve);
  });
}
