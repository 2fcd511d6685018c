import { execute, type ExecutionResult, parse } from 'graphql';

import { type ConnectionsSchemaOptions, createConnectionsSchema, createPlatformClient } from '../../src/index.js';
import { createSandbox, SANDBOX_CREDENTIALS } from '../../src/sandbox/index.js';

const TOKEN_OF_ALICE = parse(`{
  userConnection(userId: "alice", connectorSlug: "slack") { state authorization { accessToken } }
}`);

/** Creates a host that executes the schema with plain graphql-js, and masks no errors itself. */
export function createHost(options: Partial<ConnectionsSchemaOptions> = {}) {
  const sandbox = createSandbox();
  const platform = createPlatformClient({
    ...SANDBOX_CREDENTIALS,
    apiUrl: sandbox.apiUrl,
    fetch: sandbox.fetch,
    maxRetries: 0,
  });
  const schema = createConnectionsSchema({
    platform,
    catalog: { slug: 'acme' },
    authorization: 'host-trusted',
    ...options,
  });
  const run = async (contextValue: unknown, document = TOKEN_OF_ALICE): Promise<ExecutionResult> =>
    execute({ schema, document, contextValue });
  return { sandbox, schema, run };
}

/** Returns the error codes of a result, in order. */
export const codesOf = ({ errors = [] }: ExecutionResult) => errors.map(({ extensions }) => extensions['code']);
