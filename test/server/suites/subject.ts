import type { TestGateway } from '../../support/gateway.js';
import { UserConnection } from '../../support/operations.js';

/** What the suites need of a gateway. */
export interface Subject {
  gateway(): TestGateway;
  /** Asks for one user's connection. */
  ask(userId: string, connectorSlug: string, rejectedTokenFingerprint?: string): ReturnType<typeof askUserConnection>;
  /** The paths that the platform was asked for. */
  paths(): string[];
}

/** Where the sandbox serves the Platform API. */
export const API = '/api/platform';

export async function askUserConnection(
  gateway: TestGateway,
  userId: string,
  connectorSlug: string,
  rejectedTokenFingerprint: string | null = null,
) {
  const { data, errors, ...answer } = await gateway.send(UserConnection, {
    userId,
    connectorSlug,
    rejectedTokenFingerprint,
  });
  return { connection: data?.userConnection, errors, error: errors[0], ...answer };
}
