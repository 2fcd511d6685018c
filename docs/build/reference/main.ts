import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';

import { toCommandLineReference } from './command-line.js';
import { toConfigurationReference } from './configuration.js';
import { listDecisions } from './decisions.js';
import { toErrorReference } from './errors.js';
import { listHelp } from './help.js';
import { toSchemaReference } from './schema.js';

// Writes the pages that are generated from the program. With --check, only reports which pages are out of date.
const { values } = parseArgs({ options: { check: { type: 'boolean', default: false } } });

const helps = await listHelp();
const pages = {
  'docs/reference/schema.md': toSchemaReference(readFileSync('schema.graphql', 'utf8')),
  'docs/reference/configuration.md': toConfigurationReference(helps),
  'docs/reference/errors.md': toErrorReference(),
  'docs/reference/command-line.md': toCommandLineReference(helps),
  'docs/decisions/README.md': listDecisions('docs/decisions'),
};

mkdirSync('docs/reference', { recursive: true });
for (const [path, text] of Object.entries(pages)) {
  if (!values.check) writeFileSync(path, text);
  else if (readOrNull(path) !== text) {
    process.stderr.write(`${path} is out of date. Generate it again: npm run reference\n`);
    process.exitCode = 1;
  }
}

function readOrNull(path: string): string | null {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return null;
  }
}
