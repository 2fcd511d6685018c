// The physical limit on Node: node:http in front, undici behind, and nothing between them that a program could omit.
// The benchmark's operations are hard-coded. It parses no GraphQL, checks no caller and records nothing.
import { createServer } from 'node:http';

import { Pool } from 'undici';

const api = new URL(process.env.PLATFORM_URL);
const pool = new Pool(api.origin, { connections: 256 });
const headers = {
  accept: 'application/json',
  authorization: `Basic ${Buffer.from('pk_sandbox:sk_sandbox').toString('base64')}`,
};

/** The number of items of each operation, and the number of distinct items. */
const SHAPES = { W2: [20, 20], W3: [100, 10], W4: [40, 10] };

const server = createServer((request, response) => {
  const chunks = [];
  request.on('data', (chunk) => chunks.push(chunk));
  request.on('end', () => {
    answer(JSON.parse(Buffer.concat(chunks).toString()), (data) => {
      const body = JSON.stringify({ data });
      response.writeHead(200, { 'content-type': 'application/json', 'content-length': Buffer.byteLength(body) });
      response.end(body);
    });
  });
});
server.listen(Number(process.env.PORT ?? 0), '127.0.0.1', () => {
  process.stdout.write(`Listening at http://127.0.0.1:${server.address().port}/graphql\n`);
});
process.once('SIGTERM', () => process.exit());

function answer({ query, operationName, variables }, done) {
  if (operationName === 'W1') return readAll([variables.u0], ([userConnection]) => done({ userConnection }));
  if (variables.keys) {
    const users = variables.keys.map(({ ownerId }) => ownerId);
    return readAll(users, (connections) => done({ connections }));
  }
  const users = Object.values(variables);
  const [places] = SHAPES[operationName];
  // The aliases come from the document. In one of the workloads, each document has new ones.
  const [, prefix] = /\{ (\w*?)\d+:/.exec(query) ?? [];
  return readAll(users, (connections) => {
    const data = {};
    for (let index = 0; index < places; index += 1) {
      data[`${prefix ?? 'a'}${index}`] = connections[index % users.length];
    }
    done(data);
  });
}

function readAll(users, done) {
  const connections = Array.from({ length: users.length });
  let missing = users.length;
  users.forEach((user, index) =>
    read(user, (connection) => {
      connections[index] = connection;
      missing -= 1;
      if (missing === 0) done(connections);
    }),
  );
}

function read(user, done) {
  const chunks = [];
  let status = 0;
  pool.dispatch(
    { path: `${api.pathname}/connections/${encodeURIComponent(user)}/slack`, method: 'GET', headers },
    {
      onConnect() {},
      onHeaders(statusCode) {
        status = statusCode;
        return true;
      },
      onData(chunk) {
        chunks.push(chunk);
        return true;
      },
      onComplete() {
        done(status === 200 ? toConnection(JSON.parse(Buffer.concat(chunks).toString())) : null);
      },
      onError() {
        done(null);
      },
    },
  );
}

function toConnection({ connection, connector, authorization }) {
  const token = connection.enabled && authorization?.status === 'active' ? authorization.access_token : null;
  return {
    state: token ? 'ACTIVE' : 'NEEDS_REPAIR',
    authorization: { accessToken: token },
    repairLink: token ? null : { url: `https://acme.xkit.co/connectors/${encodeURIComponent(connector.slug)}` },
  };
}
