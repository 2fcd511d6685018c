import { hasRestDocument, toRestDocument, toRestTokens, toRestVariables } from './rest-documents.js';
import type { Workload } from './workloads.js';

/** The body of a GraphQL request. */
export interface Body {
  readonly operationName: string;
  readonly query: string;
  readonly variables: object;
}

/** The targets whose schema has only the fields of the REST API. */
const REST_TARGETS = new Set(['hive', 'tailcall']);

/** Returns whether a target supports a workload. A REST target needs its own document for it. */
export function takes(target: string, workload: string): boolean {
  return !REST_TARGETS.has(target) || hasRestDocument(workload);
}

/** Creates the request body. Only REST targets get their own document and variables. */
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

/** Returns the tokens of a response in order, with null for an unusable one. */
export function readTokens(target: string, { name }: Workload, data: object): (string | null)[] {
  if (REST_TARGETS.has(target)) return toRestTokens(target, name, data);
  const { connections = Object.values(data) } = data as { connections?: readonly Item[] };
  return (connections as readonly Item[]).map(({ state, authorization, repairLink }) =>
    state === 'ACTIVE' && repairLink === null ? (authorization?.accessToken ?? null) : null,
  );
}
