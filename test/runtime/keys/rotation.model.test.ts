/**
 * Keys over a long time, with everything that can go wrong. `STEPS` says how many steps are done at least: 4,000 unless set;
 * `npm run model` does 100,000. `SEED` begins elsewhere.
 */
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { deeds, live, worlds } from '../base/keys-deeds.ts';
import { Operated } from '../base/keys-operated.ts';

const STEPS = Number(process.env.STEPS ?? 4_000);
const SEED = Number(process.env.SEED ?? 20_261_124);
/** Deeds of one deployment. */
const DEEDS = 60;

it(`holds what viewers and operators rely on, for ${STEPS.toLocaleString('en')} steps`, async () => {
  let steps = 0;
  let runs = 0;
  const total: Record<string, number> = {};
  while (steps < STEPS) {
    await fc.assert(
      fc.asyncProperty(worlds, fc.array(deeds, { minLength: DEEDS, maxLength: DEEDS }), async (world, all) => {
        const { steps: done, seen } = await live(new Operated(world), all);
        steps += done;
        runs += 1;
        for (const [name, count] of Object.entries(seen)) total[name] = (total[name] ?? 0) + count;
      }),
      { numRuns: 2, seed: SEED + runs, endOnFailure: process.env.SHRINK === undefined },
    );
  }
  process.stdout.write(`operated: ${steps} steps in ${runs} deployments, ${JSON.stringify(total)}, seed ${SEED}\n`);
  expect(steps).toBeGreaterThanOrEqual(STEPS);
}, 3_600_000);
