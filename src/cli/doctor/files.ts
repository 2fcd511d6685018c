import { constants } from 'node:fs';
import { access, open, stat, statfs } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import { createShape } from '../../schema/shape.js';
import type { ServeConfiguration } from '../../server/config/configuration.js';
import { type Environment, FILE_VARIABLES } from '../../server/config/environment.js';
import { loadCreateSchema } from '../../server/graphql/composition.js';
import { ManifestError, readManifest } from '../../server/graphql/trusted-documents.js';
import { type Check, failed, type Finding, ok, warning } from './check.js';

const READABLE_BY_OTHERS = 0o004;

/** Checks who may read the files that hold secrets. */
export function createSecretFilesCheck(environment: Environment, broken: ReadonlySet<string>): Check {
  // A publishable key is not secret. The configuration reports a file that cannot be read.
  const secrets = FILE_VARIABLES.filter((name) => name !== 'XKIT_PUBLISHABLE_KEY' && !broken.has(name));
  const files = secrets.flatMap((name) => {
    const path = environment[`${name}_FILE`];
    return path ? [{ variable: `${name}_FILE`, path }] : [];
  });
  return {
    id: 'secret-files',
    title: 'Secret files',
    run: async () => {
      if (files.length === 0) return ok('No secret is read from a file: the secrets are in variables.');
      const modes = await Promise.all(files.map(async ({ path }) => (await stat(path)).mode));
      const exposed = files.filter((_, index) => ((modes[index] ?? 0) & READABLE_BY_OTHERS) !== 0);
      if (exposed.length === 0) return ok('Only their owner and group may read them.');
      return warning(
        exposed.map(({ variable }) => `The file in ${variable} can be read by every user of this machine.`),
        `Remove this permission: ${exposed.map(({ variable }) => `chmod o-r "$${variable}"`).join('; ')}. In Kubernetes, set defaultMode to 0440.`,
      );
    },
  };
}

/** Checks whether each trusted document can be executed. */
export function createTrustedDocumentsCheck(path: string, { composition }: ServeConfiguration): Check {
  return {
    id: 'trusted-documents',
    title: 'Trusted documents',
    after: ['packages'],
    run: async () => {
      const schema = createShape(await loadCreateSchema(composition), composition);
      try {
        return ok(`All ${readManifest(path, schema).size} documents of the manifest can be executed.`);
      } catch (error) {
        if (!(error instanceof ManifestError)) throw error;
        return failed(error.problems, 'Generate the manifest again with codegen, and check XKIT_TRUSTED_DOCUMENTS.');
      }
    },
  };
}

/** Below this much free disk space, the audit log gets a warning. */
const MIN_FREE_MIB = 100;
const BYTES_PER_MIB = 1_048_576;

/** Checks whether audit events can be written. Does not create the file. */
export function createAuditCheck({ audit: { path } }: ServeConfiguration): Check {
  return {
    id: 'audit',
    title: 'Audit log',
    run: async () => {
      if (path === null) return ok('Audit events go to standard output.');
      const folder = dirname(resolve(path));
      // O_RDWR, as the server opens it: O_WRONLY would wait for the reader of a named pipe.
      let code = await toErrorCode(async () => (await open(path, constants.O_RDWR | constants.O_APPEND)).close());
      // The server creates the file if its folder is writable.
      if (code === 'ENOENT') code = await toErrorCode(() => access(folder, constants.W_OK | constants.X_OK));
      if (code !== null) return describeAuditProblem(code);
      const { bavail, bsize } = await statfs(folder);
      return judgeSpace((bavail * bsize) / BYTES_PER_MIB);
    },
  };
}

/** Judges the free disk space of the audit log. */
export function judgeSpace(freeMib: number): Finding {
  if (freeMib >= MIN_FREE_MIB) return ok('Audit events can be written to the file in XKIT_AUDIT_LOG.');
  return warning(
    `The disk of XKIT_AUDIT_LOG has only ${Math.floor(freeMib)} MiB free. When it is full, tokens are withheld.`,
    'Free some space on that disk, or move the file to another disk.',
  );
}

async function toErrorCode(attempt: () => Promise<void>): Promise<string | null> {
  try {
    await attempt();
    return null;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code ?? 'unknown error';
  }
}

function describeAuditProblem(code: string): Finding {
  switch (code) {
    case 'ENOENT':
      return failed(
        'The folder of the file in XKIT_AUDIT_LOG does not exist.',
        'Create the folder, or choose another file.',
      );
    case 'EISDIR':
      return failed('XKIT_AUDIT_LOG is a folder.', 'Set it to a file in that folder.');
    case 'EACCES':
    case 'EPERM':
    case 'EROFS':
      return failed(
        `This program has no permission to write the file in XKIT_AUDIT_LOG (${code}).`,
        'Give the permission to the user that runs this program, or choose another file.',
      );
    default:
      return failed(
        `The file in XKIT_AUDIT_LOG cannot be opened: ${code}.`,
        'Choose a file that this program can append to.',
      );
  }
}
