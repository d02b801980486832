/**
 * Corrects what Stryker takes to be covered by a test, in two ways.
 *
 * What a file of sources works out when it is loaded (regular expressions, tables) counts as run by every test of the files
 * that load it. Stryker counts it as run by no test in particular, and would either leave it out or run all tests. For
 * that a mutant is switched on before sources are loaded; every test file loads them anew (`isolate`).
 *
 * What one test of a suite ran counts as run by all of the suite: a table whose cases are judged at once, when the first
 * result is asked for, has its other expectations in the other tests.
 */
import { afterAll, beforeEach, inject } from 'vitest';

type Counts = Record<string, number>;

/** What instrumented sources and Stryker's own set-up file share. */
interface Shared {
  activeMutant?: string | undefined;
  currentTestId?: string | undefined;
  mutantCoverage?: { static: Counts; perTest: Record<string, Counts> };
}

const provided = inject as unknown as (name: string) => unknown;
const shared = (globalThis as unknown as { __stryker__?: Shared }).__stryker__;

if (shared !== undefined && provided('mode') === 'mutant') shared.activeMutant = provided('activeMutant') as string;

if (shared !== undefined && provided('mode') === 'dry-run') {
  const suites = new Map<unknown, Set<string>>();
  beforeEach(({ task }) => {
    const suite = task.suite ?? task.file;
    suites.set(suite, (suites.get(suite) ?? new Set()).add(shared.currentTestId as string));
  });
  // Runs before the one of Stryker, which was there first: the last hook comes first.
  afterAll(() => {
    const coverage = shared.mutantCoverage;
    if (coverage === undefined) return;
    for (const tests of suites.values()) {
      const all: Counts = { ...coverage.static };
      for (const test of tests) {
        for (const [mutant, hits] of Object.entries(coverage.perTest[test] ?? {}))
          all[mutant] = (all[mutant] ?? 0) + hits;
      }
      for (const test of tests) coverage.perTest[test] = all;
    }
    coverage.static = {};
  });
}
