/** Cases in portions of one njs process each. */
import type { DeploymentName } from '../adversarial/deployments.ts';
import { judge } from '../adversarial/judge.ts';
import { type CaseId, makeCase } from './make-case.ts';
import { count, emptyTally, type Tally } from './tally.ts';

export interface Job {
  seed: string;
  deployment: DeploymentName;
  from: number;
  to: number;
}

/** How many of ten cases meet which deployment. */
const SHARES: [name: DeploymentName, tenths: number][] = [
  ['full', 4],
  ['viewers', 2],
  ['sessions', 1],
  ['carriages', 1],
  ['open', 1],
  ['small', 1],
];

/** Jobs for so many cases. Which case has which number does not depend on how many there are. */
export function jobsFor(cases: number, seed: string, size = 5000): Job[] {
  const jobs: Job[] = [];
  for (const [deployment, tenths] of SHARES) {
    const all = Math.ceil((cases * tenths) / 10);
    for (let from = 0; from < all; from += size) jobs.push({ seed, deployment, from, to: Math.min(all, from + size) });
  }
  return jobs;
}

/** Makes the cases of a job, runs them, compares. */
export async function runJob({ seed, deployment, from, to }: Job): Promise<Tally> {
  const ids = Array.from({ length: to - from }, (_, at): CaseId => ({ seed, deployment, index: from + at }));
  const judged = await judge(
    deployment,
    ids.map((id) => makeCase(id).run),
  );
  const tally = emptyTally();
  for (const [at, one] of judged.entries()) count(tally, ids[at] as CaseId, one);
  return tally;
}
