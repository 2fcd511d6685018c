import type { TestGateway } from '../../support/gateway.js';
import { UserConnection } from '../../support/operations.js';

/** The gateway under test, and how the suites use it. */
export interface Subject {
  gateway(): TestGateway;
  /** Reads one user's connection. */
  ask(userId: string, connectorSlug: string, rejectedTokenFingerprint?: string): ReturnType<typeof askUserConnection>;
  /** The paths of the requests that the platform received. */
  paths(): string[];
}

/** The path where the sandbox serves the Platform API. */
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
