import { stripVTControlCharacters } from 'node:util';

import type { CommandDef } from 'citty';

import { commands, findCommand, main } from '../../../src/server/commands.js';
import { renderHelp } from '../../../src/server/help.js';
import { toHead } from './markdown.js';

/** Writes the reference of the command line: what `--help` prints. */
export async function toCommandLineReference(): Promise<string> {
  const sections = [await toSection(main, 'xkit-graphql')];
  for (const name of Object.keys(commands)) {
    const { command, parent } = await findCommand(name, []);
    sections.push(await toSection(command, name, parent));
    for (const subName of Object.keys(command.subCommands ?? {})) {
      const below = await findCommand(name, [subName]);
      sections.push(await toSection(below.command, below.path, below.parent));
    }
  }
  return `${toHead('Command line')}
In a clone, \`xkit-graphql\` stands for \`node dist/server/cli.js\`, after \`npm run build\`. What a command reads from the environment is in
[Configuration](configuration.md).

${sections.join('\n')}`;
}

async function toSection(command: CommandDef, path: string, parent?: CommandDef): Promise<string> {
  const help = stripVTControlCharacters(await renderHelp(command, path, parent));
  const [first = '', ...rest] = help.replaceAll(/ +$/gm, '').split('\n');
  const [what] = first.split(' (xkit-graphql');
  return `## ${parent ? `xkit-graphql ${path}` : path}

${what}.

\`\`\`text
${withoutRepeated(rest.join('\n'), parent === undefined)}
\`\`\`
`;
}

/** Takes away what is in another place: the variables, and the exit codes, which the program's own help has. */
function withoutRepeated(help: string, isMain: boolean): string {
  const withoutVariables = help.replace(/ENVIRONMENT\n\n(?: {2}.*\n?)+/, '');
  const kept = isMain ? withoutVariables : withoutVariables.replace(/EXIT CODES\n\n(?: {2}.*\n?)+/, '');
  return kept.replaceAll(/\n{3,}/g, '\n\n').trim();
}
