import { readFileSync } from 'node:fs';

/** Advice for a missing policy file. */
export const MAKE_A_POLICY_FILE = 'Create one with: xkit-graphql keys create > policy.yaml';

const PROBLEMS: Readonly<Record<string, string>> = {
  ENOENT: 'there is no such file',
  EISDIR: 'it is a folder',
  EACCES: 'this program has no permission to read it',
  ERR_ENCODING_INVALID_ENCODED_DATA: 'it is not UTF-8 text',
};

const UTF_8 = new TextDecoder('utf-8', { fatal: true });

/**
 * Reads a text file, without its byte order mark. Refuses bytes that are not UTF-8: a lenient decoder could turn two
 * different ids into the same id.
 *
 * @throws {Error} with a code that {@link describeFileProblem} knows
 */
export function readTextFile(path: string): string {
  return UTF_8.decode(readFileSync(path));
}

/** Describes why a file cannot be read: in words if possible, else by the system's error code. */
export function describeFileProblem(error: unknown): string {
  const { code = 'unknown error' } = error as NodeJS.ErrnoException;
  return PROBLEMS[code] ?? code;
}
