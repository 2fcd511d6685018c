import type { ExecutionResult } from 'graphql';
import { expect, it } from 'vitest';

import type { Caller } from '../../src/index.js';
import { parsePolicyFile } from '../../src/server/auth/policy-file.js';
import { codesOf } from './host.js';
import { type KEYS, POLICY } from './policy.js';

/** The name of a caller's key; null for a request without a key. */
export type Who = Exclude<keyof typeof KEYS, 'expired'> | null;

type Owner = ['user' | 'group', string];
type Field = 'state' | 'accessToken';
/** The error codes, the value of the field, and the number of requests that reach the platform. */
type Outcome = [codes: string[], shown: string | null, lookups: number];

const ALICE = 'sandbox-alice-slack-1-token-1';
const ACME = 'sandbox-carol-slack-1-token-1';

const forbidden: Outcome = [['FORBIDDEN'], null, 0];
const unauthenticated: Outcome = [['UNAUTHENTICATED'], null, 0];
const active: Outcome = [[], 'ACTIVE', 1];
/** The refused token causes no request. The one request is for the state beside it. */
const tokenForbidden: Outcome = [['FORBIDDEN'], null, 1];

/** The expected outcome for each caller of `POLICY`, owner, connector and field. */
const TABLE: readonly [who: Who, owner: Owner, connectorSlug: string, field: Field, outcome: Outcome][] = [
  [null, ['user', 'alice'], 'slack', 'state', unauthenticated],
  [null, ['user', 'alice'], 'slack', 'accessToken', unauthenticated],
  [null, ['user', 'nobody'], 'slack', 'state', unauthenticated],
  ['bff', ['user', 'alice'], 'slack', 'state', active],
  ['bff', ['user', 'alice'], 'slack', 'accessToken', [[], ALICE, 1]],
  ['bff', ['user', 'nobody'], 'slack', 'state', [[], 'NOT_FOUND', 1]],
  ['bff', ['group', 'acme'], 'slack', 'accessToken', [[], ACME, 1]],
  ['statusPage', ['user', 'alice'], 'slack', 'state', active],
  ['statusPage', ['user', 'alice'], 'slack', 'accessToken', tokenForbidden],
  ['statusPage', ['group', 'acme'], 'slack', 'accessToken', tokenForbidden],
  ['browser', ['user', 'alice'], 'slack', 'accessToken', [[], ALICE, 1]],
  ['browser', ['user', 'bob'], 'slack', 'state', forbidden],
  ['browser', ['user', 'bob'], 'slack', 'accessToken', forbidden],
  ['browser', ['user', 'nobody'], 'slack', 'state', forbidden],
  ['browser', ['group', 'acme'], 'slack', 'state', active],
  ['browser', ['group', 'acme'], 'slack', 'accessToken', tokenForbidden],
  ['bob', ['user', 'bob'], 'slack', 'state', [[], 'NEEDS_REPAIR', 1]],
  ['bob', ['user', 'bob'], 'github', 'state', forbidden],
  ['bob', ['user', 'alice'], 'slack', 'accessToken', forbidden],
  ['bob', ['user', 'BOB'], 'slack', 'state', forbidden],
  ['bob', ['user', 'nobody'], 'slack', 'state', forbidden],
  ['bob', ['group', 'bob'], 'slack', 'state', forbidden],
  ['bob', ['group', 'acme'], 'slack', 'accessToken', forbidden],
];

/** A gateway to test with the table, over any transport. */
export interface TableSubject {
  ask(who: Who, query: string): Promise<ExecutionResult>;
  /** Returns the number of requests that the platform has received. */
  lookups(): number;
}

/** Creates a query for one connection of an owner, with or without its token. */
export function toQuery([kind, id]: Owner, connectorSlug: string, field: Field): string {
  const token = field === 'accessToken' ? 'authorization { accessToken }' : '';
  return `query Table { found: ${kind}Connection(${kind}Id: "${id}", connectorSlug: "${connectorSlug}") { state ${token} } }`;
}

export function itHoldsToTheTable({ ask, lookups }: TableSubject): void {
  it.each(TABLE)(
    'answers caller %s for %s, connector %s and field %s with %j',
    async (who, owner, slug, field, [codes, shown, count]) => {
      const before = lookups();
      const result = await ask(who, toQuery(owner, slug, field));
      expect([codesOf(result), readField(result, field), lookups() - before]).toEqual([codes, shown, count]);
    },
  );
}

/** Returns a caller of `POLICY`, for a host that creates its own callers. */
export function callerNamed(who: Who): Caller | undefined {
  const id = who === 'statusPage' ? 'status-page' : who;
  return parsePolicyFile(JSON.stringify(POLICY)).callers.find((caller) => caller.id === id);
}

function readField({ data }: ExecutionResult, field: Field): string | null {
  const { state, authorization } = (data?.['found'] ?? {}) as {
    state?: string;
    authorization?: { accessToken: string | null } | null;
  };
  return (field === 'state' ? state : authorization?.accessToken) ?? null;
}
