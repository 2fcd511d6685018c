import type { SandboxStore } from '../../src/sandbox/store.js';

/** The expected response about a user. */
export interface Expected {
  readonly state: string;
  /** Null if there is a repair link instead. */
  readonly token: string | null;
}

/** Users per kind. */
const USERS = 2_000;

const KINDS = [
  { prefix: 'active', state: 'ACTIVE', connection: { enabled: true, status: 'active' } },
  { prefix: 'revoked', state: 'NEEDS_REPAIR', connection: { enabled: true, status: 'error' } },
  { prefix: 'pending', state: 'PENDING', connection: { enabled: true, status: 'awaiting_callback' } },
  { prefix: 'disabled', state: 'NOT_ENABLED', connection: { enabled: false, status: 'active' } },
  { prefix: 'unknown', state: 'NOT_FOUND', connection: null },
] as const;

/** The requested users, with the expected response for each. */
export const people: ReadonlyMap<string, Expected> = new Map(
  KINDS.flatMap(({ prefix, state }) =>
    Array.from({ length: USERS }, (_, index): [string, Expected] => {
      const id = `${prefix}-${index}`;
      return [id, { state, token: state === 'ACTIVE' ? `sandbox-${id}-slack-1-token-1` : null }];
    }),
  ),
);

/** A user for whom the platform never responds. */
export const HANGING = 'hanging';

/** Adds the users' connections to the platform. */
export function connectPeople(store: SandboxStore): void {
  for (const { prefix, connection } of KINDS) {
    if (!connection) continue;
    for (let index = 0; index < USERS; index += 1) store.setConnections(`${prefix}-${index}`, 'slack', [connection]);
  }
}
