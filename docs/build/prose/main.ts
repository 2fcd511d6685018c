import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

import { findProblems } from './find-problems.js';
import { readProse } from './read-prose.js';

// Checks the prose of the project, or of the files that the arguments name, and exits 1 if it finds a problem.

const FOLDERS = ['.changeset', 'docs', 'examples', 'src', 'bench', 'test'];
/** Generated files, and the files that quote what the check forbids. */
const EXCLUDED =
  /node_modules|__generated__|\/\.|docs\/reference\/|docs\/decisions\/README|docs\/build\/prose\/patterns|test\/docs\/prose\.test/;

const files = process.argv.slice(2);
if (files.length === 0) {
  files.push(...readdirSync('.').filter((name) => /\.(?:md|ts)$/.test(name)));
  for (const folder of FOLDERS) {
    const names = readdirSync(folder, { recursive: true, encoding: 'utf8' }).map((name) => join(folder, name));
    files.push(...names.filter((name) => /\.(?:md|ts|js|yaml)$/.test(name) && !EXCLUDED.test(name)));
  }
}

let problems = 0;
for (const prose of files.flatMap((file) => readProse(file, readFileSync(file, 'utf8')))) {
  for (const problem of findProblems(prose)) {
    problems += 1;
    process.stdout.write(`${prose.file}:${prose.line}: ${problem}\n`);
  }
}
if (problems > 0) {
  process.stdout.write(`${problems} problems. docs/glossary.md lists the terms, CONTRIBUTING.md the rules.\n`);
  process.exitCode = 1;
}
