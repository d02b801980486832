/** Turns what ajv finds into words an operator understands. */
import type { ErrorObject, ValidateFunction } from 'ajv';
import type { DiagnosticCode } from '../report/codes.ts';
import { nearest } from '../report/nearest.ts';
import type { JsonSchema } from './compose-schema.ts';
import type { SourceDocument } from './load.ts';
import { pointerParts, pointerTo, sourceText } from './locate.ts';
import { whereKnown } from './where-known.ts';

/** Errors worth showing: ajv reports a bad property name twice, and `if`/`anyOf` beside their branches. */
export function schemaErrors(check: ValidateFunction, data: unknown): ErrorObject[] {
  if (check(data)) return [];
  return (check.errors ?? []).filter((error) => error.propertyName === undefined);
}

export interface ErrorText {
  code: DiagnosticCode;
  message: string;
  hint: string;
  /** Pointer to what is wrong, in the same document as the pointer that was given. */
  pointer: string;
  target: 'key' | 'value';
}

/** `pointer` is the error's place; `source` gives the scalar as typed, where the pointer leads into the file. */
export function explainError(
  error: ErrorObject,
  context: { root: JsonSchema; source?: SourceDocument; pointer: string },
): ErrorText {
  const { pointer, root } = context;
  const schema = error.parentSchema as JsonSchema;
  const name = nameOf(pointer);
  const value = { pointer, target: 'value' } as const;
  switch (error.keyword) {
    case 'additionalProperties': {
      const key = String(error.params.additionalProperty);
      return {
        code: 'EP1101',
        pointer: pointerTo(pointer, key),
        target: 'key',
        ...unknownKey(key, name, schema, root),
      };
    }
    case 'required': {
      const key = String(error.params.missingProperty);
      const example = schema.properties?.[key]?.examples?.[0];
      const hint = example === undefined ? `Add \`${key}:\`.` : `Add it, for example \`${key}: ${inline(example)}\`.`;
      return { code: 'EP1102', message: `${name} needs \`${key}\`.`, hint, pointer, target: 'key' };
    }
    case 'type':
      return { ...value, ...wrongType(error, context) };
    case 'enum': {
      const allowed = (schema.enum ?? []).filter((item) => item !== null);
      const guess = nearestValue(error.data, allowed);
      const list = `Allowed: ${allowed.map(String).join(', ')}.`;
      const hint = guess === undefined ? list : `Did you mean \`${guess}\`? ${list}`;
      return { ...value, code: 'EP1104', message: `${name} cannot be ${inline(error.data)}.`, hint };
    }
    case 'pattern':
      return { ...value, code: 'EP1105', message: `${name} cannot be ${inline(error.data)}.`, hint: form(schema) };
    case 'propertyNames': {
      const key = String(error.params.propertyName);
      const hint = `A name has to match ${schema.propertyNames?.pattern ?? 'the schema'}.`;
      return {
        code: 'EP1105',
        message: `\`${key}\` is not a possible name in ${name}.`,
        hint,
        pointer: pointerTo(pointer, key),
        target: 'key',
      };
    }
    case 'uniqueItems':
      return {
        code: 'EP1106',
        message: `${name} has the same item twice.`,
        hint: 'Remove one of them.',
        pointer: pointerTo(pointer, Number(error.params.i)),
        target: 'value',
      };
    case 'minimum':
    case 'maximum':
    case 'minLength':
    case 'maxLength':
    case 'minItems':
    case 'maxItems':
    case 'minProperties':
    case 'maxProperties':
      return {
        ...value,
        code: 'EP1106',
        message: `${name} ${amount(error.data)}.`,
        hint: limits(schema),
      };
    default:
      return {
        ...value,
        code: 'EP1108',
        message: `${name} ${error.message ?? 'does not match the schema'}.`,
        hint: form(schema),
      };
  }
}

