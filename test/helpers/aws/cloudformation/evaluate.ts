/** Evaluates the intrinsic functions of a value. */
import { validationError } from '../errors.ts';
import { isObject, type Json, type JsonObject } from '../json.ts';
import { attributeTarget } from './references.ts';

/** What names mean. A change set and an execution look at resources differently. */
export interface Scope {
  /** `undefined` is `AWS::NoValue`. */
  ref(name: string): Json | undefined;
  attribute(name: string, attribute: string): Json;
  condition(name: string): boolean;
  mappings: JsonObject;
}

export function evaluate(value: Json, scope: Scope): Json | undefined {
  if (Array.isArray(value)) return value.flatMap((item) => keep(evaluate(item, scope)));
  if (!isObject(value)) return value;
  const [name, ...others] = Object.keys(value);
  if (name !== undefined && others.length === 0) {
    if (name === 'Ref') return scope.ref(String(value.Ref));
    const run = FUNCTIONS[name];
    if (run) return run(value[name] as Json, scope);
    if (name.startsWith('Fn::')) throw validationError(`Template error: ${name} is not supported by this stand-in`);
  }
  const entries = Object.entries(value).flatMap(([key, inner]) => {
    const result = evaluate(inner, scope);
    return result === undefined ? [] : [[key, result] as const];
  });
  return Object.fromEntries(entries);
}

/** The value of a condition: its name or the functions it is made of. */
export function isTrue(condition: Json, scope: Scope): boolean {
  if (typeof condition === 'string') return scope.condition(condition);
  if (!isObject(condition)) return condition === true;
  if (typeof condition.Condition === 'string') return scope.condition(condition.Condition);
  return evaluate(condition, scope) === true;
}

const FUNCTIONS: Readonly<Record<string, (argument: Json, scope: Scope) => Json | undefined>> = {
  'Fn::GetAtt': (argument, scope) => {
    const [name, attribute] = attributeTarget(argument);
    return scope.attribute(name, attribute);
  },
  'Fn::Sub': substitute,
  'Fn::Join': (argument, scope) => {
    const [delimiter, items] = pair(argument, 'Fn::Join');
    return list(evaluate(items, scope), 'Fn::Join').map(String).join(String(delimiter));
  },
  'Fn::Select': (argument, scope) => {
    const [index, items] = pair(argument, 'Fn::Select');
    const values = list(evaluate(items, scope), 'Fn::Select');
    const at = Number(evaluate(index, scope));
    if (at in values) return values[at];
    throw validationError(`Template error: Fn::Select cannot select nonexistent value at index ${at}`);
  },
  'Fn::Split': (argument, scope) => {
    const [delimiter, text] = pair(argument, 'Fn::Split');
    return String(evaluate(text, scope)).split(String(delimiter));
  },
  'Fn::If': (argument, scope) => {
    const [condition, yes, no] = list(argument, 'Fn::If');
    const chosen = isTrue(condition as Json, scope) ? yes : no;
    return chosen === undefined ? undefined : evaluate(chosen, scope);
  },
  'Fn::Equals': (argument, scope) => {
    const [a, b] = pair(argument, 'Fn::Equals');
    return String(evaluate(a, scope)) === String(evaluate(b, scope));
  },
  'Fn::And': (argument, scope) => list(argument, 'Fn::And').every((one) => isTrue(one, scope)),
  'Fn::Or': (argument, scope) => list(argument, 'Fn::Or').some((one) => isTrue(one, scope)),
  'Fn::Not': (argument, scope) => !isTrue(list(argument, 'Fn::Not')[0] as Json, scope),
  'Fn::Base64': (argument, scope) => Buffer.from(String(evaluate(argument, scope))).toString('base64'),
  'Fn::FindInMap': (argument, scope) => {
    const [map, first, second] = list(argument, 'Fn::FindInMap').map((one) => String(evaluate(one, scope)));
    const table = scope.mappings[map ?? ''];
    const row = isObject(table) ? table[first ?? ''] : undefined;
    if (isObject(row) && second !== undefined && second in row) return row[second];
    throw validationError(`Template error: Unable to get mapping for ${map}::${first}::${second}`);
  },
  'Fn::ImportValue': (argument, scope) => {
    throw validationError(`No export named ${String(evaluate(argument, scope))} found.`);
  },
};

function substitute(argument: Json, scope: Scope): string {
  const [text, variables] = Array.isArray(argument) ? [argument[0], argument[1]] : [argument, undefined];
  return String(text).replace(/\$\{(!?)([^}]*)\}/g, (_, literal: string, inner: string) => {
    if (literal) return `\${${inner}}`;
    const name = inner.trim();
    if (isObject(variables) && name in variables) return String(evaluate(variables[name] as Json, scope) ?? '');
    if (name.startsWith('AWS::') || !name.includes('.')) return String(scope.ref(name) ?? '');
    return String(scope.attribute(...attributeTarget(name)));
  });
}

function pair(argument: Json, name: string): [Json, Json] {
  const [a, b] = list(argument, name);
  if (a === undefined || b === undefined) throw validationError(`Template error: every ${name} object needs two parts`);
  return [a, b];
}

function list(argument: Json | undefined, name: string): Json[] {
  if (Array.isArray(argument)) return argument;
  throw validationError(`Template error: ${name} requires a list`);
}

function keep(value: Json | undefined): Json[] {
  return value === undefined ? [] : [value];
}
