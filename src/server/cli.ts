#!/usr/bin/env node
import { stripVTControlCharacters } from 'node:util';

import { type ArgsDef, runCommand } from 'citty';

import { checkArguments } from './command-line/arguments.js';
import { findCommand, isHelp, main, version } from './command-line/commands.js';
import { renderHelp } from './command-line/help.js';
import { reportFailure } from './command-line/report-failure.js';

try {
  await run(process.argv.slice(2));
} catch (error) {
  const { text, exitCode } = reportFailure(error);
  process.exitCode = exitCode;
  process.stderr.write(`${text}\n`);
}

async function run([name, ...rest]: string[]): Promise<void> {
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
