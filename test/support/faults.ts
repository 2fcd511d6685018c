import { parse } from 'graphql';

import { startProcess, type TestGateway } from './gateway.js';

/** Starts a gateway that handles failures as it does by default. */
export async function startResilient(environment: Record<string, string> = {}): Promise<TestGateway> {
  return startProcess({ XKIT_MAX_RETRIES: '', ...environment });
}

const STATE = parse('query State($userId: ID!) { userConnection(userId: $userId, connectorSlug: "slack") { state } }');

/** The outcome of a lookup. */
export interface Outcome {
  /** Null if the lookup failed. */
  readonly state: string | null;
  readonly code: string | null;
  readonly ms: number;
  readonly retryAfterMs: number | undefined;
}

/** Queries the state of a user's Slack connection. */
export async function ask(gateway: TestGateway, userId: string): Promise<Outcome> {
  const startedAt = performance.now();
  const { data, errors } = await gateway.send<{ userConnection: { state: string } | null }, object>(STATE, { userId });
  const { code = null, retryAfterMs } = errors[0]?.extensions ?? {};
  return {
    state: data?.userConnection?.state ?? null,
    code: code as string | null,
    ms: performance.now() - startedAt,
    retryAfterMs: retryAfterMs as number | undefined,
  };
}

/** Connects users to Slack, and returns their ids. */
export function connectUsers(gateway: TestGateway, prefix: string, count: number): string[] {
  const ids = Array.from({ length: count }, (_, index) => `${prefix}-${index}`);
  for (const id of ids) gateway.sandbox.store.setConnections(id, 'slack', [{ enabled: true, status: 'active' }]);
  return ids;
}

/** Prints a figure that a test has measured. */
export function printFigure(text: string): void {
  process.stdout.write(`${text}\n`);
}

/** Returns the value that this share of the values does not exceed. */
export function quantile(values: readonly number[], share: number): number {
  return values.toSorted((a, b) => a - b)[Math.ceil(values.length * share) - 1] ?? Number.NaN;
}
