/**
 * State goes before revocations: who writes keys, "void before" or a mode reads all of it after the ETag that the write builds
 * on, and for that there has to be time between two writes of somebody who has many.
 */
import { setTimeout as pause } from 'node:timers/promises';

/** Milliseconds. The first part of each period is for state; by the clock, so that all workers leave it free at once. */
export const PERIOD = 1_500;
export const FREE = 500;

/** To be called between two writes of revocations: waits where it is the time of state. */
export async function stateFirst(): Promise<void> {
  const since = Date.now() % PERIOD;
  if (since < FREE) await pause(FREE - since);
}
