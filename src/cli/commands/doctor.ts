import type { CommandDef } from 'citty';
import { readEnvironment } from '../../server/config/configuration.js';
import { type Outcome, renderOutcome, renderSummary, runChecks } from '../doctor/check.js';
import { createChecks } from '../doctor/checks.js';
import { readUsableConfiguration } from '../doctor/configuration.js';
import { createProgress } from '../progress.js';
import { readVersion } from '../version.js';

/** Checks the configuration and environment of `serve`, and shows how to fix each problem. */
export const doctor: CommandDef = {
  meta: {
    name: 'doctor',
    description: 'Checks everything that serve needs, and shows how to fix each problem. Changes nothing',
  },
  args: {
    json: { type: 'boolean', description: 'Prints JSON: version, ok, checks' },
  },
  async run({ args }) {
    const isJson = args['json'] === true;
    const environment = readEnvironment();
    const usable = readUsableConfiguration(environment);
    const progress = createProgress();
    const outcomes = await runChecks(createChecks(usable, environment), usable.broken, {
      onWait: ({ title }) => progress.show(title),
      onOutcome: (outcome) => {
        progress.clear();
        if (!isJson) process.stdout.write(renderOutcome(outcome));
      },
    });
    const exitCode = toExitCode(outcomes);
    process.exitCode = exitCode;
    process.stdout.write(
      isJson
        ? `${JSON.stringify({ version: readVersion(), ok: exitCode === 0, checks: outcomes }, null, 2)}\n`
        : renderSummary(outcomes, exitCode),
    );
  },
};

/** Returns 2 for invalid variables, 1 for any other failure, else 0. */
function toExitCode(outcomes: readonly Outcome[]): 0 | 1 | 2 {
  const failures = outcomes.filter(({ result }) => result === 'failed');
  if (failures.some(({ id }) => id === 'configuration')) return 2;
  return failures.length > 0 ? 1 : 0;
}
