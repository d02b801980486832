/** Deployment order. */

interface Ordered {
  id: string;
  dependsOn: string[];
}

/** Orders by dependency and, among equals, as given. Stacks in a circle are left out and reported. */
export function orderStacks<T extends Ordered>(stacks: readonly T[]): { stacks: T[]; cycles: string[][] } {
  const byId = new Map(stacks.map((stack) => [stack.id, stack]));
  const done = new Set<string>();
  const ordered: T[] = [];
  const cycles: string[][] = [];
  const visit = (stack: T, path: string[]): void => {
    if (done.has(stack.id)) return;
    const start = path.indexOf(stack.id);
    if (start >= 0) {
      cycles.push([...path.slice(start), stack.id]);
      return;
    }
    for (const id of stack.dependsOn) {
      const next = byId.get(id);
      if (next !== undefined) visit(next, [...path, stack.id]);
    }
    if (done.has(stack.id)) return;
    done.add(stack.id);
    ordered.push(stack);
  };
  for (const stack of stacks) visit(stack, []);
  return { stacks: ordered, cycles };
}
