import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

import { toHead } from './markdown.js';

/** Writes the list of the decision notes of a folder. */
export function listDecisions(folder: string): string {
  const lines = readdirSync(folder)
    .filter((name) => /^\d/.test(name))
    .toSorted()
    .map((name) => `- [${readTitle(join(folder, name))}](${name})`);
  return `${toHead('Decisions')}\nWhat somebody might undo, and why it is as it is.\n\n${lines.join('\n')}\n`;
}

function readTitle(path: string): string {
  const [, title] = /^# (.+)$/m.exec(readFileSync(path, 'utf8')) ?? [];
  if (title === undefined) throw new Error(`${path} has no title: begin it with a line such as "# 042: …".`);
  return title;
}
