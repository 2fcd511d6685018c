import { defineCommand } from 'citty';
import { printSdl } from '../../server/graphql/composition.js';
import { readComposition } from '../../server/config/configuration.js';

/** Prints the schema. */
export const sdl = defineCommand({
  meta: { name: 'sdl', description: 'Prints the schema in GraphQL SDL, with its descriptions, for the same variables' },
  async run() {
    process.stdout.write(await printSdl(readComposition()));
  },
});
