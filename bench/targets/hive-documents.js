// What the benchmark asks its peer Hive Gateway (hive.js), whose schema has the platform's own answers: no state, no link and no list field.

const OUTCOME = 'connection { enabled } authorization { status access_token }';

const range = (length) => Array.from({ length }, (_, index) => index);
const field = (user) => `userConnection(userId: $u${user}, connectorSlug: "slack")`;
const outcome = (index, users) => `a${index}: ${field(index % users)} { ${OUTCOME} }`;

/** Each workload's variables, $u0 and so on, its fields and what else is in its document. */
const WORKLOADS = {
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

function aliases(count, users) {
  const indexes = range(count);
  return {
    users,
    fields: indexes.map((index) => outcome(index, users)),
    names: indexes.map((index) => `a${index}`),
  };
}

/** The document to send instead of the workload's own, with the same aliases. W5 has one, a0 to a49, for each key. */
export function toHiveDocument(workload) {
  const { users, fields, fragments = [] } = WORKLOADS[workload];
  const variables = range(users).map((user) => `$u${user}: String!`);
  return [`query ${workload}(${variables.join(', ')}) { ${fields.join(' ')} }`, ...fragments].join(' ');
}

/** The variables to send instead of the workload's own: the same, but W5 names its owners $u0 to $u49. */
export function toHiveVariables(workload, variables) {
  if (workload !== 'W5') return variables;
  return Object.fromEntries(variables.keys.map(({ ownerId }, index) => [`u${index}`, ownerId]));
}

/** The tokens in an answer's data, in the order of the aliases or keys: null where there is none to use. */
export function toHiveTokens(workload, data) {
  return WORKLOADS[workload].names.map((name) => {
    const { connection, authorization } = data?.[name] ?? {};
    const isUsable = connection?.enabled === true && authorization?.status === 'active';
    return (isUsable && authorization.access_token) || null;
  });
}
