/**
 * Paths into a view: `origin.domain`, `this`, `this.port`, `../name` (one `#each` further out), `@root.name`, and
 * inside `#each` `@key`, `@index`, `@first` and `@last`. Lookups see own members only, so nothing of
 * `Object.prototype` can be named.
 */
import type { Json } from '../modules/contract.ts';

/** What paths are relative to: the view, or the current item of an `#each` inside another scope. */
export interface Scope {
  value: Json;
  /** Absolute place in the view, e.g. `origins.main`; empty for the view itself. */
  path: string;
  parent?: Scope;
  /** `@key` and the like, for an item. */
  data?: Readonly<Record<string, Json>>;
}

export interface ViewPath {
  /** How many `#each` to leave; Infinity for `@root.`. */
  up: number;
  names: string[];
  /** `@key` and the like: a fact about the item instead of a member. */
  data?: string;
}

/** Names behind `@` inside `#each`. */
export const DATA_NAMES = ['key', 'index', 'first', 'last'];

const MEMBER = /^(?<from>@root\.|(?:\.\.\/)*)(?:this\.)?(?<names>this|\w+(?:\.\w+)*)$/;
const DATA = /^@(?<from>(?:\.\.\/)*)(?<data>\w+)$/;

/** Reads a path; undefined when it is not one. */
export function parseViewPath(text: string): ViewPath | undefined {
  const { from = '', names = 'this', data } = (DATA.exec(text) ?? MEMBER.exec(text))?.groups ?? { names: '' };
  if (names === '') return undefined;
  return {
    up: from === '@root.' ? Number.POSITIVE_INFINITY : from.length / '../'.length,
    names: names === 'this' ? [] : names.split('.'),
    ...(data !== undefined && { data }),
  };
}

/** A member's own value; undefined when there is none. */
export function ownMember(value: Json, name: string): Json | undefined {
  if (value === null || typeof value !== 'object' || !Object.hasOwn(value, name)) return undefined;
  return (value as { [key: string]: Json })[name];
}

/** Absolute path of a member. Names that are not plain words stand in brackets, so that two members never share a path. */
export function joinPath(path: string, name: string | number): string {
  if (!/^\w[\w-]*$/.test(String(name))) return `${path}[${JSON.stringify(name)}]`;
  return path === '' ? String(name) : `${path}.${name}`;
}

/** The value and place that a path names; throws when there is none (the lint has reported it before). */
export function descend(scope: Scope, text: string): Scope {
  const path = parseViewPath(text);
  if (!path) throw new Error(`not a path: ${text}`);
  let found = scope;
  for (let n = 0; n < path.up && found.parent; n += 1) found = found.parent;
  if (path.data !== undefined) {
    const value = ownMember(found.data ?? {}, path.data);
    if (value === undefined) throw new Error(`there is no ${text} here`);
    return { value, path: `${found.path}@${path.data}` };
  }
  for (const name of path.names) {
    const value = ownMember(found.value, name);
    if (value === undefined) throw new Error(`the view has no ${joinPath(found.path, name)}`);
    found = { value, path: joinPath(found.path, name) };
  }
  return found;
}

/** One scope for each item of a list or map; none for anything else. */
export function itemScopes({ value, path }: Scope, parent: Scope): Scope[] {
  if (value === null || typeof value !== 'object') return [];
  const isList = Array.isArray(value);
  return Object.entries(value).map(([name, item], index, all) => {
    const key = isList ? index : name;
    const data = { key, index, first: index === 0, last: index === all.length - 1 };
    return { value: item, path: joinPath(path, key), parent, data };
  });
}
