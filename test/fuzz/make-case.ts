/** One case of a run: a draft and a few changes, all from the seed and the number of the case. */
import type { DeploymentName } from '../adversarial/deployments.ts';
import type { EdgeRun } from '../helpers/njs.ts';
import { assemble } from './assemble.ts';
import type { Change } from './change.ts';
import { claimChanges } from './change-claims.ts';
import { keyChanges } from './change-keys.ts';
import { pathChanges } from './change-path.ts';
import { sentChanges } from './change-sent.ts';
import { textChanges, tokenChanges } from './change-text.ts';
import { worldChanges } from './change-world.ts';
import { draftOf } from './draft.ts';
import { type Random, randomOf } from './random.ts';

/** What names a case: the same three make the same case again. */
export interface CaseId {
  seed: string;
  deployment: DeploymentName;
  index: number;
}

export interface MadeCase {
  run: EdgeRun;
  /** Names of the changes. */
  changes: string[];
}

/** Those behind the first checks more often, or few cases would come so far. */
const GROUPS: Change[][] = [
  ...[claimChanges, claimChanges, claimChanges, sentChanges, sentChanges, sentChanges, worldChanges, worldChanges],
  ...[keyChanges, textChanges, tokenChanges, pathChanges],
];
/** How many changes, so that a good share passes: most changes alone leave a request valid or nearly so. */
const COUNTS = [0, 1, 1, 1, 2, 2, 2, 2, 3, 3, 4];

function chosen(random: Random): Change[] {
  return Array.from({ length: random.pick(COUNTS) }, () => random.pick(random.pick(GROUPS)));
}

/** Makes a case; with `keep`, with these of its changes only. Throws, with the name of the case, when it cannot be made. */
export function makeCase({ seed, deployment, index }: CaseId, keep?: readonly number[]): MadeCase {
  const name = `${seed} ${deployment} ${index}`;
  const changes = chosen(randomOf(`${name} changes`));
  const kept = changes.map((_, at) => at).filter((at) => keep === undefined || keep.includes(at));
  try {
    const draft = draftOf(deployment, randomOf(name));
    for (const at of kept) (changes[at] as Change).apply(draft, randomOf(`${name} ${at}`));
    return { run: assemble(draft), changes: kept.map((at) => (changes[at] as Change).name) };
  } catch (cause) {
    throw new Error(`case ${deployment}:${index} of seed ${seed} cannot be made`, { cause });
  }
}
