import { execFileSync, spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';

import { CriticalityLevel, diff } from '@graphql-inspector/core';
import { buildSchema } from 'graphql';

/** Returns the changes of a schema that break the callers of an earlier one. */
export async function findBreakingChanges(earlier: string, later: string): Promise<string[]> {
  const changes = await diff(buildSchema(earlier), buildSchema(later));
  return changes
    .filter(({ criticality }) => criticality.level === CriticalityLevel.Breaking)
    .map(({ message }) => message);
}

/** Reads a file at the last tag. Returns null before the first tag. */
function readAtLastTag(path: string): { readonly tag: string; readonly text: string } | null {
  const { status, stdout } = spawnSync('git', ['describe', '--tags', '--abbrev=0'], { encoding: 'utf8' });
  if (status !== 0) return null;
  const tag = stdout.trim();
  return { tag, text: execFileSync('git', ['show', `${tag}:${path}`], { encoding: 'utf8' }) };
}

if (import.meta.filename === process.argv[1]) {
  const released = readAtLastTag('schema.graphql');
  if (released === null) {
    process.stdout.write('schema: no released version to compare with\n');
  } else {
    const breaking = await findBreakingChanges(released.text, readFileSync('schema.graphql', 'utf8'));
    process.stdout.write(`schema: ${breaking.length} breaking changes since ${released.tag}\n`);
    for (const change of breaking) process.stdout.write(`  ${change}\n`);
    // A breaking change needs a major version, which a changeset must announce.
    const isAnnounced = spawnSync('grep', ['-rlE', '"xkit-graphql": major', '.changeset']).status === 0;
    if (breaking.length > 0 && !isAnnounced) process.exitCode = 1;
  }
}
