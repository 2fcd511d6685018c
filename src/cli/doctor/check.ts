import { styleText } from 'node:util';
import { describeError } from '../../server/telemetry/describe-error.js';

/** How a check ended. */
export type CheckResult = 'ok' | 'warning' | 'failed' | 'skipped';

/** The finding of a check. */
export interface Finding {
  readonly result: CheckResult;
  /** Our own sentences, without secrets or text of other programs. */
  readonly found: readonly string[];
  /** What to do, or null. */
  readonly advice: string | null;
}

/** Checks one thing, and changes nothing. */
export interface Check {
  /** Names the check in JSON. */
  readonly id: string;
  /** Names the check to people. */
  readonly title: string;
  /** Environment variables that the check needs. If one is invalid, the check is skipped. @default none */
  readonly variables?: readonly string[] | undefined;
  /** Ids of earlier checks. Unless all have passed, the check is skipped. @default none */
  readonly after?: readonly string[] | undefined;
  /** @param signal aborts when the check times out */
  run(signal: AbortSignal): Finding | Promise<Finding>;
}

/** A check that has ended. */
export interface Outcome extends Finding, Pick<Check, 'id' | 'title'> {
  readonly ms: number;
}

/** Creates the finding of a check without problems. */
export function ok(found: string): Finding {
  return { result: 'ok', found: [found], advice: null };
}

/** Creates the finding of a possible or future problem. */
export function warning(found: string | readonly string[], advice: string): Finding {
  return { result: 'warning', found: [found].flat(), advice };
}

/** Creates the finding of a problem. */
export function failed(found: string | readonly string[], advice: string | null): Finding {
  return { result: 'failed', found: [found].flat(), advice };
}

/** Creates the finding of a check that did not run, with the reason. */
export function skipped(reason: string): Finding {
  return { result: 'skipped', found: [reason], advice: null };
}

/** Timeout of one check, in milliseconds. At most four checks wait for each other. */
const CHECK_TIMEOUT_MS = 5_000;

interface Listener {
  /** Called before the outcome of a check is awaited. */
  onWait(check: Check): void;
  onOutcome(outcome: Outcome): void;
}

/**
 * Runs independent checks concurrently, and reports all checks in their order.
 *
 * @param broken invalid environment variables
 */
export async function runChecks(
  checks: readonly Check[],
  broken: ReadonlySet<string>,
  { onWait, onOutcome }: Listener,
): Promise<Outcome[]> {
  const running = new Map<string, Promise<Outcome>>();
  const findObstacle = async ({ variables = [], after = [] }: Check): Promise<string | null> => {
    if (variables.some((name) => broken.has(name)))
      return "Skipped because of an invalid variable: see 'Configuration'.";
    for (const id of after) {
      const outcome = await running.get(id);
      const hasPassed = outcome?.result === 'ok' || outcome?.result === 'warning';
      if (outcome && !hasPassed) return `Skipped because '${outcome.title}' did not pass.`;
    }
    return null;
  };
  const run = async (check: Check): Promise<Outcome> => {
    const obstacle = await findObstacle(check);
    const startedAt = performance.now();
    const finding = obstacle === null ? await runWithTimeout(check) : skipped(obstacle);
    return { id: check.id, title: check.title, ...finding, ms: Math.round(performance.now() - startedAt) };
  };
  for (const check of checks) running.set(check.id, run(check));
  const outcomes: Outcome[] = [];
  for (const check of checks) {
    onWait(check);
    const outcome = await running.get(check.id);
    if (!outcome) continue;
    onOutcome(outcome);
    outcomes.push(outcome);
  }
  return outcomes;
}

async function runWithTimeout(check: Check): Promise<Finding> {
  const aborter = new AbortController();
  let timer: NodeJS.Timeout | undefined;
  const timeout = new Promise<Finding>((resolve) => {
    timer = setTimeout(() => {
      resolve(
        failed(
          `No response arrived within ${CHECK_TIMEOUT_MS / 1_000} s.`,
          'Check that the other side is running, and that no firewall or proxy blocks the connection.',
        ),
      );
      aborter.abort();
    }, CHECK_TIMEOUT_MS);
  });
  try {
    return await Promise.race([check.run(aborter.signal), timeout]);
  } catch (error) {
    // Without the message, which may quote a secret.
    return failed(`The check itself failed: ${describeError(error).error}.`, 'Please report this.');
  } finally {
    clearTimeout(timer);
  }
}

const MARKS = { ok: '✓', warning: '!', failed: '✗', skipped: '–' } as const;
const COLORS = { ok: 'green', warning: 'yellow', failed: 'red', skipped: 'gray' } as const;
const TITLE_WIDTH = 28;

/** Formats an outcome for people: each finding on a line, then the advice. Only a terminal gets colors. */
export function renderOutcome({ title, result, found, advice }: Outcome): string {
  const lines = [...found, ...(advice === null ? [] : [`→ ${advice}`])];
  const mark = styleText(COLORS[result], MARKS[result]);
  const indent = ' '.repeat(TITLE_WIDTH + 4);
  return `  ${mark} ${title.padEnd(TITLE_WIDTH)}${lines.join(`\n${indent}`)}\n`;
}

/** Formats the number of outcomes of each kind, and the exit code. */
export function renderSummary(outcomes: readonly Outcome[], exitCode: number): string {
  const count = (result: CheckResult) => outcomes.filter((outcome) => outcome.result === result).length;
  const [failures, warnings, skips] = [count('failed'), count('warning'), count('skipped')];
  const counts = [
    ...(failures > 0 ? [`${failures} failed`] : []),
    ...(warnings > 0 ? [`${warnings} ${warnings === 1 ? 'warning' : 'warnings'}`] : []),
    ...(skips > 0 ? [`${skips} skipped`] : []),
    `${count('ok')} ok`,
  ];
  return `\n${counts.join(', ')}. Exit code ${exitCode}.\n`;
}
