/** `STEPS` says how many steps of the model are done at least: 5,000 unless set; `npm run model` does 100,000. */
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { deeds, lives, settings } from './revocations-deeds.ts';
import { Revocations } from './revocations-model.ts';

// A hundred thousand lines of log and metrics are no help. Both look here when they are first used.
process.env.POWERTOOLS_LOG_LEVEL = 'SILENT';
process.env.POWERTOOLS_METRICS_DISABLED = 'true';

const STEPS = Number(process.env.STEPS ?? 5_000);
const DEEDS = 60;

it(`refuses whom it should, and nobody else, in ${STEPS.toLocaleString('en')} steps`, async () => {
  let steps = 0;
  let runs = 0;
  const total: Record<string, number> = {};
  const seed = Number(process.env.SEED ?? 20_261_130);
  while (steps < STEPS) {
    await fc.assert(
      fc.asyncProperty(settings, fc.array(deeds, { minLength: DEEDS, maxLength: DEEDS }), async (setting, all) => {
        const one = await lives(new Revocations(setting), all);
        steps += one.steps;
        one.count('steps of keys', one.keys?.steps ?? 0);
        runs += 1;
        for (const [name, count] of Object.entries(one.seen)) total[name] = (total[name] ?? 0) + count;
      }),
      { numRuns: 2, seed: seed + 1_000 * runs, endOnFailure: process.env.SHRINK === undefined },
    );
  }
  process.stdout.write(`revocations: ${steps} steps in ${runs} deployments, ${JSON.stringify(total)}, seed ${seed}\n`);
  expect(steps).toBeGreaterThanOrEqual(STEPS);
}, 3_600_000);
