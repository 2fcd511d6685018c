// The documents for the peers whose schema has only the platform's own fields, without state or link: Hive Gateway
// (targets/hive.js) and Tailcall (targets/tailcall.graphql).

const OUTCOME = 'connection { enabled } authorization { status access_token }';

interface RestWorkload {
  readonly users: number;
  readonly fields: readonly string[];
  readonly names: readonly string[];
  readonly fragments?: readonly string[];
}

const range = (length: number) => Array.from({ length }, (_, index) => index);
const field = (user: number) => `userConnection(userId: $u${user}, connectorSlug: "slack")`;
const outcome = (index: number, users: number) => `a${index}: ${field(index % users)} { ${OUTCOME} }`;

/** Each workload's number of variables ($u0 and so on), fields, response names, and fragments. */
const WORKLOADS: Readonly<Record<string, RestWorkload>> = {
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

function aliases(count: number, users: number): RestWorkload {
  const indexes = range(count);
  return {
    users,
    fields: indexes.map((index) => outcome(index, users)),
    names: indexes.map((index) => `a${index}`),
  };
}

/** W5 for Tailcall, which has a list field. Hive Gateway gets an alias for each key, a0 to a49. */
const LIST = `query W5($keys: [ConnectionKey!]!) { connections(keys: $keys) { userConnection { ${OUTCOME} } } }`;

const asksForList = (target: string, workload: string) => target === 'tailcall' && workload === 'W5';

/** Returns whether a workload has a document for these peers. */
export function hasRestDocument(workload: string): boolean {
  return Object.hasOwn(WORKLOADS, workload);
}

function find(workload: string): RestWorkload {
  const found = WORKLOADS[workload];
  if (found) return found;
  throw new Error(`The workload ${workload} has no document with only the platform's own fields.`);
}

/** Returns the document to send instead of the workload's own, with the same aliases or keys. */
export function toRestDocument(target: string, workload: string): string {
  if (asksForList(target, workload)) return LIST;
  const { users, fields, fragments = [] } = find(workload);
  const variables = range(users).map((user) => `$u${user}: String!`);
  return [`query ${workload}(${variables.join(', ')}) { ${fields.join(' ')} }`, ...fragments].join(' ');
}

/** Returns the variables for {@link toRestDocument}. Only W5 with aliases needs others: the owners $u0 to $u49. */
export function toRestVariables(target: string, workload: string, variables: object): object {
  if (workload !== 'W5' || asksForList(target, workload)) return variables;
  const { keys } = variables as { keys: readonly { readonly ownerId: string }[] };
  return Object.fromEntries(keys.map(({ ownerId }, index) => [`u${index}`, ownerId]));
}

interface RestItem {
  readonly connection?: { readonly enabled?: boolean };
  readonly authorization?: { readonly status?: string; readonly access_token?: string | null };
}

/** Returns the tokens of a response in the order of the aliases or keys, with null for an unusable one. */
export function toRestTokens(target: string, workload: string, data: object): (string | null)[] {
  const items: readonly (RestItem | null | undefined)[] = asksForList(target, workload)
    ? (data as { connections: readonly { userConnection: RestItem | null }[] }).connections.map(
        ({ userConnection }) => userConnection,
      )
    : find(workload).names.map((name) => Reflect.get(data, name) as RestItem | null);
  return items.map((item) => {
    const isUsable = item?.connection?.enabled === true && item.authorization?.status === 'active';
    return isUsable ? (item.authorization?.access_token ?? null) : null;
  });
}
