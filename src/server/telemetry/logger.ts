import { pino, type Logger } from 'pino';
import type { LogLevel } from '../config/variables.js';

/**
 * Creates the logger: JSON lines on standard output.
 *
 * What is logged is an allow-list: flat objects made for the log. Nothing hands it a request, a header, variables,
 * a result, the configuration or a foreign error, since pino's redaction reaches only paths that are known in advance.
 */
export function createLogger(level: LogLevel): Logger {
  return pino({ level, base: null, timestamp: pino.stdTimeFunctions.isoTime });
}

/** Creates the logger of `dev`: lines for people, where pino-pretty is installed. */
export async function createDevLogger(level: LogLevel): Promise<Logger> {
  const pretty = await import('pino-pretty').catch(() => null);
  if (pretty === null) return createLogger(level);
  return pino({ level, base: null }, pretty.default({ hideObject: true, translateTime: 'HH:MM:ss', sync: true }));
}
