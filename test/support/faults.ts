import { parse } from 'graphql';

import { startProcess, type TestGateway } from './gateway.js';

/** Starts a gateway that does about failures what it does unless it is told otherwise. */
export async function startResilient(environment: Record<string, string> = {}): Promise<TestGateway> {
  return startProcess({ XKIT_MAX_RETRIES: '', ...environment });
}

const STATE = parse('query State($userId: ID!) { userConnection(userId: $userId, connectorSlug: "slack") { state } }');

/** What came of a lookup. */
export interface Outcome {
  /** Null where there is an error. */
  readonly state: string | null;
  readonly code: string | null;
  readonly ms: number;
  readonly retryAfterMs: number | undefined;
}

/** Asks for a user's Slack. */
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

/** Connects users to Slack, and names them. */
export function connectUsers(gateway: TestGateway, prefix: string, count: number): string[] {
  const ids = Array.from({ length: count }, (_, index) => `${prefix}-${index}`);
  for (const id of ids) gateway.sandbox.store.setConnections(id, 'slack', [{ enabled: true, status: 'active' }]);
  return ids;
}

/** Prints a figure that a test has measured, for whoever reads its output. */
export function printFigure(text: string): void {
  process.stdout.write(`${text}\n`);
}

/** The value below which this share of the values is. */
export function quantile(values: readonly number[], share: number): number {
  return values.toSorted((a, b) => a - b)[Math.ceil(values.length * share) - 1] ?? Number.NaN;
}
