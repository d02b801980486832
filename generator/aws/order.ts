/** Runs stacks in the order of the plan, independent ones at the same time. After a failure nothing new is started. */

export interface Ordered {
  id: string;
  dependsOn: readonly string[];
}

/** `done`: with what it returned. `not-started`: one before it failed. */
export type Ran<R> = { state: 'done'; result: R } | { state: 'failed'; error: unknown } | { state: 'not-started' };

/** A run that throws has failed. Dependencies outside of the list count as done. */
export async function runInOrder<S extends Ordered, R>(
  stacks: readonly S[],
  run: (stack: S) => Promise<R>,
): Promise<Map<string, Ran<R>>> {
  const ran = new Map<string, Promise<Ran<R>>>();
  const ids = new Set(stacks.map(({ id }) => id));
  let failed = false;
  const start = async (stack: S): Promise<Ran<R>> => {
    const before = stack.dependsOn.filter((id) => ids.has(id)).map((id) => ran.get(id) ?? missing(id));
    const ends = await Promise.all(before);
    if (failed || ends.some(({ state }) => state !== 'done')) return { state: 'not-started' };
    try {
      return { state: 'done', result: await run(stack) };
    } catch (error) {
      failed = true;
      return { state: 'failed', error };
    }
  };
  for (const stack of stacks) ran.set(stack.id, start(stack));
  return new Map(await Promise.all([...ran].map(async ([id, end]) => [id, await end] as const)));
}

/** The same stacks the other way round: what depends on a stack comes before it. */
export function reversed<S extends Ordered>(stacks: readonly S[]): (S & Ordered)[] {
  return stacks
    .map((stack) => ({
      ...stack,
      dependsOn: stacks.filter((other) => other.dependsOn.includes(stack.id)).map(({ id }) => id),
    }))
    .reverse();
}

function missing(id: string): never {
  throw new Error(`stack ${id} stands behind one that depends on it`);
}
