import { startProcess, type TestGateway } from './gateway.js';
import { until } from './until.js';

/** A line of the log. */
export type LogLine = Readonly<Record<string, unknown>> & { readonly event: string; readonly pid?: number };

/** A gateway of several processes. */
export interface TestWorkers extends TestGateway {
  /** The log's lines of an event so far. */
  lines(event: string): LogLine[];
  /** The processes that have begun to take requests so far, the oldest first. */
  pids(): number[];
}

/** Starts `xkit-graphql serve --workers` over a sandbox. */
export async function startWithWorkers(count: number, environment: Record<string, string> = {}): Promise<TestWorkers> {
  const gateway = await startProcess(environment, {}, [], ['--workers', String(count)]);
  const lines = (event: string) =>
    gateway
      .output()
      .split('\n')
      .filter((line) => line.startsWith('{') && line.endsWith('}'))
      .map((line) => JSON.parse(line) as LogLine)
      .filter((line) => line.event === event);
  const pids = () => lines('listening').map(({ pid }) => Number(pid));
  await until(() => pids().length === count);
  return { ...gateway, lines, pids };
}

/** Tells whether a process is there. */
export function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}
