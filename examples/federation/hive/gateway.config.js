/** Configures Hive Gateway. The addresses in the supergraph hold unless these variables name others. */
const locations = { connections: process.env.CONNECTIONS_URL, users: process.env.USERS_URL };

export const gatewayConfig = {
  // Who asks the gateway is who asks the subgraph: without this every connection is UNAUTHENTICATED.
  propagateHeaders: {
    fromClientToSubgraphs: ({ request }) => ({ authorization: request.headers.get('authorization') ?? '' }),
  },
  transportEntries: Object.fromEntries(
    Object.entries(locations).flatMap(([name, location]) => (location ? [[name, { location }]] : [])),
  ),
  // A client that hangs up is heard of by the subgraphs, and by the platform behind them.
  executionCancellation: true,
  upstreamCancellation: true,
};
