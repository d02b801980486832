/** "Did you mean": the nearest known word, and where else a key is known. */
import { distance } from 'fastest-levenshtein';
import { deref, type JsonSchema } from './compose-schema.ts';

/** The candidate nearest to `word`, if it is near enough to be what was meant. */
export function nearest(word: string, candidates: readonly string[]): string | undefined {
  const lower = word.toLowerCase();
  let best: string | undefined;
  let bestDistance = Math.max(2, Math.floor(word.length / 3)) + 1;
  for (const candidate of candidates) {
    const d = lower === candidate.toLowerCase() ? 0 : distance(lower, candidate.toLowerCase());
    if (d < bestDistance && d < candidate.length) {
      best = candidate;
      bestDistance = d;
    }
  }
  return best;
}

/** Dotted paths (map names as `<name>`) under which the schema knows `key`, overlays aside, nearest to the top first. */
export function whereKnown(root: JsonSchema, key: string): string[] {
  const found: string[] = [];
  const visit = (schema: JsonSchema, path: string[]): void => {
    const node = deref(schema, root);
    for (const [name, property] of Object.entries(node.properties ?? {})) {
      if (name === key) found.push([...path, name].join('.'));
      if (name !== 'environments') visit(property, [...path, name]);
    }
    if (typeof node.additionalProperties === 'object') visit(node.additionalProperties, [...path, '<name>']);
  };
  visit(root, []);
  return found.sort((a, b) => a.split('.').length - b.split('.').length);
}
