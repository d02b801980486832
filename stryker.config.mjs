/**
 * Mutation testing of the edge check, of what it shares with issuers, and of the edge state. `npm run mutation` runs it and
 * then compares what survived with `test/mutation/survivors.yaml`.
 */

// biome-ignore lint/style/noDefaultExport: Stryker asks for it
export default {
  mutate: [
    'runtime/token/**/*.ts',
    'runtime/base/**/*.ts',
    'runtime/keys/state.ts',
    '!runtime/**/*.d.ts',
    // Runs where the template is made, not where requests are judged.
    '!runtime/base/edge-settings.ts',
    // Lambda functions: `npm run model` and the tests beside it are about them.
    '!runtime/base/{clients,custom-resource,environment,lambda,key-*,keys*,revo*}.ts',
  ],
  testRunner: 'vitest',
  plugins: ['@stryker-mutator/vitest-runner'],
  // The edge check is bundled by the tests, not imported: related files would find none of them.
  vitest: { configFile: 'test/mutation/vitest.config.ts', related: false },
  // As corrected by test/mutation/coverage.ts.
  coverageAnalysis: 'perTest',
  // Nothing here looks at types.
  disableTypeChecks: false,
  checkers: [],
  concurrency: 2,
  // Loops without end are noticed by counting; the clock alone would call a test on a busy machine one.
  timeoutMS: 60_000,
  ignorePatterns: ['/dist', '/out', '/docs', '/reports', '/.venv', '/pipelines'],
  tempDirName: 'reports/stryker',
  cleanTempDir: 'always',
  reporters: ['clear-text', 'json'],
  clearTextReporter: { allowColor: false, logTests: false, reportTests: false, reportScoreTable: true },
  jsonReporter: { fileName: 'reports/mutation/mutation.json' },
  thresholds: { high: 95, low: 90, break: 90 },
  allowEmpty: false,
};
