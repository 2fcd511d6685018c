import { stripVTControlCharacters } from 'node:util';

import { type ArgsDef, runCommand } from 'citty';

import { checkArguments } from './arguments.js';
import { findCommand, isHelp, main, version } from './commands.js';
import { renderHelp } from './help.js';
import { reportFailure } from './report-failure.js';

/** Runs the program; what it fails of is said on standard error, and by the exit code. */
export async function run(args: readonly string[]): Promise<void> {
  try {
    await runNamed([...args]);
  } catch (error) {
    const { text, exitCode } = reportFailure(error, args[0]);
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

/** Prints for people; in a pipe or a file without colours. */
function print(text: string): void {
  process.stdout.write(process.stdout.isTTY ? text : stripVTControlCharacters(text));
}
