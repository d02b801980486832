/** Which resource waits for which. */
import { validationError } from '../errors.ts';
import { references } from './references.ts';
import type { ResourceDefinition } from './template.ts';

/** By logical id: those it depends on, as far as they are among `definitions`. */
export type Dependencies = ReadonlyMap<string, ReadonlySet<string>>;

export function dependencies(definitions: ReadonlyMap<string, ResourceDefinition>): Dependencies {
  return new Map(
    [...definitions].map(([logicalId, { properties, dependsOn }]) => {
      const names = [...references(properties).map(({ name }) => name), ...dependsOn];
      return [logicalId, new Set(names.filter((name) => definitions.has(name)))];
    }),
  );
}

/** Groups that can be worked on at the same time, the first waiting for nothing. Refuses circles. */
export function waves(graph: Dependencies): string[][] {
  const done = new Set<string>();
  const left = new Set(graph.keys());
  const result: string[][] = [];
  while (left.size > 0) {
    const ready = [...left].filter((name) => [...(graph.get(name) ?? [])].every((other) => done.has(other)));
    if (ready.length === 0) {
      throw validationError(`Circular dependency between resources: [${[...left].sort().join(', ')}]`);
    }
    for (const name of ready) {
      left.delete(name);
      done.add(name);
    }
    result.push(ready);
  }
  return result;
}
