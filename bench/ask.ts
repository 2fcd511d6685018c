import { hasRestDocument, toRestDocument, toRestTokens, toRestVariables } from './rest-documents.js';
import type { Workload } from './workloads.js';

/** What a target is sent. */
export interface Body {
  readonly operationName: string;
  readonly query: string;
  readonly variables: object;
}

/** The targets that know the fields of the REST API alone. */
const REST_TARGETS = new Set(['hive', 'tailcall']);

/** Tells whether a target takes a workload: those that know the REST API need a document of their own for it. */
export function takes(target: string, workload: string): boolean {
  return !REST_TARGETS.has(target) || hasRestDocument(workload);
}

/** Writes the body for a target: all take the same, but for those that know the fields of the REST API alone. */
export function toBody(target: string, { name, query, toVariables }: Workload, users: readonly string[]): Body {
  const variables = toVariables(users);
  return REST_TARGETS.has(target)
    ? { operationName: name, query: toRestDocument(target, name), variables: toRestVariables(target, name, variables) }
    : { operationName: name, query, variables };
}

interface Item {
  readonly state: string;
  readonly authorization: { readonly accessToken: string | null } | null;
  readonly repairLink: object | null;
}

/** Takes the tokens out of an answer, in the order of its places; null where it does not say that one can be used. */
export function readTokens(target: string, { name }: Workload, data: object): (string | null)[] {
  if (REST_TARGETS.has(target)) return toRestTokens(target, name, data);
  const { connections = Object.values(data) } = data as { connections?: readonly Item[] };
  return (connections as readonly Item[]).map(({ state, authorization, repairLink }) =>
    state === 'ACTIVE' && repairLink === null ? (authorization?.accessToken ?? null) : null,
  );
}
