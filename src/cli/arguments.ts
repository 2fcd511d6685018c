import { parseArgs } from 'node:util';
import type { ArgsDef } from 'citty';

/** Reports a problem of a command line, and how to see the help. */
export class UsageError extends Error {
  override readonly name = 'UsageError';

  constructor(problem: string, command: string) {
    super(`${problem}\nSee: ${command} --help`);
  }
}

/**
 * Rejects errors that citty silently ignores: an unknown flag, an extra value, or a missing value.
 *
 * @throws {UsageError} with the first problem
 */
export function checkArguments(command: string, definitions: ArgsDef, rawArgs: string[]): void {
  const entries = Object.entries(definitions);
  const positional = entries.filter(([, { type }]) => type === 'positional').map(([name]) => name);
  const options = Object.fromEntries(
    entries
      .filter(([name]) => !positional.includes(name))
      .map(([name, { type }]) => [name, { type: type === 'boolean' ? ('boolean' as const) : ('string' as const) }]),
  );
  try {
    // Node decodes arguments leniently, so that two different ids could become the same one.
    const garbled = rawArgs.findIndex((argument) => argument.includes('\ufffd'));
    if (garbled >= 0) throw new Error(`Argument ${garbled + 1} is not UTF-8 text.`);
    const allowPositionals = positional.length > 0;
    const { values, positionals } = parseArgs({ args: rawArgs, options, strict: true, allowPositionals });
    const [tooMany] = positionals.slice(positional.length);
    if (tooMany !== undefined) throw new Error(`Unexpected argument '${tooMany}'.`);
    const missing = positional[positionals.length];
    if (missing !== undefined) throw new Error(`Missing argument '${missing}'.`);
    for (const [name, value] of Object.entries(values)) {
      const definition = definitions[name];
      const allowed = definition?.type === 'enum' ? definition.options : undefined;
      if (allowed && !allowed.includes(String(value))) throw new Error(`--${name} must be ${allowed.join(' or ')}.`);
    }
  } catch (error) {
    throw new UsageError((error as Error).message, command);
  }
}
