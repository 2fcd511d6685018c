import { pino, type Logger } from 'pino';
import type { LogLevel } from '../config/variables.js';

/**
 * Creates the logger, which writes JSON lines to standard output. Log only flat objects made for the log, never a
 * request, header, variables, result, configuration or foreign error: pino redacts only paths known in advance.
 */
export function createLogger(level: LogLevel): Logger {
  return pino({ level, base: null, timestamp: pino.stdTimeFunctions.isoTime });
}

/** Creates the logger of `dev`, which writes human-readable lines if pino-pretty is installed. */
export async function createDevLogger(level: LogLevel): Promise<Logger> {
  const pretty = await import('pino-pretty').catch(() => null);
  if (pretty === null) return createLogger(level);
  return pino({ level, base: null }, pretty.default({ hideObject: true, translateTime: 'HH:MM:ss', sync: true }));
}
