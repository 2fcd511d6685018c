import { stripVTControlCharacters } from 'node:util';

import type { CommandDef } from 'citty';

import { commands, findCommand, main } from '../../../src/cli/commands.js';
import { renderHelp } from '../../../src/cli/help.js';

/** What `--help` prints about a command. */
export interface CommandHelp {
  /** Its name after that of the program, such as `keys create`. */
  readonly path: string;
  readonly text: string;
}

/** Reads the help of the program, and then that of each command. */
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

/** Finds the parts of a help that list environment variables; arguments are in others. */
export const ENVIRONMENT = /^ENVIRONMENT.*\n\n(?: {2}.*\n?)+/gm;

async function toHelp(command: CommandDef, path: string, parent?: CommandDef): Promise<CommandHelp> {
  const text = stripVTControlCharacters(await renderHelp(command, path, parent));
  return { path, text: text.replaceAll(/ +$/gm, '') };
}
