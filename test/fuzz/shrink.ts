/** The fewest changes of a case with which edge and reference still differ. */
import { type Judged, judge } from '../adversarial/judge.ts';
import type { EdgeRun } from '../helpers/njs.ts';
import { makeCase } from './make-case.ts';
import { type Found, kindOf } from './tally.ts';

export interface Smallest {
  changes: string[];
  run: EdgeRun;
  judged: Judged;
}

/** All ways to keep some of `count` changes, fewest first. */
function subsets(count: number): number[][] {
  const all = Array.from({ length: 2 ** count }, (_, bits) =>
    Array.from({ length: count }, (_, at) => at).filter((at) => bits & (1 << at)),
  );
  return all.sort((a, b) => a.length - b.length);
}

/** Makes a found case smaller: as few changes as still give a difference of the same kind. */
export async function shrink({ id, kind }: Found): Promise<Smallest> {
  const whole = makeCase(id);
  const made = subsets(whole.changes.length).map((keep) => makeCase(id, keep));
  const judged = await judge(
    id.deployment,
    made.map(({ run }) => run),
  );
  const at = judged.findIndex((one) => one.differences.length > 0 && kindOf(one) === kind);
  const smallest = made[at] ?? whole;
  return { ...smallest, judged: judged[at] ?? (judged.at(-1) as Judged) };
}
