import { stripVTControlCharacters } from 'node:util';
import { type ArgsDef, runCommand } from 'citty';
import { ConnectionsMisuseError } from '../schema/context.js';
import { PolicyFileError } from '../server/auth/policy-file.js';
import { ConfigurationError } from '../server/config/environment.js';
import { ManifestError } from '../server/graphql/trusted-documents.js';
import { ListenError } from '../server/http/listen.js';
import { describeError } from '../server/telemetry/describe-error.js';
import { checkArguments, UsageError } from './arguments.js';
import { findCommand, isHelp, main, version } from './commands.js';
import { renderHelp } from './help.js';
import { GatewayError } from './query/question.js';

/** Runs the program. Reports a failure on standard error and by the exit code. */
export async function run(args: readonly string[]): Promise<void> {
  try {
    await runNamed([...args]);
  } catch (error) {
    const { text, exitCode } = toReport(error, args[0]);
    process.exitCode = exitCode;
    process.stderr.write(`${text}\n`);
  }
}

async function runNamed([name, ...rest]: string[]): Promise<void> {
  if (name === '--version' || name === '-v') return print(`${version}\n`);
  if (name === undefined || isHelp(name)) return print(await renderHelp(main, 'xkit-graphql'));
  const { command, path, parent, rawArgs } = await findCommand(name, rest);
  if (rawArgs.some(isHelp) || command.subCommands) return print(await renderHelp(command, path, parent));
  checkArguments(`xkit-graphql ${path}`, (command.args ?? {}) as ArgsDef, rawArgs);
  await runCommand(command, { rawArgs });
}

/** Prints for people, without colors in a pipe or a file. */
function print(text: string): void {
  process.stdout.write(process.stdout.isTTY ? text : stripVTControlCharacters(text));
}

/** Errors that the operator can fix. */
const OPERATOR_ERRORS = [UsageError, PolicyFileError, ManifestError, ConnectionsMisuseError];

/**
 * Reports a failure: the message of an expected error, the origin of an unexpected one.
 *
 * @param command the name of the command that failed; its help lists its variables
 */
function toReport(error: unknown, command = ''): { readonly text: string; readonly exitCode: 1 | 2 } {
  if (error instanceof ListenError || error instanceof GatewayError) return { text: error.message, exitCode: 1 };
  if (error instanceof ConfigurationError) {
    const withoutAccount = command === 'serve' ? '. To try it without an account: xkit-graphql dev' : '';
    return { text: `${error.message}\nSee: xkit-graphql ${command} --help${withoutAccount}`, exitCode: 2 };
  }
  const isOperators = OPERATOR_ERRORS.some((type) => error instanceof type);
  if (isOperators) return { text: (error as Error).message, exitCode: 2 };
  const { error: name, at } = describeError(error);
  return { text: ['Unexpected error. Please report it:', name, ...at].join('\n'), exitCode: 1 };
}
