/** How the engine tells what it does. It never prints: the terminal and a CI log show the same facts differently. */

/** One step of one resource, as AWS reports it. */
export interface ResourceStep {
  /** Logical id; of the stack itself its name. */
  resource: string;
  type: string;
  /** ResourceStatus, e.g. `UPDATE_IN_PROGRESS`. */
  status: string;
  reason?: string;
  at: Date;
}

export type StackPhase =
  | 'waiting'
  | 'comparing'
  | 'following'
  | 'changing'
  | 'done'
  | 'unchanged'
  | 'failed'
  | 'not-started';

export interface Progress {
  /** `stack` is its id. `note`: a few words more. */
  phase(stack: string, phase: StackPhase, note?: string): void;
  step(stack: string, step: ResourceStep): void;
}

export const SILENT: Progress = { phase: () => undefined, step: () => undefined };