function unknownKey(
  key: string,
  parent: string,
  schema: JsonSchema,
  root: JsonSchema,
): { message: string; hint: string } {
  const known = Object.keys(schema.properties ?? {});
  const guess = nearest(key, known);
  const elsewhere = whereKnown(root, key);
  const hint =
    guess !== undefined
      ? `Did you mean \`${guess}\`?`
      : elsewhere.length > 0
        ? `\`${key}\` belongs at \`${elsewhere.slice(0, 2).join('` or `')}\`.`
        : `Known here: ${known.join(', ')}.`;
  return { message: `\`${key}\` is not known in ${parent}.`, hint };
}

function wrongType(
  error: ErrorObject,
  context: { source?: SourceDocument; pointer: string },
): { code: DiagnosticCode; message: string; hint: string } {
  const schema = error.parentSchema as JsonSchema;
  const name = nameOf(context.pointer);
  const wanted = [schema.type ?? []].flat().filter((type) => type !== 'null');
  const scalar = typeof error.data === 'number' || typeof error.data === 'boolean';
  const typed = (context.source && sourceText(context.source, context.pointer)) ?? String(error.data);
  const fits = schema.pattern === undefined || new RegExp(schema.pattern, 'u').test(typed);
  if (wanted.includes('string') && scalar && fits) {
    const code = schema.pattern === '^[0-9]{12}$' ? 'EP1107' : 'EP1103';
    return {
      code,
      message: `${name} is read as a ${typeof error.data} without quotes.`,
      hint: `Put quotes around it: "${typed}".`,
    };
  }
  const got =
    error.data === null
      ? 'nothing'
      : Array.isArray(error.data)
        ? 'a list'
        : typeof error.data === 'object'
          ? 'a map'
          : `the ${typeof error.data} ${inline(error.data)}`;
  return {
    code: 'EP1103',
    message: `${name} has to be ${wanted.map(article).join(' or ')}, not ${got}.`,
    hint: form(schema),
  };
}

/** The allowed value nearest to what was written: by distance of numbers, or of letters. */
function nearestValue(written: unknown, allowed: readonly unknown[]): string | undefined {
  const numbers = allowed.filter((item) => typeof item === 'number');
  if (typeof written !== 'number' || numbers.length === 0) return nearest(String(written), allowed.map(String));
  return String(numbers.reduce((best, item) => (Math.abs(item - written) < Math.abs(best - written) ? item : best)));
}

/** How much of something there is: `is 8`, `has 201 entries`. */
function amount(value: unknown): string {
  if (typeof value === 'number') return `is ${value}`;
  const counted = (count: number, one: string, more: string): string => `has ${count} ${count === 1 ? one : more}`;
  if (typeof value === 'string') return counted([...value].length, 'character', 'characters');
  if (Array.isArray(value)) return counted(value.length, 'item', 'items');
  return counted(Object.keys(value ?? {}).length, 'entry', 'entries');
}

function article(type: string): string {
  const words: Record<string, string> = {
    object: 'a map',
    array: 'a list',
    string: 'text',
    integer: 'a whole number',
    number: 'a number',
    boolean: 'true or false',
  };
  return words[type] ?? type;
}

function form(schema: JsonSchema): string {
  const example = schema.examples?.[0];
  if (example !== undefined) return `Write it like \`${inline(example)}\`.`;
  return schema.pattern === undefined ? 'See schema/README.md.' : `It has to match ${schema.pattern}.`;
}

function limits(schema: JsonSchema): string {
  const low = schema.minimum ?? schema.minLength ?? schema.minItems ?? schema.minProperties;
  const high = schema.maximum ?? schema.maxLength ?? schema.maxItems ?? schema.maxProperties;
  if (low !== undefined && high !== undefined) return `Allowed: ${low} to ${high}.`;
  return low !== undefined ? `At least ${low}.` : `At most ${high}.`;
}

/** `streams.live.mode`; the top level has a name too. */
export function nameOf(pointer: string): string {
  const parts = pointerParts(pointer);
  return parts.length === 0 ? 'the top level' : `\`${parts.join('.')}\``;
}

/** Short, one-line, and never more than a line of it. */
function inline(value: unknown): string {
  const text = JSON.stringify(value) ?? String(value);
  return text.length > 80 ? `${text.slice(0, 77)}…` : text;
}
