import type { Logger } from 'pino';

/** Something that runs. */
export interface Running {
  close(): Promise<void>;
  /** Reads again what may have changed, on SIGHUP. Without it SIGHUP is another SIGTERM. */
  reload?(): Promise<void>;
}

/**
 * Starts something, runs until SIGTERM or SIGINT, then closes it; a second signal ends the process at once.
 * Rejects if it cannot start.
 *
 * @param start a signal that comes before it is done waits for it
 */
export async function runUntilSignal(logger: Logger, start: () => Promise<Running>): Promise<void> {
  const signalled = nextSignal();
  const starting = start();
  const hangUp = async () => {
    const { reload } = await starting;
    return reload ? reload() : process.kill(process.pid, 'SIGTERM');
  };
  // If the start fails the process ends, and says why.
  process.on('SIGHUP', () => void hangUp().catch(() => undefined));
  const running = await starting;
  const signal = await signalled;
  void nextSignal().then(() => process.exit(1));
  logger.info({ event: 'stopping', signal }, `stopping on ${signal}`);
  await running.close();
  logger.info({ event: 'stopped' }, 'stopped');
  // Not once nothing is left to do: a collector of traces that does not answer would hold it up.
  process.exit(0);
}

function nextSignal(): Promise<NodeJS.Signals> {
  return new Promise((resolve) => {
    process.once('SIGTERM', resolve);
    process.once('SIGINT', resolve);
  });
}
