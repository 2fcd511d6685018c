import { type CommandHelp, ENVIRONMENT } from './help.js';
import { toHead } from './markdown.js';

/** Formats the reference of the command line: the output of `--help` without the environment variables. */
export function toCommandLineReference([program, ...commands]: readonly [CommandHelp, ...CommandHelp[]]): string {
  const [exitCodes = ''] = /EXIT CODES\n\n(?: {2}.*\n?)+/.exec(program.text) ?? [];
  return `${toHead('Command line')}
In a clone, use \`node dist/cli/bin.js\` instead of \`xkit-graphql\`, after \`npm run build\`. [Configuration](configuration.md) lists the
environment variables of each command. A command that lists no exit codes has those of the program.

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
