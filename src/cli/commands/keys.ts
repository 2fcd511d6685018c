import { defineCommand } from 'citty';
import { createServiceKey, hashServiceKey } from '../../server/auth/service-key.js';
import { parsePolicyFile, PolicyFileError } from '../../server/auth/policy-file.js';
import { UsageError } from '../arguments.js';

const create = defineCommand({
  meta: { name: 'create', description: 'Creates a service key, and its entry for the policy file' },
  args: {
    caller: { type: 'string', default: 'my-bff', description: 'Id of the caller' },
    expires: { type: 'string', description: 'Date from which the key is rejected, such as 2027-01-31. Default: never' },
    json: { type: 'boolean', description: 'Prints JSON: caller, key, hash, expires' },
  },
  run({ args: { caller, expires = null, json } }) {
    const key = createServiceKey();
    const hash = hashServiceKey(key);
    check(caller, expires, hash);
    if (json) {
      process.stdout.write(`${JSON.stringify({ caller, key, hash, expires })}\n`);
      return;
    }
    // Not to standard output, which may go to the policy file: that file must not hold the key.
    process.stderr.write(toNotice(caller, key));
    process.stdout.write(toPolicy(caller, hash, expires));
  },
});

/** Creates service keys. */
export const keys = defineCommand({
  meta: { name: 'keys', description: 'Creates the service keys of callers' },
  subCommands: { create },
});

/** Checks the arguments by the rules of the policy file. */
function check(caller: string, expires: string | null, hash: string): void {
  const limits = { users: 'any', groups: 'any', connectors: 'any', scopes: ['connections:read'] };
  try {
    parsePolicyFile(JSON.stringify({ callers: [{ id: caller, ...limits, keys: [{ hash, expires }] }] }));
  } catch (error) {
    if (!(error instanceof PolicyFileError)) throw error;
    const problems = error.problems.map((problem) =>
      problem.replace('callers[0].id', '--caller').replace('callers[0].keys[0].expires', '--expires'),
    );
    throw new UsageError(problems.join('\n'), 'xkit-graphql keys create');
  }
}

function toNotice(caller: string, key: string): string {
  return `
  The service key of ${caller}. It is not stored, so it cannot be shown again:

${key}

  The entry for the policy file, on standard output. Limit it to what ${caller} may read. If the file already has
  this caller, add only the line with the hash to its keys:

`;
}

function toPolicy(caller: string, hash: string, expires: string | null): string {
  return `callers:
  - id: ${caller}
    scopes: [connections:read, tokens:read]
    users: any
    groups: []
    connectors: any
    keys:
      - hash: ${hash}${expires === null ? '' : `\n        expires: ${expires}`}
`;
}
