/** In every test file: fails it when anything that was written holds a secret. */
import { appendFileSync } from 'node:fs';
import { afterAll, afterEach, expect, inject } from 'vitest';
import { hidden, watched } from './log-watch.ts';

const state = watched();
const unseen = new Set<string>();

afterEach(() => {
  for (const what of hidden()) unseen.add(what);
  state.listeners.clear();
});

afterAll(() => {
  // Read by `log-watch.global.ts`, which counts for all files.
  appendFileSync(inject('logWatch'), `${state.lines} ${state.secrets}\n`);
  expect(state.found, 'lines that hold a secret').toEqual([]);
  expect(
    [...unseen],
    'what was logged could not be looked at: use `listen` of test/helpers/secrets/log-watch.ts',
  ).toEqual([]);
});
