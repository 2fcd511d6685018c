import { GraphQLSchema } from 'graphql';
import { ConnectionsMisuseError } from './context.js';

const ADVICE =
  'Install one: `npm ls graphql` shows all copies, and `npm dedupe` often removes the others. ' +
  'In Vitest, set the alias of the guide for the module.';

/**
 * Makes a schema, or its text. Two copies of graphql-js do not recognize each other's types: in development, graphql-js
 * throws, and in production, it may return a schema that nothing can execute.
 * @param maker the package that makes it, for the message
 * @param make may throw only because of a second copy, so check the input before
 * @throws {ConnectionsMisuseError} if there is a second copy
 */
export function withOneGraphQL<Made extends GraphQLSchema | string>(maker: string, make: () => Made): Made {
  let made: Made;
  try {
    made = make();
  } catch (cause) {
    throw createMisuseError(maker, { cause });
  }
  if (typeof made === 'string' || made instanceof GraphQLSchema) return made;
  throw createMisuseError(maker);
}

function createMisuseError(maker: string, options?: ErrorOptions): ConnectionsMisuseError {
  return new ConnectionsMisuseError(`${maker} uses another copy of graphql than xkit-graphql. ${ADVICE}`, options);
}
