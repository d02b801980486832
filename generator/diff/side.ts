/** One environment on one side of a comparison. */
import type { Environment } from '../modules/contract.ts';
import type { OutputTree } from '../output/manifest.ts';

export interface Side {
  tree: OutputTree;
  /** Longest life of a token by stream, in seconds; an output folder does not tell. */
  lifetimes?: ReadonlyMap<string, number>;
}

/** How old a token may be at most, by stream. */
export function lifetimesOf({ streams, policies }: Environment): ReadonlyMap<string, number> {
  return new Map(
    Object.entries(streams).flatMap(([name, { maxLifetime, policy }]): [string, number][] => {
      const lifetime = maxLifetime ?? policies[policy]?.lifetime;
      return lifetime === undefined ? [] : [[name, lifetime]];
    }),
  );
}
