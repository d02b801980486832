/** A small run of the token fuzzer with a fixed seed; `npm run fuzz` is the large one. */
import { expect, it } from 'vitest';
import { describeWith } from '../helpers/needs.ts';
import { jobsFor, runJob } from './jobs.ts';
import { makeCase } from './make-case.ts';
import { add, emptyTally } from './tally.ts';

const CASES = 5000;
const SEED = '20261123';

describeWith(['njs'], `${CASES} random requests`, () => {
  it('have the verdict of the reference at the edge, and are of every kind', async () => {
    const sum = emptyTally();
    for (const job of jobsFor(CASES, SEED)) add(sum, await runJob(job));
    expect(sum.found).toEqual([]);
    expect(sum.differences).toEqual({ accepted: 0, refused: 0, reason: 0, other: 0, threw: 0 });
    // Requests that are all refused, or refused for a few reasons, would prove little.
    expect(sum.passed).toBeGreaterThan(CASES / 10);
    expect(sum.answered).toBeGreaterThan(0);
    expect(Object.keys(sum.reasons).toSorted()).toEqual(REASONS);
  }, 600_000);

  it('are the same from the same seed', () => {
    const id = { seed: SEED, deployment: 'full', index: 7 } as const;
    expect(makeCase(id)).toEqual(makeCase(id));
    expect(makeCase(id)).not.toEqual(makeCase({ ...id, seed: 'other' }));
  });
});

const REASONS = [
  ...[
    'audience_mismatch',
    'binding_mismatch',
    'geo_not_allowed',
    'key_unknown',
    'method_not_allowed',
    'path_not_allowed',
  ],
  ...[
    'path_not_canonical',
    'policy_not_met',
    'query_not_canonical',
    'session_revoked',
    'signature_invalid',
    'state_unavailable',
  ],
  ...['token_expired', 'token_malformed', 'token_missing', 'token_not_yet_valid', 'token_voided'],
];
