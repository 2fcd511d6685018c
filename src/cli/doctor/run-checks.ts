import { describeError } from '../../server/telemetry/describe-error.js';
import { type Check, failed, type Finding, hasPassed, type Outcome, skipped } from './check.js';

/** How long one check may take, in milliseconds. No more than four wait for each other. */
const CHECK_TIMEOUT_MS = 5_000;

/** Is told of each check in turn. */
interface Listener {
  /** Is told which check is waited for. */
  onWait(check: Check): void;
  onOutcome(outcome: Outcome): void;
}

/**
 * Makes checks at the same time, as far as they do not need each other, and tells of them in their order.
 *
 * @param broken environment variables that have no value which could be used
 */
export async function runChecks(
  checks: readonly Check[],
  broken: ReadonlySet<string>,
  { onWait, onOutcome }: Listener,
): Promise<Outcome[]> {
  const running = new Map<string, Promise<Outcome>>();
  const run = async (check: Check): Promise<Outcome> => {
    const hindrance = findBroken(check, broken) ?? (await findHindrance(check, running));
    const beganAt = performance.now();
    const finding = hindrance === null ? await runInTime(check) : skipped(hindrance);
    return { id: check.id, title: check.title, ...finding, ms: Math.round(performance.now() - beganAt) };
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

function findBroken({ variables = [] }: Check, broken: ReadonlySet<string>): string | null {
  return variables.some((name) => broken.has(name)) ? "A variable that it needs is wrong: see 'Configuration'." : null;
}

async function findHindrance(
  { after = [] }: Check,
  running: ReadonlyMap<string, Promise<Outcome>>,
): Promise<string | null> {
  for (const id of after) {
    const outcome = await running.get(id);
    if (outcome && !hasPassed(outcome)) return `Needs '${outcome.title}' to pass first.`;
  }
  return null;
}

async function runInTime(check: Check): Promise<Finding> {
  const aborter = new AbortController();
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<Finding>((resolve) => {
    timer = setTimeout(() => {
      resolve(toLate());
      aborter.abort();
    }, CHECK_TIMEOUT_MS);
  });
  try {
    return await Promise.race([check.run(aborter.signal), late]);
  } catch (error) {
    // Not its message: that may quote a secret.
    return failed(`The check itself failed: ${describeError(error).error}.`, 'Please report this.');
  } finally {
    clearTimeout(timer);
  }
}

function toLate(): Finding {
  return failed(
    `There was no answer within ${CHECK_TIMEOUT_MS / 1_000} s.`,
    'See whether the other side runs, and whether a firewall or a proxy is in between.',
  );
}
