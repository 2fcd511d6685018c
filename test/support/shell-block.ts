import { existsSync, readFileSync } from 'node:fs';
import { Script } from 'node:vm';

import type { ArgsDef } from 'citty';
import { buildSchema, parse as parseGraphql, validate } from 'graphql';
import { parse } from 'shell-quote';

import { checkArguments } from '../../src/cli/arguments.js';
import { findCommand, isHelp } from '../../src/cli/commands.js';
import { knownVariables } from '../../src/server/config/variables.js';

const { scripts, ...packageJson } = JSON.parse(readFileSync('package.json', 'utf8')) as Record<
  'scripts' | 'peerDependencies' | 'dependencies' | 'devDependencies',
  Record<string, string>
>;
const packages = Object.assign({}, ...Object.values(packageJson)) as Record<string, unknown>;
const schema = buildSchema(readFileSync('schema.graphql', 'utf8'));

/** Programs of every system. Their arguments are not checked. */
const SYSTEM_PROGRAMS = new Set(['kill', 'printf', 'sha256sum', 'cut']);

/**
 * Checks the commands of a code block without running them. Their files, scripts, packages, variables and options must
 * exist.
 *
 * @throws {Error} that names the first one that does not exist
 */
export async function checkShell(text: string): Promise<void> {
  for (const line of text.replaceAll('\\\n', ' ').split('\n').filter(Boolean)) {
    for (const command of splitCommands(line)) await checkCommand(command);
  }
}

/** Splits a line into simple commands, without the targets of redirections. */
function splitCommands(line: string): string[][] {
  const commands: string[][] = [[]];
  const entries = parse(line, (name) => `$${name}`);
  entries.forEach((entry, index) => {
    const before = entries[index - 1];
    if (typeof before === 'object' && 'op' in before && before.op === '>') return;
    if (typeof entry === 'string') commands.at(-1)?.push(entry);
    else if ('op' in entry && entry.op !== '>') commands.push([]);
  });
  return commands;
}

async function checkCommand(words: readonly string[]): Promise<void> {
  const start = words.findIndex((word) => !/^[A-Z_]+=/.test(word));
  for (const assignment of words.slice(0, start)) checkVariable(assignment);
  const [program = '', ...args] = words.slice(start);
  if (SYSTEM_PROGRAMS.has(program)) return;
  const check = CHECKS[program];
  if (!check) throw new Error(`Nothing checks ${program}: say how in test/support/shell-block.ts.`);
  await check(args);
}

function checkVariable(assignment: string): void {
  const [name = ''] = assignment.split('=');
  // OpenTelemetry and the tests against a real tenant have their own variables.
  if (knownVariables.has(name) || /^(?:OTEL|XKIT_TEST)_/.test(name)) return;
  throw new Error(`${name} is not a variable of this program.`);
}

const CHECKS: Readonly<Record<string, (args: readonly string[]) => void | Promise<void>>> = {
  npm: ([name = '', ...args]) => {
    if (name === 'run') return require(scripts, args[0], 'npm script');
    if (name === 'install') return args.forEach(requirePackage);
    if (!['ci', 'start', 'test', 'pack'].includes(name)) throw new Error(`Nothing checks npm ${name}.`);
  },
  npx: ([program = '', ...args]) => {
    requireFile(`node_modules/.bin/${program}`);
    args.filter((item) => item.includes('/')).forEach(requireFile);
  },
  node: ([first = '', second = '', file = '']) => {
    if (first === '-p') return void new Script(second);
    if (first === 'dist/cli/bin.js') return checkCli([second, file].filter(Boolean));
    if (first !== '--import' || second !== 'tsx') throw new Error(`Nothing checks node ${first}.`);
    requireFile(file);
  },
  'xkit-graphql': checkCli,
  curl: (args) => {
    const data = args[args.findIndex((item) => item === '-d') + 1];
    if (data === undefined || !args.includes('-d')) return;
    const { query } = JSON.parse(data) as { query: string };
    const [error] = validate(schema, parseGraphql(query));
    if (error) throw error;
  },
};

async function checkCli([name = '', ...rest]: readonly string[]): Promise<void> {
  const { command, path, rawArgs } = await findCommand(name, rest);
  if (!rawArgs.some(isHelp)) checkArguments(`xkit-graphql ${path}`, (command.args ?? {}) as ArgsDef, rawArgs);
}

function require(known: Readonly<Record<string, unknown>>, name: string | undefined, what: string): void {
  if (name === undefined || !Object.hasOwn(known, name)) throw new Error(`${name} is no ${what}.`);
}

/** Requires that package.json names a package. If the block states a version, that version must be installed. */
function requirePackage(item: string): void {
  const [, name = '', version = ''] = /^(@?[^@]+)@?(.*)$/.exec(item) ?? [];
  require(packages, name, 'package of package.json');
  const installed = JSON.parse(readFileSync(`node_modules/${name}/package.json`, 'utf8')) as { version: string };
  if (!installed.version.startsWith(version)) throw new Error(`${name} is installed in ${installed.version}.`);
}

function requireFile(path: string): void {
  if (!existsSync(path)) throw new Error(`${path} is not there.`);
}
