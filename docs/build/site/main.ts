import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';

import { Presets, SingleBar } from 'cli-progress';

import { readPages } from './read-pages.js';
import { writeSite } from './write-site.js';

const FOLDER = 'site';

// Writes the documents as web pages, which a browser can also open from the disk. Fails if a link is broken.
const site = readPages();
if (site.problems.length > 0) {
  process.stderr.write(`${site.problems.join('\n')}\n`);
  process.exitCode = 1;
} else {
  // Visible only on a terminal.
  const bar = new SingleBar({ format: '{bar} {value}/{total} pages', hideCursor: true }, Presets.shades_classic);
  bar.start(site.pages.size, 0);
  writeSite(site, FOLDER, () => bar.increment());
  bar.stop();
  process.stdout.write(`${site.pages.size} pages: ${pathToFileURL(resolve(FOLDER, 'index.html')).href}\n`);
}
