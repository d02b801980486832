/** What to do when somebody else wrote first: look again, a few times. */
import { setTimeout as pause } from 'node:timers/promises';

/** Somebody else wrote again and again. Worth another run: nothing is half done. */
export class ConflictError extends Error {
  override readonly name = 'ConflictError';
  readonly code = 'conflict';
}

export interface Patience {
  /** How often to look before giving up. */
  tries: number;
  /** Milliseconds to wait at first; each further wait is up to twice as long, at most two seconds. */
  wait: number;
}

export const PATIENCE: Patience = { tries: 10, wait: 50 };

/**
 * Runs `attempt` until it gives anything but `'conflict'`. An attempt reads what it needs to know anew. Throws a
 * `ConflictError` when patience is at an end.
 */
export async function tryAgain<T>(
  attempt: () => Promise<T | 'conflict'>,
  { what, patience = PATIENCE }: { what: string; patience?: Patience },
): Promise<T> {
  for (let tried = 0; tried < patience.tries; tried++) {
    // At random, so that two that met once do not meet again.
    if (tried > 0) await pause(Math.random() * Math.min(2_000, patience.wait * 2 ** tried));
    const done = await attempt();
    if (done !== 'conflict') return done;
  }
  throw new ConflictError(`${what}: somebody else wrote it ${patience.tries} times in between.`);
}
