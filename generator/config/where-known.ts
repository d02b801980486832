/** Where else in the configuration a key is known. */
import { deref, type JsonSchema } from './compose-schema.ts';

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
