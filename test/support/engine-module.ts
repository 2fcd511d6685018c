import { createDefaultExecutor, type SubschemaConfig } from '@graphql-tools/delegate';
import type { ExecutionResult } from 'graphql';

import { createConnectionsContext, createConnectionsSchema, createPlatformClient } from '../../src/index.js';
import { createSandbox, type Sandbox, SANDBOX_CREDENTIALS } from '../../src/sandbox/index.js';
import { isAuthenticated } from '../../src/server/auth/authenticate.js';
import { subschemaConfig } from '../../src/stitching/index.js';
import { startProcess, type TestGateway } from './gateway.js';
import { connectPeople, type Setup } from './people.js';
import { authenticateBy, POLICY } from './policy.js';
import { postJson } from './post-json.js';

/** The types of the host gateways that get connection fields. */
export const OWNER_TYPES = { user: 'User', group: 'Team' };

/** A host gateway that uses this module. */
export interface Engine {
  /** Sends a query to the gateway over HTTP, with a key of `KEYS` or without a key. */
  ask(query: string, key: string | null, signal?: AbortSignal): Promise<ExecutionResult>;
  readonly sandbox: Sandbox;
  /** Returns the number of open connections to the platform. */
  platformSockets(): number;
  /** Returns the number of operations that the gateway has sent to this module. */
  operations(): number;
  close(): Promise<void>;
}

/** A server that listens on a port. */
export interface Listening {
  readonly url: string;
  close(): Promise<unknown>;
}

/** Starts this module in the process of the gateway. */
export async function startModule({ fieldPrefix }: Setup = {}) {
  const sandbox = createSandbox();
  connectPeople(sandbox.store);
  const listening = await sandbox.listen();
  const platform = createPlatformClient({
    ...SANDBOX_CREDENTIALS,
    apiUrl: listening.apiUrl,
    maxRetries: 0,
    breaker: false,
  });
  const schema = createConnectionsSchema({ platform, catalog: { slug: 'acme' }, ownerTypes: OWNER_TYPES, fieldPrefix });
  const authenticate = authenticateBy(POLICY);
  const execute = createDefaultExecutor(schema);
  let operations = 0;
  const subschema: SubschemaConfig = {
    ...subschemaConfig({ schema }),
    executor: (request) => {
      operations += 1;
      return execute(request);
    },
  };
  return {
    subschema,
    createContext: async (authorization: string | null | undefined, signal: AbortSignal) => {
      const found = await authenticate(authorization ?? null);
      return createConnectionsContext({ caller: isAuthenticated(found) ? found.caller : undefined, signal });
    },
    sandbox,
    platformSockets: listening.sockets,
    operations: () => operations,
    close: async () => {
      await platform.close();
      await listening.close();
    },
  };
}

/** Starts this module as a separate process. */
export async function startRemoteModule({ fieldPrefix }: Setup = {}, environment: Record<string, string> = {}) {
  const server = await startProcess({
    XKIT_USER_TYPE: 'User',
    XKIT_GROUP_TYPE: 'Team',
    ...(fieldPrefix !== undefined && { XKIT_FIELD_PREFIX: fieldPrefix }),
    ...environment,
  });
  connectPeople(server.sandbox.store);
  return {
    url: await urlOf(server),
    sandbox: server.sandbox,
    platformSockets: () => server.platformSockets?.() ?? 0,
    operations: () => server.output().split('"event":"operation"').length - 1,
    close: () => server.close(),
  };
}

async function urlOf(server: TestGateway): Promise<string> {
  return `${/^Listening at (http:\S+\/graphql)$/m.exec(server.output())?.[1]}`;
}

/** Combines a gateway and this module. */
export function toEngine(
  module: Pick<Engine, 'sandbox' | 'platformSockets' | 'operations' | 'close'>,
  gateway: Listening,
): Engine {
  return {
    sandbox: module.sandbox,
    platformSockets: module.platformSockets,
    operations: module.operations,
    ask: async (query, key, signal) => {
      const init = postJson({ query }, key === null ? {} : { authorization: `Bearer ${key}` });
      const response = await fetch(gateway.url, { ...init, ...(signal && { signal }) });
      return (await response.json()) as ExecutionResult;
    },
    close: async () => {
      await gateway.close();
      await module.close();
    },
  };
}
