import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    globalSetup: ['test/repository/build.setup.ts', 'test/helpers/secrets/log-watch.global.ts'],
    setupFiles: ['test/helpers/secrets/log-watch.setup.ts'],
    testTimeout: 60_000,
    // Two cores are the machines this has to be quick on; more workers only wait for each other.
    maxWorkers: 2,
  },
});
