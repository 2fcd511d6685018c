import { constants } from 'node:fs';
import { access, open, statfs } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';

import type { ServeConfiguration } from '../../server/config/configuration.js';
import { type Check, failed, type Finding, ok, warning } from './check.js';

/** Space on the disk under which there is a warning, in MiB. */
const MIN_FREE_MIB = 100;
const BYTES_OF_MIB = 1_048_576;

/** Looks whether audit events can be written; a file that is not there yet is not made. */
export function createAuditCheck({ audit: { path } }: ServeConfiguration): Check {
  return {
    id: 'audit',
    title: 'Audit log',
    run: async () => {
      if (path === null) return ok('Events go to standard output.');
      const code = await findHindrance(path);
      if (code !== null) return toProblem(code);
      const { bavail, bsize } = await statfs(dirname(resolve(path)));
      return judgeSpace((bavail * bsize) / BYTES_OF_MIB);
    },
  };
}

/** Judges how much space there is for events. */
export function judgeSpace(freeMib: number): Finding {
  if (freeMib >= MIN_FREE_MIB) return ok('Events can be written to the file of XKIT_AUDIT_LOG.');
  return warning(
    `There are only ${Math.floor(freeMib)} MiB left for the file of XKIT_AUDIT_LOG. Once it is full no token is given out.`,
    'Make room on that disk, or move the file to another one.',
  );
}

/** Opens a file as the server does, but for making it: gives the system's code of what hinders that, or null. */
async function findHindrance(path: string): Promise<string | null> {
  try {
    // For reading too, as the server does: a named pipe would else be waited for.
    const file = await open(path, constants.O_RDWR | constants.O_APPEND);
    await file.close();
    return null;
  } catch (error) {
    const { code = 'unknown error' } = error as NodeJS.ErrnoException;
    if (code !== 'ENOENT') return code;
  }
  try {
    await access(dirname(resolve(path)), constants.W_OK | constants.X_OK);
    return null;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code ?? 'unknown error';
  }
}

function toProblem(code: string): Finding {
  switch (code) {
    case 'ENOENT':
      return failed('There is no folder for the file of XKIT_AUDIT_LOG.', 'Make the folder, or name another file.');
    case 'EISDIR':
      return failed('XKIT_AUDIT_LOG names a folder.', 'Name a file in it.');
    case 'EACCES':
    case 'EPERM':
    case 'EROFS':
      return failed(
        `This program has no right to write the file of XKIT_AUDIT_LOG (${code}).`,
        'Give that right to the user that it runs as, or name another file.',
      );
    default:
      return failed(`The file of XKIT_AUDIT_LOG cannot be opened: ${code}.`, 'Name a file that can be appended to.');
  }
}
