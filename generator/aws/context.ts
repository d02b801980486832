/** Everything the engine may do to the world: talk to AWS, read the clock, wait, tell how far it is. */
import type { Clients } from './clients.ts';
import type { Progress } from './progress.ts';

export interface Aws {
  clients: Clients;
  now(): Date;
  /** Resolves after `ms` milliseconds, or at once when the user interrupts. */
  sleep(ms: number): Promise<void>;
  interrupted: AbortSignal;
  progress: Progress;
  /** Who works, for the lock and the record: `name@host`, or the address of a pipeline run. */
  who: string;
}

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
