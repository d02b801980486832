/** Comparing and changing plain JSON, addressed by JSON pointers (`/Tags/0/Value`). */
import type { Json } from '../../../generator/modules/contract.ts';

export type { Json };
export type JsonObject = { [key: string]: Json };

export function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

export function clone<T extends Json>(value: T): T {
  return structuredClone(value);
}

/** Scalars are compared as texts: CloudFormation takes `"80"` where `80` is meant. The order of keys means nothing. */
export function equal(a: Json | undefined, b: Json | undefined): boolean {
  if (a === undefined || b === undefined) return a === b;
  if (Array.isArray(a)) {
    return Array.isArray(b) && a.length === b.length && a.every((item, index) => equal(item, b[index]));
  }
  if (isObject(a)) {
    if (!isObject(b)) return false;
    return [...new Set([...Object.keys(a), ...Object.keys(b)])].every((key) => equal(a[key], b[key]));
  }
  return !isObject(b) && !Array.isArray(b) && String(a) === String(b);
}

export interface PathDiff {
  /** JSON pointer, relative to where the comparison began. */
  path: string;
  before: Json | undefined;
  after: Json | undefined;
}

/** The deepest places where two values differ. */
export function diffPaths(before: Json | undefined, after: Json | undefined, path = ''): PathDiff[] {
  if (equal(before, after)) return [];
  if (isObject(before) && isObject(after)) {
    const keys = [...new Set([...Object.keys(before), ...Object.keys(after)])];
    return keys.flatMap((key) => diffPaths(before[key], after[key], `${path}/${escapeToken(key)}`));
  }
  if (Array.isArray(before) && Array.isArray(after)) {
    const length = Math.max(before.length, after.length);
    return Array.from({ length }, (_, index) => diffPaths(before[index], after[index], `${path}/${index}`)).flat();
  }
  return [{ path, before, after }];
}

export function getAt(value: Json | undefined, pointer: string): Json | undefined {
  return tokens(pointer).reduce<Json | undefined>((at, token) => {
    if (Array.isArray(at)) return at[Number(token)];
    return isObject(at) ? at[token] : undefined;
  }, value);
}

/** Changes `value` in place; `undefined` removes. Maps on the way are created. */
export function setAt(value: JsonObject, pointer: string, next: Json | undefined): void {
  const path = tokens(pointer);
  const last = path.pop();
  if (last === undefined) throw new Error('A pointer to a member is needed');
  let at: Json[] | JsonObject = value;
  for (const token of path) {
    let inner: Json | undefined = Array.isArray(at) ? at[Number(token)] : at[token];
    if (!isObject(inner) && !Array.isArray(inner)) {
      inner = {};
      if (Array.isArray(at)) at[Number(token)] = inner;
      else at[token] = inner;
    }
    at = inner;
  }
  if (Array.isArray(at)) {
    if (next === undefined) at.splice(Number(last), 1);
    else at[Number(last)] = next;
  } else if (next === undefined) delete at[last];
  else at[last] = next;
}

/** A value as CloudFormation prints it into a text field: texts bare, everything else as JSON. */
export function printed(value: Json): string {
  return typeof value === 'string' ? value : JSON.stringify(value);
}

export function tokens(pointer: string): string[] {
  if (pointer === '' || pointer === '/') return [];
  return pointer.replace(/^\//, '').split('/').map(unescapeToken);
}

function escapeToken(key: string): string {
  return key.replaceAll('~', '~0').replaceAll('/', '~1');
}

function unescapeToken(token: string): string {
  return token.replaceAll('~1', '/').replaceAll('~0', '~');
}
