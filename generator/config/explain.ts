/** Where a value comes from, what it overrides, and the schema's words on it. */
import { stringify } from 'yaml';
import { failed, type Outcome, outcome } from '../report/diagnostic.ts';
import { nearest } from '../report/nearest.ts';
import { deref, type JsonSchema, resolvedSchema } from './compose-schema.ts';
import { locate, pointerParts } from './locate.ts';
import type { Provenance, ResolvedEnvironment } from './resolve.ts';

export interface Explanation {
  value: unknown;
  /** Innermost first: what holds, then what it overrides. */
  layers: { layer: Provenance['layer']; place?: string; value: unknown }[];
  title?: string;
  description?: string;
  text: string;
}

/** `pointer` leads into the merged settings of the environment, e.g. `/streams/vod/mode`. */
export function explainPath(resolved: ResolvedEnvironment, pointer: string): Outcome<Explanation> {
  const parts = pointerParts(pointer);
  let value: unknown = resolved.settings;
  for (const [depth, part] of parts.entries()) {
    const next = isCollection(value) && Object.hasOwn(value, part) ? value[part as keyof typeof value] : undefined;
    if (next === undefined && !(depth === parts.length - 1 && isDeclared(resolved, parts))) {
      const known = isCollection(value) ? Object.keys(value) : [];
      const guess = nearest(part, known);
      const where = parts.slice(0, depth).join('.') || 'the top level';
      return failed({
        code: 'EP1402',
        severity: 'error',
        message: `There is no \`${part}\` in ${where} of environment ${resolved.name}.`,
        hint: guess
          ? `Did you mean \`${[...parts.slice(0, depth), guess].join('.')}\`?`
          : `There: ${known.join(', ') || 'nothing'}.`,
      });
    }
    value = next;
  }
  const layers = chain(resolved.provenance.get(pointer)).map(({ layer, pointer: from, value: v }) => {
    const place = from === undefined ? undefined : locate(resolved.config.source, from);
    return { layer, value: v, ...(place ? { place: `${place.file}:${place.line}:${place.column}` } : {}) };
  });
  const schema = schemaAt(resolved, parts);
  const words = {
    ...(schema?.title ? { title: schema.title } : {}),
    ...(schema?.description ? { description: schema.description } : {}),
  };
  return outcome({
    value,
    layers,
    ...words,
    text: text({ path: parts.join('.'), environment: resolved.name, value, layers, schema }),
  });
}

function text(e: {
  path: string;
  environment: string;
  value: unknown;
  layers: Explanation['layers'];
  schema: JsonSchema | undefined;
}): string {
  const from = e.layers.map(({ layer, place, value }, index) => {
    const what = { default: 'the schema’s default', top: 'the top level', environment: `environment ${e.environment}` }[
      layer
    ];
    const verb = index === 0 ? 'from' : 'overrides';
    return `  ${verb.padEnd(10)}${what}${place ? ` (${place})` : ''}${index === 0 ? '' : `: ${short(value)}`}\n`;
  });
  const about = e.schema ? `\n${e.schema.title ?? ''}: ${e.schema.description ?? ''}\n` : '';
  const allowed = e.schema?.enum ? `Allowed: ${e.schema.enum.filter((v) => v !== null).join(', ')}.\n` : '';
  return `${e.path} in ${e.environment}: ${short(e.value)}\n${from.join('')}${about}${allowed}`;
}

function short(value: unknown): string {
  if (value === undefined || value === null) return 'not set';
  return isCollection(value) ? stringify(value, { collectionStyle: 'flow', lineWidth: 0 }).trim() : String(value);
}

function chain(provenance: Provenance | undefined): Provenance[] {
  return provenance === undefined ? [] : [provenance, ...chain(provenance.overrides)];
}

function schemaAt(resolved: ResolvedEnvironment, parts: string[]): JsonSchema | undefined {
  const root = resolved.config.schema;
  const environment = deref({ $ref: '#/definitions/environment' }, root).properties;
  let node: JsonSchema | undefined = resolvedSchema(root);
  for (const [depth, part] of parts.entries()) {
    const current: JsonSchema = deref(node, root);
    const extra: JsonSchema | undefined =
      typeof current.additionalProperties === 'object' ? current.additionalProperties : current.items;
    node =
      (current.properties && Object.hasOwn(current.properties, part) ? current.properties[part] : undefined) ??
      (depth === 0 ? environment?.[part] : undefined) ??
      extra;
    if (node === undefined) return undefined;
  }
  return deref(node, root);
}

/** Whether the schema names this key itself, so that it can be "not set"; a map's free names exist or do not. */
function isDeclared(resolved: ResolvedEnvironment, parts: string[]): boolean {
  const parent = schemaAt(resolved, parts.slice(0, -1));
  return parent?.properties !== undefined && Object.hasOwn(parent.properties, parts.at(-1) ?? '');
}

function isCollection(value: unknown): value is object {
  return typeof value === 'object' && value !== null;
}
