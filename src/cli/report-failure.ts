import { UsageError } from './arguments.js';
import { describeError } from '../server/telemetry/describe-error.js';
import { ConfigurationError } from '../server/config/environment.js';
import { ListenError } from '../server/http/listen.js';
import { PolicyFileError } from '../server/auth/policy-file.js';
import { GatewayError } from './query/gateway-error.js';
import { ManifestError } from '../server/graphql/trusted-documents.js';

/** What is said of a failure to whoever started the program, and the exit code. */
export interface FailureReport {
  /** Without a line break at its end. */
  readonly text: string;
  readonly exitCode: 1 | 2;
}

/** What whoever started the program has to put right. */
const USERS_ERRORS = [UsageError, PolicyFileError, ManifestError];

/**
 * Reports a failure: in a sentence that says what to do where it is expected, and else where it came from.
 *
 * @param command the name of the command that failed, whose help has its variables
 */
export function reportFailure(error: unknown, command = ''): FailureReport {
  if (error instanceof ListenError || error instanceof GatewayError) return { text: error.message, exitCode: 1 };
  if (error instanceof ConfigurationError) {
    const withoutAccount = command === 'serve' ? '. To try it without an account: xkit-graphql dev' : '';
    return { text: `${error.message}\nSee: xkit-graphql ${command} --help${withoutAccount}`, exitCode: 2 };
  }
  const isUsers = USERS_ERRORS.some((type) => error instanceof type);
  if (isUsers) return { text: (error as Error).message, exitCode: 2 };
  const { error: name, at } = describeError(error);
  return { text: ['Failed unexpectedly, please report this:', name, ...at].join('\n'), exitCode: 1 };
}
