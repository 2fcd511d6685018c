/** The URLs of the subgraphs. Without a variable, the URL in the supergraph applies. */
const locations = { connections: process.env.CONNECTIONS_URL, users: process.env.USERS_URL };

/** The configuration of Hive Gateway. */
export const gatewayConfig = {
  // The subgraph authenticates the gateway's caller. Without this, every connection fails with UNAUTHENTICATED.
  propagateHeaders: {
    fromClientToSubgraphs: ({ request }) => ({ authorization: request.headers.get('authorization') ?? '' }),
  },
  transportEntries: Object.fromEntries(
    Object.entries(locations).flatMap(([name, location]) => (location ? [[name, { location }]] : [])),
  ),
  // If a client hangs up, its requests to the subgraphs and to the platform are canceled too.
  executionCancellation: true,
  upstreamCancellation: true,
};
