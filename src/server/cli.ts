#!/usr/bin/env node
import { readFileSync } from 'node:fs';
import { stripVTControlCharacters } from 'node:util';

import { type ArgsDef, type CommandDef, defineCommand, runCommand } from 'citty';

import { checkArguments, UsageError } from './arguments.js';
import { dev } from './commands/dev.js';
import { sandbox } from './commands/sandbox.js';
import { sdl } from './commands/sdl.js';
import { serve } from './commands/serve.js';
import { describeError } from './describe-error.js';
import { ConfigurationError } from './environment.js';
import { renderHelp } from './help.js';
import { ListenError } from './listen.js';

const commands: Readonly<Record<string, CommandDef>> = { serve, dev, sandbox, sdl };
const packageJson = readFileSync(new URL('../../package.json', import.meta.url), 'utf8');
const { version } = JSON.parse(packageJson) as { version: string };

const main = defineCommand({
  meta: { name: 'xkit-graphql', version, description: 'GraphQL over the Xkit Platform API' },
  subCommands: commands,
});

try {
  await run(process.argv.slice(2));
} catch (error) {
  const isUsers = error instanceof UsageError || error instanceof ConfigurationError;
  process.exitCode = isUsers ? 2 : 1;
  if (isUsers || error instanceof ListenError) {
    process.stderr.write(`${error.message}\n`);
  } else {
    const { error: name, at } = describeError(error);
    process.stderr.write(['Failed unexpectedly, please report this:', name, ...at, ''].join('\n'));
  }
}

async function run([name, ...rest]: string[]): Promise<void> {
  if (name === '--version' || name === '-v') return print(`${version}\n`);
  if (name === undefined || isHelp(name)) return print(await renderHelp(main, 'xkit-graphql'));
  const command = Object.hasOwn(commands, name) ? commands[name] : undefined;
  if (!command) throw new UsageError(`There is no command '${name}'.`, 'xkit-graphql');
  if (rest.some(isHelp)) return print(await renderHelp(command, name, main));
  checkArguments(`xkit-graphql ${name}`, (command.args ?? {}) as ArgsDef, rest);
  await runCommand(command, { rawArgs: rest });
}

function isHelp(argument: string): boolean {
  return argument === '--help' || argument === '-h';
}

/** Prints for people; in a pipe or a file without colours. */
function print(text: string): void {
  process.stdout.write(process.stdout.isTTY ? text : stripVTControlCharacters(text));
}
