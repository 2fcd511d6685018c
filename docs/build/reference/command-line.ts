import { type CommandHelp, ENVIRONMENT } from './help.js';
import { toHead } from './markdown.js';

/** Writes the reference of the command line: what `--help` prints, but for the variables. */
export function toCommandLineReference([program, ...commands]: readonly [CommandHelp, ...CommandHelp[]]): string {
  const [exitCodes = ''] = /EXIT CODES\n\n(?: {2}.*\n?)+/.exec(program.text) ?? [];
  return `${toHead('Command line')}
In a clone, \`xkit-graphql\` stands for \`node dist/cli/bin.js\`, after \`npm run build\`. What a command reads from the environment is in
[Configuration](configuration.md). Commands without exit codes of their own have those of the program.

${[
  toSection('xkit-graphql', program.text),
  ...commands.map(({ path, text }) => toSection(`xkit-graphql ${path}`, text.replace(exitCodes, ''))),
].join('\n')}`;
}

function toSection(title: string, help: string): string {
  const [first = '', ...rest] = help.split('\n');
  const [what] = first.split(' (xkit-graphql');
  const text = rest
    .join('\n')
    .replaceAll(ENVIRONMENT, '')
    .replaceAll(/\n{3,}/g, '\n\n');
  return `## ${title}

${what}.

\`\`\`text
${text.trim()}
\`\`\`
`;
}
