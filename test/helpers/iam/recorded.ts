/** Calls that the code of a module makes while it does everything it can: `test/runtime/<module>/recorded.ts`. */
import type { RecordedCall } from './requests.ts';

/** Name of what was done → calls that were made meanwhile. */
export type Calls = Readonly<Record<string, readonly RecordedCall[]>>;

/** What `Ref` gives for a resource of the same stack. */
export type Ref = (logicalId: string) => string;

export interface Recorded {
  /** By name of the function, with the environment variables that its template gives it. */
  functions: Readonly<Record<string, (variables: Readonly<Record<string, string>>, ref: Ref) => Promise<Calls>>>;
  /** By logical id of a policy that no role of ours has. */
  policies?: Readonly<Record<string, (ref: Ref) => Promise<Calls>>>;
}

/** Does one thing after the other, and notes the calls of each by its name. */
export async function record(
  calls: RecordedCall[],
  all: readonly (readonly [name: string, run: () => Promise<unknown> | unknown])[],
): Promise<Calls> {
  const recorded: Record<string, RecordedCall[]> = {};
  for (const [name, run] of all) {
    calls.splice(0);
    await run();
    recorded[name] = [...(recorded[name] ?? []), ...calls];
  }
  return recorded;
}
