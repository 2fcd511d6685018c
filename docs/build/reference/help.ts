import { stripVTControlCharacters } from 'node:util';

import type { CommandDef } from 'citty';

import { commands, findCommand, main } from '../../../src/cli/commands.js';
import { renderHelp } from '../../../src/cli/help.js';

/** The output of `--help` for a command. */
export interface CommandHelp {
  /** The name of the command without the program's, such as `keys create`. */
  readonly path: string;
  readonly text: string;
}

/** Returns the help of the program, followed by the help of each command. */
export async function listHelp(): Promise<[CommandHelp, ...CommandHelp[]]> {
  const helps: [CommandHelp, ...CommandHelp[]] = [await toHelp(main, 'xkit-graphql')];
  for (const name of Object.keys(commands)) {
    const { command, parent } = await findCommand(name, []);
    helps.push(await toHelp(command, name, parent));
    for (const subName of Object.keys(command.subCommands ?? {})) {
      const below = await findCommand(name, [subName]);
      helps.push(await toHelp(below.command, below.path, below.parent));
    }
  }
  return helps;
}

/** Matches the parts of a help text that list environment variables, without the parts that list arguments. */
export const ENVIRONMENT = /^ENVIRONMENT.*\n\n(?: {2}.*\n?)+/gm;

async function toHelp(command: CommandDef, path: string, parent?: CommandDef): Promise<CommandHelp> {
  const text = stripVTControlCharacters(await renderHelp(command, path, parent));
  return { path, text: text.replaceAll(/ +$/gm, '') };
}
