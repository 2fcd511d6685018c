import type { SandboxStore } from '../../src/sandbox/store.js';

/** What a right answer about somebody holds. */
export interface Expected {
  readonly state: string;
  /** Null where there is a repair link instead. */
  readonly token: string | null;
}

/** Users of each kind. */
const USERS = 2_000;

const KINDS = [
  { prefix: 'active', state: 'ACTIVE', connection: { enabled: true, status: 'active' } },
  { prefix: 'revoked', state: 'NEEDS_REPAIR', connection: { enabled: true, status: 'error' } },
  { prefix: 'pending', state: 'PENDING', connection: { enabled: true, status: 'awaiting_callback' } },
  { prefix: 'disabled', state: 'NOT_ENABLED', connection: { enabled: false, status: 'active' } },
  { prefix: 'unknown', state: 'NOT_FOUND', connection: null },
] as const;

/** Everybody that is asked about, and what there is to say about each. */
export const people: ReadonlyMap<string, Expected> = new Map(
  KINDS.flatMap(({ prefix, state }) =>
    Array.from({ length: USERS }, (_, index): [string, Expected] => {
      const id = `${prefix}-${index}`;
      return [id, { state, token: state === 'ACTIVE' ? `sandbox-${id}-slack-1-token-1` : null }];
    }),
  ),
);

/** One who is never answered about. */
export const HANGING = 'hanging';

/** Connects everybody, as the platform has to know them. */
export function connectPeople(store: SandboxStore): void {
  for (const { prefix, connection } of KINDS) {
    if (!connection) continue;
    for (let index = 0; index < USERS; index += 1) store.setConnections(`${prefix}-${index}`, 'slack', [connection]);
  }
}
