/** How long keys and tokens live, in seconds. */
import { type Environment, seconds } from '../../generator/modules/contract.ts';
import type { BaseSettings } from './settings.ts';

export function rotateEveryOf({ keys }: BaseSettings): number {
  return seconds(keys.rotateEvery);
}

export function propagationOf({ keys }: BaseSettings): number {
  return seconds(keys.propagation);
}

/** Longest lifetime that any stream allows; where there is no stream, a day. */
export function longestLifetime({ streams, policies }: Environment): number {
  const lifetimes = Object.values(streams).flatMap(
    ({ maxLifetime, policy }) => maxLifetime ?? policies[policy]?.lifetime ?? [],
  );
  return lifetimes.length === 0 ? 86_400 : Math.max(...lifetimes);
}
