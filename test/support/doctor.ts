import type { Outcome } from '../../src/server/doctor/check.js';
import { startCli } from './gateway.js';

/** What `xkit-graphql doctor --json` says. */
export interface Diagnosis {
  readonly code: number | null;
  readonly ok: boolean;
  readonly checks: Readonly<Record<string, Outcome>>;
  /** Everything that was printed. */
  readonly output: string;
}

/** Runs `xkit-graphql doctor --json`. Whatever it printed beside JSON would be an error. */
export async function diagnose(environment: Record<string, string>): Promise<Diagnosis> {
  const cli = startCli(['doctor', '--json'], environment);
  const code = await cli.ended;
  const output = cli.output();
  const { ok, checks } = JSON.parse(output) as { ok: boolean; checks: Outcome[] };
  return { code, ok, output, checks: Object.fromEntries(checks.map((check) => [check.id, check])) };
}

/** Lists how the checks ended that did not pass, and what is said of them. */
export function findingsOf({ checks }: Diagnosis): Record<string, string> {
  return Object.fromEntries(
    Object.entries(checks)
      // The tests run on lines of Node that have ended as well.
      .filter(([id, { result }]) => result !== 'ok' && id !== 'node')
      .map(([id, { result, found, advice }]) => [
        id,
        [`${result}:`, ...found, ...(advice ? ['→', advice] : [])].join(' '),
      ]),
  );
}
