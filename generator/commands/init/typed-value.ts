/** From what somebody typed to the value that the schema means. */
import { deref, type JsonSchema } from '../../config/compose-schema.ts';
import type { Path } from './draft.ts';

/** The schema of what `path` leads to; undefined where the schema knows no such path. */
export function schemaAt(root: JsonSchema, path: Path): JsonSchema | undefined {
  let node: JsonSchema | undefined = root;
  for (const name of path) {
    const { properties, additionalProperties }: JsonSchema = deref(node, root);
    const known: JsonSchema | undefined =
      properties !== undefined && Object.hasOwn(properties, name) ? properties[name] : undefined;
    node = known ?? (typeof additionalProperties === 'object' ? additionalProperties : undefined);
    if (node === undefined) return undefined;
  }
  return deref(node, root);
}

/** What does not fit the type stays text, so that the check can say what is wrong with it. */
export function typedValue(schema: JsonSchema | undefined, text: string, root: JsonSchema): unknown {
  const types = [schema?.type ?? []].flat();
  if (text === 'null' && types.includes('null')) return null;
  if (types.includes('string')) return text;
  if ((types.includes('integer') || types.includes('number')) && /^-?\d{1,15}(\.\d+)?$/.test(text)) return Number(text);
  if (types.includes('boolean') && (text === 'true' || text === 'false')) return text === 'true';
  if (types.includes('array') && !text.startsWith('[')) {
    const items = schema?.items === undefined ? undefined : deref(schema.items, root);
    return text.split(',').map((item) => typedValue(items, item.trim(), root));
  }
  if (types.includes('array') || types.includes('object')) return jsonOr(text);
  return text;
}

function jsonOr(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return text;
  }
}
