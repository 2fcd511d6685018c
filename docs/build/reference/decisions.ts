import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

import { toHead } from './markdown.js';

/** Formats the list of the decision notes in a folder. */
export function listDecisions(folder: string): string {
  const lines = readdirSync(folder)
    .filter((name) => /^\d/.test(name))
    .toSorted()
    .map((name) => `- [${readTitle(join(folder, name))}](${name})`);
  return `${toHead('Decisions')}\nEach note records a decision that you might otherwise undo, and the reasons for it.\n\n${lines.join('\n')}\n`;
}

function readTitle(path: string): string {
  const [, title] = /^# (.+)$/m.exec(readFileSync(path, 'utf8')) ?? [];
  if (title === undefined) throw new Error(`${path} has no title: begin it with a line such as "# 042: …".`);
  return title;
}
