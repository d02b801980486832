/** Everything the engine may do to the world: talk to AWS, read the clock, wait, tell how far it is. */

import type { Diagnostic } from '../report/diagnostic.ts';
import type { Clients } from './clients.ts';
import type { Progress } from './progress.ts';
import { Refusal } from './refusal.ts';

export interface Aws {
  clients: Clients;
  now(): Date;
  /** Resolves after `ms` milliseconds, or at once when the user interrupts. */
  sleep(ms: number): Promise<void>;
  interrupted: AbortSignal;
  progress: Progress;
  /** Who works, for the lock and the record: `name@host`, or the address of a pipeline run. */
  who: string;
  /** Keeps the lock of the environment; called whenever the engine waits. */
  keep?(): Promise<void>;
}

/** Waits, keeps the lock meanwhile, and stops when the user interrupts. */
export async function pause(aws: Aws, ms: number): Promise<void> {
  await aws.sleep(ms);
  if (aws.interrupted.aborted) throw new Refusal(INTERRUPTED);
  await aws.keep?.();
}

const INTERRUPTED: Diagnostic = {
  code: 'EP7023',
  severity: 'error',
  message: 'Interrupted. What AWS has begun goes on there.',
  hint: 'Run the same command again: it waits for what is going on, and then goes on itself.',
};

/** Waits on the clock of the process. */
export function realSleep(interrupted: AbortSignal): Aws['sleep'] {
  return (ms) =>
    new Promise((resolve) => {
      if (interrupted.aborted) return resolve();
      const done = (): void => {
        clearTimeout(timer);
        interrupted.removeEventListener('abort', done);
        resolve();
      };
      const timer = setTimeout(done, ms);
      interrupted.addEventListener('abort', done);
    });
}
