import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    globalSetup: 'test/support/build.ts',
    testTimeout: 20_000,
    hookTimeout: 60_000,
    // Vitest would load the ESM build of graphql-js, and Yoga and Pothos the CommonJS one: two realms of types.
    alias: [{ find: /^graphql$/, replacement: 'graphql/index.js' }],
  },
});
