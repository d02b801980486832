/**
 * What a check costs and how long its code is may not grow unnoticed: more than 5 % over `edge-budget.json` fails. Counted in
 * instructions of njs, as multiples of a floor handler's, which are the same on every run and nearly so on every machine.
 * Who makes the check cheaper lowers the figures; `npm run bench -- edge` prints them.
 */
import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { type EdgeCase, edgeCase } from '../../bench/edge-case.ts';
import { engine } from '../../bench/edge-engine.ts';
import { describeWith } from '../../helpers/needs.ts';

const budget = JSON.parse(readFileSync(new URL('../../bench/edge-budget.json', import.meta.url), 'utf8')) as {
  instructionsOfFloor: number;
  codeBytes: number;
};

it('has code of a size within the budget, with every feature', async () => {
  const { full } = await edgeCase();
  expect(full.text.length - full.settings).toBeLessThanOrEqual(budget.codeBytes * 1.05);
});

describeWith(['njs', 'valgrind'], 'a check of a token', () => {
  const count = ({ now, state }: EdgeCase, text: string, event: object): number => {
    const run = engine({ text, event, now, state });
    try {
      return run.instructions(200);
    } finally {
      run.free();
    }
  };

  it('with session, country, IP and one header costs what it may, a forged one less', async () => {
    const made = await edgeCase();
    const floor = count(made, made.floor, made.events.valid);
    const valid = count(made, made.usual.text, made.events.valid);
    expect(valid / floor).toBeLessThanOrEqual(budget.instructionsOfFloor * 1.05);
    expect(count(made, made.usual.text, made.events.forged)).toBeLessThan(valid);
  }, 120_000);
});
