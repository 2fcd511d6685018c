import { parseArgs } from 'node:util';

import type { ArgsDef } from 'citty';

/** Says what is wrong with a command line, and where its help is. */
export class UsageError extends Error {
  override readonly name = 'UsageError';

  constructor(problem: string, command: string) {
    super(`${problem}\nSee: ${command} --help`);
  }
}

/**
 * Refuses what citty passes over in silence: an unknown flag, a value too many.
 *
 * @throws {UsageError} naming the first problem
 */
export function checkArguments(command: string, definitions: ArgsDef, rawArgs: string[]): void {
  const options = Object.fromEntries(
    Object.entries(definitions).map(([name, { type }]) => [
      name,
      { type: type === 'boolean' ? ('boolean' as const) : ('string' as const) },
    ]),
  );
  try {
    const { values } = parseArgs({ args: rawArgs, options, strict: true, allowPositionals: false });
    for (const [name, value] of Object.entries(values)) {
      const definition = definitions[name];
      const allowed = definition?.type === 'enum' ? definition.options : undefined;
      if (allowed && !allowed.includes(String(value))) throw new Error(`--${name} must be ${allowed.join(' or ')}.`);
    }
  } catch (error) {
    throw new UsageError((error as Error).message, command);
  }
}
