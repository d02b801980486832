/**
 * The tests that mutation testing runs: those of the edge check and of what it shares with issuers, with Node.js in place
 * of njs (see `node-edge.ts`). `npx vitest run --config test/mutation/vitest.config.ts` runs them once without it.
 */
import { statSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vitest/config';
import { BaseSequencer, type TestSpecification } from 'vitest/node';

/** A mutant is done with at the first test that fails: most fail in the tables, so that the corpus need not be loaded. */
class SmallFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const size = ({ moduleId }: TestSpecification): number =>
      statSync(moduleId).size + (moduleId.includes('/adversarial/') ? 1e9 : 0);
    return files.toSorted((a, b) => size(a) - size(b));
  }
}

const helper = (name: string): string => fileURLToPath(new URL(`../helpers/${name}`, import.meta.url));

// biome-ignore lint/style/noDefaultExport: vitest asks for it
export default defineConfig({
  resolve: {
    alias: [
      { find: /^.*\/helpers\/njs\.ts$/, replacement: helper('node-edge.ts') },
      { find: /^.*\/bundle\/edge\.ts$/, replacement: helper('node-bundle.ts') },
    ],
  },
  test: {
    // Not those of the reference verifier: it shares no code with the edge check, so they kill nothing here.
    include: ['test/runtime/{base,token,keys}/**/*.test.ts', 'test/adversarial/**/*.test.ts'],
    // Random requests: what they find has cases of its own in the tables, and each run takes longer than all of those.
    exclude: [
      'test/runtime/base/mutation.test.ts',
      // Counts njs's instructions and the bytes of what ships.
      'test/runtime/base/edge-cost.test.ts',
      // Lambda functions, which are not mutated.
      'test/runtime/base/{keys,revocations}*.test.ts',
    ],
    sequence: { sequencer: SmallFirst },
    setupFiles: ['test/mutation/left-out.ts', 'test/mutation/coverage.ts'],
    testTimeout: 10_000,
    maxWorkers: 2,
  },
});
