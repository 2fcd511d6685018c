import { hasHiveDocument, toHiveDocument, toHiveTokens, toHiveVariables } from './hive-documents.js';
import type { Workload } from './workloads.js';

/** What a target is sent. */
export interface Body {
  readonly operationName: string;
  readonly query: string;
  readonly variables: object;
}

/** Tells whether a target takes a workload: Hive Gateway needs a document of its own for it. */
export function takes(target: string, workload: string): boolean {
  return target !== 'hive' || hasHiveDocument(workload);
}

/** Writes the body for a target: all take the same, but for Hive Gateway, which knows the fields of the REST API alone. */
export function toBody(target: string, { name, query, toVariables }: Workload, users: readonly string[]): Body {
  const variables = toVariables(users);
  return target === 'hive'
    ? { operationName: name, query: toHiveDocument(name), variables: toHiveVariables(name, variables) }
    : { operationName: name, query, variables };
}

interface Item {
  readonly state: string;
  readonly authorization: { readonly accessToken: string | null } | null;
  readonly repairLink: object | null;
}

/** Takes the tokens out of an answer, in the order of its places; null where it does not say that one can be used. */
export function readTokens(target: string, { name }: Workload, data: object): (string | null)[] {
  if (target === 'hive') return toHiveTokens(name, data);
  const { connections = Object.values(data) } = data as { connections?: readonly Item[] };
  return (connections as readonly Item[]).map(({ state, authorization, repairLink }) =>
    state === 'ACTIVE' && repairLink === null ? (authorization?.accessToken ?? null) : null,
  );
}
