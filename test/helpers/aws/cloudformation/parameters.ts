/** Parameter values of one deployment: what the caller gave, the previous value, or the default. */
import type { Parameter } from '@aws-sdk/client-cloudformation';
import { validationError } from '../errors.ts';
import type { Json } from '../json.ts';
import type { ParameterDefinition, Template } from './template.ts';

export interface ParameterValue {
  value: string;
  noEcho: boolean;
  list: boolean;
}

export type ParameterValues = ReadonlyMap<string, ParameterValue>;

export const MASKED = '****';

export function resolveParameters(
  template: Template,
  given: readonly Parameter[],
  previous: ParameterValues,
): ParameterValues {
  const byKey = new Map(given.map((one) => [one.ParameterKey ?? '', one]));
  const unknown = [...byKey.keys()].filter((key) => !(key in template.parameters));
  if (unknown.length > 0) {
    throw validationError(`Parameters: [${unknown.join(', ')}] do not exist in the template`);
  }
  const missing: string[] = [];
  const values = new Map<string, ParameterValue>();
  for (const [key, definition] of Object.entries(template.parameters)) {
    const value = chosenValue(key, definition, { given: byKey.get(key), previous: previous.get(key) });
    if (value === undefined) missing.push(key);
    else {
      checkConstraints(key, definition, value);
      values.set(key, { value, noEcho: definition.noEcho, list: isList(definition.type) });
    }
  }
  if (missing.length > 0) throw validationError(`Parameters: [${missing.join(', ')}] must have values`);
  return values;
}

/** The meaning of `Ref` to a parameter. */
export function parameterRef({ value, list }: ParameterValue): Json {
  return list ? value.split(',').map((item) => item.trim()) : value;
}

/** As it is described: secret ones are masked. */
export function describeParameters(values: ParameterValues): Parameter[] {
  return [...values].map(([ParameterKey, { value, noEcho }]) => ({
    ParameterKey,
    ParameterValue: noEcho ? MASKED : value,
  }));
}

function chosenValue(
  key: string,
  definition: ParameterDefinition,
  { given, previous }: { given: Parameter | undefined; previous: ParameterValue | undefined },
): string | undefined {
  if (!given?.UsePreviousValue) return given?.ParameterValue ?? definition.default;
  if (given.ParameterValue !== undefined) {
    throw validationError(
      `Invalid input for parameter key ${key}. Cannot specify usePreviousValue as true and non empty value for a parameter`,
    );
  }
  if (previous) return previous.value;
  throw validationError(
    `Invalid input for parameter key ${key}. Cannot specify usePreviousValue as true for a parameter key not in the previous template`,
  );
}

function checkConstraints(key: string, definition: ParameterDefinition, value: string): void {
  const { allowedValues, allowedPattern, constraintDescription } = definition;
  if (allowedValues && !allowedValues.includes(value)) {
    const says = constraintDescription ?? `must be one of AllowedValues: [${allowedValues.join(', ')}]`;
    throw validationError(`Parameter '${key}' ${says}`);
  }
  if (allowedPattern !== undefined && !new RegExp(`^(?:${allowedPattern})$`).test(value)) {
    throw validationError(`Parameter ${key} failed to satisfy constraint: ${constraintDescription ?? allowedPattern}`);
  }
  if (definition.type === 'Number' && !Number.isFinite(Number(value))) {
    throw validationError(`Parameter '${key}' must be a number.`);
  }
}

function isList(type: string): boolean {
  return type === 'CommaDelimitedList' || type.startsWith('List<') || type.includes('<List<');
}
