/** What a caller is after: the token, or the link where a person gets one. */
const OUTCOME = 'state authorization { accessToken } repairLink { url }';
/** Users that the platform of a benchmark knows. More than are ever asked for at once, so that no two requests share a lookup. */
export const USERS = 100_000;

/** One kind of operation, sent again and again about other users. */
export interface Workload {
  readonly name: string;
  readonly about: string;
  readonly query: string;
  /** Distinct connections of one operation: what it has to cost the platform. */
  readonly distinct: number;
  /** Gives the variables for some users, as many as there are distinct connections. */
  readonly toVariables: (users: readonly string[]) => object;
  /** Gives, for some users, whose token has to be at each place of the answer. */
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

/** An operation of aliased fields over fewer users, or as many. */
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

/** An operation whose fields are spread over fragments, and what they select as well. */
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

/** A list of so many distinct connections. */
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

/** What is compared with every peer. */
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

/** One of so many variants of W2, no two of which are the same document. */
export function toVariant(index: number): Workload {
  return aliased('W2', 'W2 in a document never seen before', 20, 20, `v${index}_`);
}

/** One connection, asked for by so many aliases. */
export function repeated(aliases: number): Workload {
  return aliased('W3', `${aliases} aliases of one connection`, 1, aliases);
}

function numbers(count: number): number[] {
  return Array.from({ length: count }, (_, index) => index);
}
