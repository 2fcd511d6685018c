import type { Logger } from 'pino';

/** A running program that signals can reload or close. */
export interface Running {
  close(): Promise<void>;
  /** Called on SIGHUP to read changed files again. Without it, SIGHUP acts like SIGTERM. */
  reload?(): Promise<void>;
}

/**
 * Starts a program, waits for SIGTERM or SIGINT, and closes the program. A second signal ends the process immediately.
 * Rejects if the program cannot start.
 *
 * @param start starts the program; a signal that arrives before it ends takes effect after it
 */
export async function runUntilSignal(logger: Logger, start: () => Promise<Running>): Promise<void> {
  const signalled = nextSignal();
  const starting = start();
  const hangUp = async () => {
    const { reload } = await starting;
    return reload ? reload() : process.kill(process.pid, 'SIGTERM');
  };
  // If the start fails, the process ends and reports the reason, so the error is dropped here.
  process.on('SIGHUP', () => void hangUp().catch(() => undefined));
  const running = await starting;
  const signal = await signalled;
  void nextSignal().then(() => process.exit(1));
  logger.info({ event: 'stopping', signal }, `stopping on ${signal}`);
  await running.close();
  logger.info({ event: 'stopped' }, 'stopped');
  // Does not wait for pending work: a trace collector that does not respond would delay the end.
  process.exit(0);
}

function nextSignal(): Promise<NodeJS.Signals> {
  return new Promise((resolve) => {
    process.once('SIGTERM', resolve);
    process.once('SIGINT', resolve);
  });
}
