import { setTimeout } from 'node:timers/promises';
import type { Logger } from 'pino';

/** A running program that signals can reload or close. */
export interface Running {
  close(): Promise<void>;
  /** Called at the beginning of the drain delay, so that load balancers send no more requests. */
  announceClose?(): void;
  /** Called on SIGHUP to read changed files again. Without it, SIGHUP acts like SIGTERM. */
  reload?(): Promise<void>;
}

/**
 * Starts a program, waits for SIGTERM or SIGINT, and closes the program. After SIGTERM, it waits for the drain delay
 * first. Another signal ends the delay, and a signal after the delay ends the process immediately. Rejects if the
 * program cannot start.
 *
 * @param start starts the program; a signal that arrives before it ends takes effect after it
 * @param drainDelayMs time between SIGTERM and the end of the program, in milliseconds
 */
export async function runUntilSignal(logger: Logger, start: () => Promise<Running>, drainDelayMs = 0): Promise<void> {
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
  if (signal === 'SIGTERM' && drainDelayMs > 0) {
    const ended = nextSignal();
    running.announceClose?.();
    logger.info({ event: 'drain-delay', signal, delayMs: drainDelayMs }, `stopping in ${drainDelayMs} ms on ${signal}`);
    await Promise.race([ended, setTimeout(drainDelayMs)]);
  }
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
