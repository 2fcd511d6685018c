/** How a check ended. */
export type CheckResult = 'ok' | 'warning' | 'failed' | 'skipped';

/** What a check found. */
export interface Finding {
  readonly result: CheckResult;
  /** Sentences of our own: no secret, and nothing that another program said. */
  readonly found: readonly string[];
  /** What to do about it; null where there is nothing to do. */
  readonly advice: string | null;
}

/** Looks at one thing, and changes nothing. */
export interface Check {
  /** Names it in JSON. */
  readonly id: string;
  /** Names it to people. */
  readonly title: string;
  /** Environment variables that it needs: it is skipped if there is a mistake in one. @default none */
  readonly variables?: readonly string[] | undefined;
  /** Ids of earlier checks: it is skipped unless they have passed. @default none */
  readonly after?: readonly string[] | undefined;
  /** @param signal aborts when its time is over */
  run(signal: AbortSignal): Finding | Promise<Finding>;
}

/** A check that has ended. */
export interface Outcome extends Finding, Pick<Check, 'id' | 'title'> {
  /** How long it took, in milliseconds. */
  readonly ms: number;
}

/** Says that all is well. */
export function ok(found: string): Finding {
  return { result: 'ok', found: [found], advice: null };
}

/** Says that something will be wrong, or may be. */
export function warning(found: string | readonly string[], advice: string): Finding {
  return { result: 'warning', found: [found].flat(), advice };
}

/** Says that something is wrong. */
export function failed(found: string | readonly string[], advice: string | null): Finding {
  return { result: 'failed', found: [found].flat(), advice };
}

/** Says why a check was not made. */
export function skipped(why: string): Finding {
  return { result: 'skipped', found: [why], advice: null };
}

/** Tells whether what comes after a check can be looked at. */
export function hasPassed({ result }: Finding): boolean {
  return result === 'ok' || result === 'warning';
}
