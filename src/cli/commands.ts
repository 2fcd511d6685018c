import { type CommandDef, defineCommand } from 'citty';
import { UsageError } from './arguments.js';
import { readVersion } from './version.js';

/** The commands by name. Each is loaded on demand, so that a production server does not load the sandbox. */
export const commands: Readonly<Record<string, () => Promise<CommandDef>>> = {
  serve: async () => (await import('./commands/serve.js')).serve,
  dev: async () => (await import('./commands/dev.js')).dev,
  doctor: async () => (await import('./commands/doctor.js')).doctor,
  query: async () => (await import('./commands/query.js')).query,
  sandbox: async () => (await import('./commands/sandbox.js')).sandbox,
  keys: async () => (await import('./commands/keys.js')).keys,
  sdl: async () => (await import('./commands/sdl.js')).sdl,
};

/** The version of this program. */
export const version = readVersion();

/** The program, for its help. */
export const main: CommandDef = defineCommand({
  meta: { name: 'xkit-graphql', version, description: 'GraphQL over the Xkit Platform API' },
  subCommands: commands,
});

interface FoundCommand {
  readonly command: CommandDef;
  /** Its name without the program's, such as `keys create`. */
  readonly path: string;
  readonly parent: CommandDef;
  /** The arguments after its name. */
  readonly rawArgs: string[];
}

/**
 * Finds a command, or the subcommand that the first argument names.
 *
 * @throws {UsageError} if the command does not exist
 */
export async function findCommand(name: string, rest: string[]): Promise<FoundCommand> {
  const command = await get(commands, name)?.();
  if (!command) throw new UsageError(`Unknown command '${name}'.`, 'xkit-graphql');
  const [subName, ...subArgs] = rest;
  if (!command.subCommands || subName === undefined || isHelp(subName)) {
    return { command, path: name, parent: main, rawArgs: rest };
  }
  const subCommand = get(command.subCommands as Record<string, CommandDef>, subName);
  if (!subCommand) throw new UsageError(`Unknown command '${name} ${subName}'.`, `xkit-graphql ${name}`);
  const parent: CommandDef = { ...command, meta: { name: `xkit-graphql ${name}` } };
  return { command: subCommand, path: `${name} ${subName}`, parent, rawArgs: subArgs };
}

/** Returns whether an argument requests help. */
export function isHelp(argument: string): boolean {
  return argument === '--help' || argument === '-h';
}

function get<Value>(from: Readonly<Record<string, Value>>, name: string): Value | undefined {
  return Object.hasOwn(from, name) ? from[name] : undefined;
}
