import { defineCommand } from 'citty';
import { printSdl } from '../../server/graphql/composition.js';
import { readComposition } from '../../server/config/configuration.js';

/** Prints the schema. */
export const sdl = defineCommand({
  meta: {
    name: 'sdl',
    description: 'Prints the schema that serve executes with the same variables, as GraphQL SDL with descriptions',
  },
  async run() {
    process.stdout.write(await printSdl(readComposition()));
  },
});
