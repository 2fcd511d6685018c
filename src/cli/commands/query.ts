import type { CommandDef } from 'citty';
import { findUrlProblem } from '../../domain/base-url.js';
import type { ConnectionKey } from '../../domain/connection-key.js';
import { UsageError } from '../arguments.js';
import { readGatewayConfiguration, readLookupConfiguration } from '../../server/config/configuration.js';
import { createProgress } from '../progress.js';
import { askGateway } from '../query/ask-gateway.js';
import { askPlatform } from '../query/ask-platform.js';
import type { QueryAnswer, Question } from '../query/question.js';
import { isInputError, NOT_FOUND_HINT, renderConnection, renderErrors, renderJson } from '../query/render.js';

/** Shows one connection, read from the platform or from a gateway. */
export const query: CommandDef = {
  meta: { name: 'query', description: 'Looks up one connection, and shows it' },
  args: {
    connector: { type: 'positional', required: true, description: 'Slug of the connector, such as slack' },
    user: { type: 'string', valueHint: 'id', description: 'Id of the user that owns the connection' },
    group: { type: 'string', valueHint: 'id', description: 'Id of the group that owns the connection' },
    rejected: {
      type: 'string',
      valueHint: 'fingerprint',
      description: 'Fingerprint of a token that the third party rejected',
    },
    reveal: { type: 'boolean', description: 'Shows the access token' },
    url: {
      type: 'string',
      valueHint: 'url',
      description: 'URL of a gateway to query with XKIT_SERVICE_KEY, instead of the Platform API',
    },
    json: { type: 'boolean', description: 'Prints the GraphQL response as JSON: data, errors' },
  },
  async run({ args }) {
    const key = toKey(String(args['connector']), toText(args['user']), toText(args['group']));
    const question = { key, rejected: toText(args['rejected']), reveal: args['reveal'] === true };
    const answer = await ask(question, toText(args['url']));
    const connection = answer.data?.connection;
    if (args['json'] === true) process.stdout.write(renderJson(answer));
    else if (connection) process.stdout.write(renderConnection(connection));
    if (connection?.state === 'NOT_FOUND') process.stderr.write(NOT_FOUND_HINT);
    if (answer.errors) process.stderr.write(renderErrors(answer.errors));
    process.exitCode = toExitCode(answer);
  },
};

async function ask(question: Question, url: string | undefined): Promise<QueryAnswer> {
  const progress = createProgress();
  progress.show(url === undefined ? 'querying the platform' : 'querying the gateway');
  try {
    if (url === undefined) return await askPlatform(readLookupConfiguration(), question);
    const problem = findUrlProblem(url);
    if (problem !== null) throw new UsageError(`--url ${problem}.`, 'xkit-graphql query');
    return await askGateway(url, readGatewayConfiguration(), question);
  } finally {
    progress.clear();
  }
}

function toKey(connectorSlug: string, user: string | undefined, group: string | undefined): ConnectionKey {
  if (user !== undefined && group === undefined) return { ownerKind: 'USER', ownerId: user, connectorSlug };
  if (group !== undefined && user === undefined) return { ownerKind: 'GROUP', ownerId: group, connectorSlug };
  throw new UsageError('Exactly one of --user and --group is required.', 'xkit-graphql query');
}

function toText(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined;
}

/** Returns 0 for a usable connection, 3 if a person must act first, 2 for invalid input, and 1 for other failures. */
function toExitCode({ data, errors = [] }: QueryAnswer): 0 | 1 | 2 | 3 {
  if (errors.length > 0 && errors.every(isInputError)) return 2;
  if (errors.length > 0 || !data?.connection) return 1;
  return data.connection.state === 'ACTIVE' ? 0 : 3;
}
