/**
 * Checks a value against a JSON Schema, as much of the language as the schemas of this API use: a library that knows all of it
 * is ten times the size of the rest, and compiling is what a cold start would wait for. A test holds it against ajv.
 */

export interface JsonSchema {
  type?: 'object' | 'array' | 'string' | 'integer' | 'number' | 'boolean';
  title?: string;
  description?: string;
  examples?: readonly unknown[];
  default?: unknown;
  const?: unknown;
  enum?: readonly string[];
  pattern?: string;
  minLength?: number;
  maxLength?: number;
  minimum?: number;
  maximum?: number;
  items?: JsonSchema;
  minItems?: number;
  maxItems?: number;
  properties?: Readonly<Record<string, JsonSchema>>;
  required?: readonly string[];
  minProperties?: number;
  maxProperties?: number;
  propertyNames?: JsonSchema;
  additionalProperties?: boolean | JsonSchema;
  anyOf?: readonly JsonSchema[];
}

export interface SchemaFault {
  /** JSON pointer. */
  pointer: string;
  detail: string;
}

/** What is wrong with a value; at most so many faults, and none more for a member whose type is wrong. */
export function schemaFaults(schema: JsonSchema, value: unknown, most = 8): SchemaFault[] {
  const faults: SchemaFault[] = [];
  check({ schema, value, pointer: '', add: (fault) => faults.push(fault) });
  return faults.slice(0, most);
}

interface Visit {
  schema: JsonSchema;
  value: unknown;
  pointer: string;
  add(fault: SchemaFault): void;
}

function check(visit: Visit): void {
  const { schema, value, pointer, add } = visit;
  const wrong = (detail: string): void => add({ pointer, detail });
  if (schema.type !== undefined && !isOfType(value, schema.type)) {
    wrong(`must be ${WORDS[schema.type]}`);
    return;
  }
  if ('const' in schema && value !== schema.const) wrong(`must be ${JSON.stringify(schema.const)}`);
  if (schema.enum !== undefined && !schema.enum.includes(value as string))
    wrong(`must be one of ${schema.enum.join(', ')}`);
  if (schema.anyOf?.every((one) => schemaFaults(one, value).length > 0)) wrong('fits none of the forms');
  if (typeof value === 'string') for (const detail of textFaults(schema, value)) wrong(detail);
  if (typeof value === 'number') for (const detail of numberFaults(schema, value)) wrong(detail);
  if (Array.isArray(value)) checkItems(visit, value);
  else if (typeof value === 'object' && value !== null) checkMembers(visit, value as Record<string, unknown>);
}

const WORDS = {
  object: 'an object',
  array: 'a list',
  string: 'a text',
  integer: 'a whole number',
  number: 'a number',
  boolean: 'true or false',
} as const;

function isOfType(value: unknown, type: keyof typeof WORDS): boolean {
  if (type === 'array') return Array.isArray(value);
  if (type === 'object') return typeof value === 'object' && value !== null && !Array.isArray(value);
  if (type === 'integer') return Number.isInteger(value);
  return typeof value === type;
}

function textFaults({ pattern, minLength = 0, maxLength }: JsonSchema, text: string): string[] {
  // Characters, not units, as JSON Schema counts; of a text that is much too long nothing more is looked at.
  const length = text.length > 100_000 ? text.length : [...text].length;
  if (maxLength !== undefined && length > maxLength) return [`is longer than ${maxLength} characters`];
  return [
    ...(length < minLength ? [`is shorter than ${minLength} characters`] : []),
    ...(pattern !== undefined && !patternOf(pattern).test(text) ? [`does not fit ${pattern}`] : []),
  ];
}

const patterns = new Map<string, RegExp>();

function patternOf(pattern: string): RegExp {
  const known = patterns.get(pattern);
  if (known !== undefined) return known;
  const made = new RegExp(pattern, 'u');
  patterns.set(pattern, made);
  return made;
}

function numberFaults({ minimum, maximum }: JsonSchema, value: number): string[] {
  return [
    ...(minimum !== undefined && value < minimum ? [`is less than ${minimum}`] : []),
    ...(maximum !== undefined && value > maximum ? [`is more than ${maximum}`] : []),
  ];
}

function checkItems({ schema, pointer, add }: Visit, list: readonly unknown[]): void {
  const { items, minItems = 0, maxItems } = schema;
  if (list.length < minItems) add({ pointer, detail: `has less than ${minItems} items` });
  if (maxItems !== undefined && list.length > maxItems) {
    add({ pointer, detail: `has more than ${maxItems} items` });
    return;
  }
  if (items !== undefined)
    for (const [index, value] of list.entries()) check({ schema: items, value, pointer: `${pointer}/${index}`, add });
}

function checkMembers({ schema, pointer, add }: Visit, value: Record<string, unknown>): void {
  const { properties = {}, required = [], additionalProperties = true, propertyNames } = schema;
  const names = Object.keys(value);
  if (names.length < (schema.minProperties ?? 0))
    add({ pointer, detail: `has less than ${schema.minProperties} members` });
  if (schema.maxProperties !== undefined && names.length > schema.maxProperties) {
    add({ pointer, detail: `has more than ${schema.maxProperties} members` });
    return;
  }
  for (const name of required)
    if (!Object.hasOwn(value, name)) add({ pointer: `${pointer}/${name}`, detail: 'is missing' });
  for (const name of names) {
    const at = `${pointer}/${name.replaceAll('~', '~0').replaceAll('/', '~1').slice(0, 100)}`;
    if (propertyNames !== undefined && schemaFaults(propertyNames, name).length > 0)
      add({ pointer: at, detail: 'is no name that is allowed here' });
    const known = Object.hasOwn(properties, name) ? properties[name] : undefined;
    const own = known ?? additionalProperties;
    if (own === false) add({ pointer: at, detail: 'is not known' });
    else if (typeof own === 'object') check({ schema: own, value: value[name], pointer: at, add });
  }
}
