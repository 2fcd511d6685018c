// The errors that a client may read. Any other error is masked, because its message may quote the platform.
import { GraphQLError } from 'graphql';
import mercurius from 'mercurius';

const ERRORS = {
  UNAUTHENTICATED: ['Send a valid service key as Authorization: Bearer …', 401],
  FORBIDDEN: ['The caller may not read this connection.', 200],
  RATE_LIMITED: ['The caller has sent too many operations.', 429],
  LIMIT_EXCEEDED: ['The operation reads too many connections.', 200],
  AUDIT_UNAVAILABLE: ['The audit event could not be written, so the token was withheld.', 503],
  PLATFORM_UNAVAILABLE: ['The Platform API cannot be reached.', 200],
  PLATFORM_TIMEOUT: ['The Platform API did not respond in time.', 200],
  PLATFORM_BAD_RESPONSE: ['The Platform API sent an invalid response.', 200],
};

/** Creates an error that a client may read. */
export function refuse(code) {
  const [message, status] = ERRORS[code];
  return new mercurius.ErrorWithProps(message, { code }, status);
}

/** Formats errors as Mercurius does, but masks every error that is neither ours nor the client's. */
export function formatErrors(execution, context) {
  const errors = execution.errors.map((error) => (isPublic(error) ? error : mask(error)));
  return mercurius.defaultErrorFormatter({ ...execution, errors }, context);
}

function isPublic({ originalError }) {
  if (!originalError || originalError instanceof GraphQLError) return true;
  return originalError instanceof mercurius.ErrorWithProps || originalError.statusCode < 500;
}

function mask({ path, originalError }) {
  process.stderr.write(`${originalError.stack}\n`);
  return new GraphQLError('Something went wrong.', { path, extensions: { code: 'INTERNAL_SERVER_ERROR' } });
}
