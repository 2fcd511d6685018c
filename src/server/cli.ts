#!/usr/bin/env node
import { stripVTControlCharacters } from 'node:util';

import { type ArgsDef, type CommandDef, defineCommand, runCommand } from 'citty';

import { checkArguments, UsageError } from './arguments.js';
import { renderHelp } from './help.js';
import { reportFailure } from './report-failure.js';
import { readVersion } from './version.js';

/** Each is loaded when it is asked for: what serves in production need not load a sandbox. */
const commands: Readonly<Record<string, () => Promise<CommandDef>>> = {
  serve: async () => (await import('./commands/serve.js')).serve,
  dev: async () => (await import('./commands/dev.js')).dev,
  doctor: async () => (await import('./commands/doctor.js')).doctor,
  query: async () => (await import('./commands/query.js')).query,
  sandbox: async () => (await import('./commands/sandbox.js')).sandbox,
  keys: async () => (await import('./commands/keys.js')).keys,
  sdl: async () => (await import('./commands/sdl.js')).sdl,
};
const version = readVersion();

const main = defineCommand({
  meta: { name: 'xkit-graphql', version, description: 'GraphQL over the Xkit Platform API' },
  subCommands: commands,
});

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
  const { command, path, parent, rawArgs } = await find(name, rest);
  if (rawArgs.some(isHelp) || command.subCommands) return print(await renderHelp(command, path, parent));
  checkArguments(`xkit-graphql ${path}`, (command.args ?? {}) as ArgsDef, rawArgs);
  await runCommand(command, { rawArgs });
}

/** Finds a command, or the one below it that the first argument names. */
async function find(name: string, rest: string[]) {
  const command = await get(commands, name)?.();
  if (!command) throw new UsageError(`There is no command '${name}'.`, 'xkit-graphql');
  const [subName, ...subArgs] = rest;
  if (!command.subCommands || subName === undefined || isHelp(subName)) {
    return { command, path: name, parent: main, rawArgs: rest };
  }
  const subCommand = get(command.subCommands as Record<string, CommandDef>, subName);
  if (!subCommand) throw new UsageError(`There is no command '${name} ${subName}'.`, `xkit-graphql ${name}`);
  const parent: CommandDef = { ...command, meta: { name: `xkit-graphql ${name}` } };
  return { command: subCommand, path: `${name} ${subName}`, parent, rawArgs: subArgs };
}

function get<Value>(from: Readonly<Record<string, Value>>, name: string): Value | undefined {
  return Object.hasOwn(from, name) ? from[name] : undefined;
}

function isHelp(argument: string): boolean {
  return argument === '--help' || argument === '-h';
}

/** Prints for people; in a pipe or a file without colours. */
function print(text: string): void {
  process.stdout.write(process.stdout.isTTY ? text : stripVTControlCharacters(text));
}
