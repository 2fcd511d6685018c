const OUTCOME = 'state authorization { accessToken } repairLink { url }';
/** Number of users: more than concurrent requests need, so that no two share a lookup. */
export const USERS = 100_000;

/** One kind of operation, sent repeatedly for different users. */
export interface Workload {
  readonly name: string;
  readonly about: string;
  readonly query: string;
  /** Distinct connections of one operation: the minimum number of platform requests. */
  readonly distinct: number;
  /** Returns the variables for {@link Workload.distinct} users. */
  readonly toVariables: (users: readonly string[]) => object;
  /** Returns the user whose token must be at each position of the response. */
  readonly toExpected: (users: readonly string[]) => readonly string[];
}

const field = (alias: string, variable: string, selection: string) =>
  `${alias}: userConnection(userId: $${variable}, connectorSlug: "slack") ${selection}`;
const declare = (count: number) =>
  numbers(count)
    .map((index) => `$u${index}: ID!`)
    .join(', ');
const toUserVariables = (users: readonly string[]) =>
  Object.fromEntries(users.map((user, index) => [`u${index}`, user]));

/** Creates an operation of aliased fields, which read `distinct` connections in turn. */
function aliased(name: string, about: string, distinct: number, aliases: number, prefix = 'a'): Workload {
  const fields = numbers(aliases).map((index) => field(`${prefix}${index}`, `u${index % distinct}`, `{ ${OUTCOME} }`));
  return {
    name,
    about,
    query: `query ${name}(${declare(distinct)}) { ${fields.join(' ')} }`,
    distinct,
    toVariables: toUserVariables,
    toExpected: (users) => numbers(aliases).map((index) => users[index % distinct] ?? ''),
  };
}

/** Creates an operation whose fields and selections are spread over fragments. */
function fragmented(): Workload {
  const parts = numbers(4).map((part) => {
    const fields = numbers(10).map((index) => field(`a${part * 10 + index}`, `u${index}`, '{ ...Outcome }'));
    return `fragment Part${part} on Query { ${fields.join(' ')} }`;
  });
  const outcome = `fragment Outcome on Connection { state ...Token ...Repair }
fragment Token on Connection { authorization { accessToken } }
fragment Repair on Connection { repairLink { url } }`;
  return {
    name: 'W4',
    about: '40 fields through fragments, 10 distinct',
    query: [
      `query W4(${declare(10)}) { ${numbers(4)
        .map((part) => `...Part${part}`)
        .join(' ')} }`,
      ...parts,
      outcome,
    ].join('\n'),
    distinct: 10,
    toVariables: toUserVariables,
    toExpected: (users) => numbers(40).map((index) => users[index % 10] ?? ''),
  };
}

/** Creates an operation on a list of distinct connections. */
export function list(name: string, distinct: number): Workload {
  return {
    name,
    about: `${distinct} users through variables`,
    query: `query ${name}($keys: [ConnectionKey!]!) { connections(keys: $keys) { ${OUTCOME} } }`,
    distinct,
    toVariables: (users) => ({
      keys: users.map((ownerId) => ({ ownerKind: 'USER', ownerId, connectorSlug: 'slack' })),
    }),
    toExpected: (users) => users,
  };
}

/** The workloads of the comparison. */
export const WORKLOADS: readonly Workload[] = [
  {
    name: 'W1',
    about: 'one userConnection',
    query: `query W1($u0: ID!) { userConnection(userId: $u0, connectorSlug: "slack") { ${OUTCOME} } }`,
    distinct: 1,
    toVariables: toUserVariables,
    toExpected: (users) => users,
  },
  aliased('W2', '20 aliased fields, 20 distinct', 20, 20),
  aliased('W3', '100 aliased fields, 10 distinct', 10, 100),
  fragmented(),
  list('W5', 50),
];

/** Creates one of many variants of W2. No two are the same document. */
export function toVariant(index: number): Workload {
  return aliased('W2', 'W2 in a document never seen before', 20, 20, `v${index}_`);
}

/** Creates an operation of many aliases of one connection. */
export function repeated(aliases: number): Workload {
  return aliased('W3', `${aliases} aliases of one connection`, 1, aliases);
}

function numbers(count: number): number[] {
  return Array.from({ length: count }, (_, index) => index);
}
