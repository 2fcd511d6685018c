import { defineCommand } from 'citty';

import { printSdl } from '../sdl.js';

/** Prints the schema. */
export const sdl = defineCommand({
  meta: { name: 'sdl', description: 'Prints the schema in GraphQL SDL, sorted and with its descriptions' },
  run() {
    process.stdout.write(printSdl());
  },
});
