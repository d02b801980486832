/** What has to be asked: all that the schema requires, has no default for, and the draft does not have. */
import { deref, type JsonSchema } from '../../config/compose-schema.ts';
import { type Draft, isDraft, namesAt, type Path, setAt, valueAt } from './draft.ts';

export interface Question {
  path: Path;
  schema: JsonSchema;
  /** `names`: which entries a map has; `value`: what stands at the path. */
  kind: 'names' | 'value';
  /** The only answers there are, when the answer refers to something defined elsewhere. */
  choices?: string[];
}

/** Required members that name an entry of a section. */
const REFERENCES: Readonly<Record<string, string>> = { policy: 'policies' };

/**
 * Open questions, in the order of the schema. A map without entries is given the name of its example: only where the
 * schema itself requires the map (environments) is the name worth a question, since it becomes part of stack names.
 */
export function openQuestions(root: JsonSchema, draft: Draft): Question[] {
  const required = [...(root.required ?? []), ...(root.definitions?.resolved?.required ?? [])];
  return ask({ ...root, required }, [], { root, draft });
}

/** Fills in what has only one possible answer: the policy of a stream, where there is one policy. */
export function fillReferences(root: JsonSchema, draft: Draft): void {
  for (const { path, choices } of openQuestions(root, draft)) if (choices?.length === 1) setAt(draft, path, choices[0]);
}

interface Context {
  root: JsonSchema;
  draft: Draft;
}

function ask(schema: JsonSchema, path: Path, context: Context): Question[] {
  const node = deref(schema, context.root);
  const value = valueAt(context.draft, path);
  if (value !== undefined && !isDraft(value)) return [];
  if (node.properties !== undefined) {
    const { required = [] } = node;
    return Object.entries(node.properties).flatMap(([name, property]) =>
      required.includes(name) || (isDraft(value) && Object.hasOwn(value, name))
        ? ask(property, [...path, name], context)
        : [],
    );
  }
  if (typeof node.additionalProperties === 'object') return askEntries(node, path, context);
  return value === undefined ? [question(node, path, context)] : [];
}

function askEntries(node: JsonSchema, path: Path, context: Context): Question[] {
  const entry = node.additionalProperties as JsonSchema;
  const names = namesAt(context.draft, path);
  if (names.length === 0) {
    const isAsked = path.length === 1 && context.root.required?.includes(path[0] ?? '') === true;
    if (isAsked) return [{ path, schema: node, kind: 'names' }, ...ask(entry, [...path, exampleName(node)], context)];
    names.push(exampleName(node));
  }
  return names.flatMap((name) => ask(entry, [...path, name], context));
}

function question(schema: JsonSchema, path: Path, { root, draft }: Context): Question {
  const section = REFERENCES[path.at(-1) ?? ''];
  if (section === undefined) return { path, schema, kind: 'value' };
  const names = namesAt(draft, [section]);
  const choices = names.length > 0 ? names : [exampleName(root.properties?.[section] ?? {})];
  return { path, schema, kind: 'value', choices };
}

/** Name of the entry in a map's example. */
export function exampleName(map: JsonSchema): string {
  const example = map.examples?.[0];
  return (isDraft(example) ? Object.keys(example)[0] : undefined) ?? 'main';
}

/** Example of a scalar or list as one types it. */
export function exampleText({ schema, kind, choices }: Question): string {
  if (kind === 'names') return exampleName(schema);
  const example = choices?.[0] ?? schema.examples?.[0] ?? '';
  return Array.isArray(example) ? example.join(',') : String(example);
}
