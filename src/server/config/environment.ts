import type * as z from 'zod';
import { describeFileProblem, readTextFile } from './file-problem.js';

/** Environment variables, in the shape of `process.env`. */
export type Environment = Readonly<Record<string, string | undefined>>;

/** Address of a service. Kubernetes writes it to `XKIT_METRICS_PORT` for a service named `xkit-metrics`. */
const SERVICE_LINK = /^(?:tcp|udp|sctp):\/\//;
/** Variables of Kubernetes for a service named `xkit-…`, and of the tests against a real tenant. */
const NOT_OURS = /_SERVICE_(?:HOST|PORT)(?:_|$)|_PORT(?:_\d+_(?:TCP|UDP|SCTP)(?:_(?:PROTO|PORT|ADDR))?)?$|^XKIT_TEST_/;

/** Lists every problem of the configuration, by variable, never with a value. */
export class ConfigurationError extends Error {
  override readonly name = 'ConfigurationError';

  /** @param variables the variables that the problems are about, if known */
  constructor(
    readonly problems: readonly string[],
    readonly variables: readonly string[] = [],
  ) {
    super(['Invalid configuration:', ...problems.map((problem) => `  ${problem}`)].join('\n'));
  }
}

/** Variables that can be read from a file. `<name>_FILE` holds its path. */
export const FILE_VARIABLES = [
  'XKIT_PUBLISHABLE_KEY',
  'XKIT_SECRET_KEY',
  'XKIT_AUDIT_KEY',
  'XKIT_REDIS_URL',
  'XKIT_SERVICE_KEY',
];

/**
 * Parses environment variables.
 *
 * @param known the allowed names that begin with `XKIT_`
 * @param others problems of variables that are not this program's own, by variable
 * @throws {ConfigurationError} with every problem
 */
export function parseEnvironment<Variables extends z.ZodType & { readonly shape: object }>(
  variables: Variables,
  environment: Environment,
  known: ReadonlySet<string>,
  others: Iterable<readonly [name: string, problem: string]> = [],
): z.output<Variables> {
  // In a shell or a compose file, an empty variable means that it is not set.
  const values = Object.fromEntries(
    Object.entries(environment).filter(([, value]) => value !== '' && !SERVICE_LINK.test(value ?? '')),
  );
  const problems = new Map<string, string>(others);
  for (const name of Object.keys(values)) {
    // A misspelled allow-list, for example, would allow everything.
    if (name.startsWith('XKIT_') && !known.has(name) && !NOT_OURS.test(name)) {
      problems.set(name, `${name} is not a variable of this program: see --help for the correct name, or unset it`);
    }
  }
  for (const name of Object.keys(variables.shape)) {
    // Node decodes variables leniently, so that two different values could become the same one.
    if (values[name]?.includes('\ufffd')) problems.set(name, `${name} is not UTF-8 text`);
  }
  for (const name of FILE_VARIABLES.filter((variable) => variable in variables.shape)) {
    const problem = readFileVariable(name, values);
    if (problem !== null) problems.set(name, problem);
  }
  const result = variables.safeParse(values);
  for (const { path, message, code } of result.error?.issues ?? []) {
    const name = String(path[0]);
    const problem = code === 'invalid_type' && !message.startsWith('must be set') ? 'must be set' : message;
    if (!problems.has(name)) problems.set(name, `${name} ${problem}`);
  }
  if (!result.success || problems.size > 0) throw new ConfigurationError([...problems.values()], [...problems.keys()]);
  return result.data;
}

/** Sets a variable from the file in `<name>_FILE`, without one final line break. Returns the problem, or null. */
function readFileVariable(name: string, values: Record<string, string | undefined>): string | null {
  const path = values[`${name}_FILE`];
  if (path === undefined) return null;
  if (values[name] !== undefined) return `${name} and ${name}_FILE must not both be set`;
  try {
    values[name] = readTextFile(path).replace(/\r?\n$/, '');
    return null;
  } catch (error) {
    return `${name}_FILE cannot be read: ${describeFileProblem(error)}`;
  }
}
