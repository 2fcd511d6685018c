import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    globalSetup: 'test/support/build.ts',
    testTimeout: 20_000,
    hookTimeout: 60_000,
    // Vitest would load the ESM build of graphql-js, and Yoga and Pothos the CommonJS one: two realms of types.
    alias: [{ find: /^graphql$/, replacement: 'graphql/index.js' }],
    projects: [
      {
        extends: true,
        test: {
          name: 'rules',
          include: ['test/**/*.test.ts'],
          exclude: ['test/{faults,browser}/**', 'test/bench/guard.test.ts'],
          // One more than vitest's default, because most of them wait for processes that they have started.
          maxWorkers: '100%',
          sequence: { groupOrder: 1 },
        },
      },
      {
        // The measurements are valid only while nothing else runs.
        extends: true,
        test: {
          name: 'faults',
          include: ['test/faults/*.test.ts', 'test/bench/guard.test.ts'],
          fileParallelism: false,
          // Other programs may also use the machine, so the best of three attempts counts.
          retry: 2,
          sequence: { groupOrder: 2 },
        },
      },
      {
        // If other tests ran, a page that is slow to open would only show their load.
        extends: true,
        test: {
          name: 'browser',
          include: ['test/browser/*.test.ts'],
          fileParallelism: false,
          retry: 2,
          sequence: { groupOrder: 3 },
        },
      },
    ],
  },
});
