// What the benchmark asks its peer Hive Gateway (targets/hive.js), whose schema has the platform's own answers: no state, no link and no list field.

const OUTCOME = 'connection { enabled } authorization { status access_token }';

interface HiveWorkload {
  readonly users: number;
  readonly fields: readonly string[];
  readonly names: readonly string[];
  readonly fragments?: readonly string[];
}

const range = (length: number) => Array.from({ length }, (_, index) => index);
const field = (user: number) => `userConnection(userId: $u${user}, connectorSlug: "slack")`;
const outcome = (index: number, users: number) => `a${index}: ${field(index % users)} { ${OUTCOME} }`;

/** Each workload's variables, $u0 and so on, its fields and what else is in its document. */
const WORKLOADS: Readonly<Record<string, HiveWorkload>> = {
  W1: { users: 1, fields: [`${field(0)} { ${OUTCOME} }`], names: ['userConnection'] },
  W2: aliases(20, 20),
  W3: aliases(100, 10),
  W4: {
    ...aliases(40, 10),
    fields: range(4).map((part) => `...F${part}`),
    fragments: [
      ...range(4).map((part) => {
        const fields = range(10).map((index) => `a${part * 10 + index}: ${field(index)} { ...Outcome }`);
        return `fragment F${part} on Query { ${fields.join(' ')} }`;
      }),
      `fragment Outcome on UserConnection { ${OUTCOME} }`,
    ],
  },
  W5: aliases(50, 50),
};

function aliases(count: number, users: number): HiveWorkload {
  const indexes = range(count);
  return {
    users,
    fields: indexes.map((index) => outcome(index, users)),
    names: indexes.map((index) => `a${index}`),
  };
}

/** Tells whether there is a document for a workload. */
export function hasHiveDocument(workload: string): boolean {
  return Object.hasOwn(WORKLOADS, workload);
}

function find(workload: string): HiveWorkload {
  const found = WORKLOADS[workload];
  if (found) return found;
  throw new Error(`Hive Gateway has no document for ${workload}.`);
}

/** Gives the document to send instead of the workload's own, with the same aliases. W5 has one, a0 to a49, for each key. */
export function toHiveDocument(workload: string): string {
  const { users, fields, fragments = [] } = find(workload);
  const variables = range(users).map((user) => `$u${user}: String!`);
  return [`query ${workload}(${variables.join(', ')}) { ${fields.join(' ')} }`, ...fragments].join(' ');
}

/** Gives the variables to send instead of the workload's own: the same, but W5 names its owners $u0 to $u49. */
export function toHiveVariables(workload: string, variables: object): object {
  if (workload !== 'W5') return variables;
  const { keys } = variables as { keys: readonly { readonly ownerId: string }[] };
  return Object.fromEntries(keys.map(({ ownerId }, index) => [`u${index}`, ownerId]));
}

interface HiveItem {
  readonly connection?: { readonly enabled?: boolean };
  readonly authorization?: { readonly status?: string; readonly access_token?: string | null };
}

/** Gives the tokens in an answer's data, in the order of the aliases or keys: null where there is none to use. */
export function toHiveTokens(workload: string, data: object): (string | null)[] {
  return find(workload).names.map((name) => {
    const { connection, authorization } = (Reflect.get(data, name) ?? {}) as HiveItem;
    const isUsable = connection?.enabled === true && authorization?.status === 'active';
    return isUsable ? (authorization.access_token ?? null) : null;
  });
}
