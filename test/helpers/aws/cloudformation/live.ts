/** Comparing and changing the live side of a resource. Tags are compared by key, and foreign ones are left alone. */
import { diffPaths, equal, isObject, type Json, type JsonObject, type PathDiff } from '../json.ts';
import { recreation, tagProperty } from './spec.ts';

/**
 * Brings the named properties of `live` to what the template says, and nothing else: a whole property at a time, since
 * that is what an update sends.
 */
export function applied(
  type: string,
  live: JsonObject,
  change: { next: JsonObject; previous: JsonObject; keys: Iterable<string> },
): JsonObject {
  const { next, previous, keys } = change;
  const result = structuredClone(live);
  for (const key of keys) {
    const value =
      key === tagProperty(type) ? withForeignTags(live[key], { next: next[key], previous: previous[key] }) : next[key];
    if (value === undefined) delete result[key];
    else result[key] = structuredClone(value);
  }
  return result;
}

/** Where the live resource is not what `expected` says. Properties that the template does not set are not looked at. */
export function liveDifferences(
  type: string,
  expected: JsonObject,
  live: JsonObject,
  foreignTags: boolean,
): PathDiff[] {
  const tags = tagProperty(type);
  return Object.keys(expected).flatMap((key) => {
    const actual = key === tags ? aligned(expected[key], live[key], foreignTags) : live[key];
    return diffPaths(expected[key], actual, `/${key}`);
  });
}

/** The top-level properties that a drift-aware change set brings back, i.e. not those that would need a new resource. */
export function revertedKeys(
  type: string,
  sides: { live: JsonObject; previous: JsonObject; next: JsonObject },
): string[] {
  const { live, previous, next } = sides;
  const tags = tagProperty(type);
  const keys = [...new Set([...Object.keys(previous), ...Object.keys(next)])];
  return keys.filter((key) => {
    const actual = key === tags ? aligned(next[key], live[key], false) : live[key];
    if (equal(actual, next[key])) return false;
    const onlyDrifted = equal(previous[key], next[key]);
    return (
      !onlyDrifted || diffPaths(actual, next[key], `/${key}`).some(({ path }) => recreation(type, path) !== 'Always')
    );
  });
}

/** The live tags in the order of the expected ones, so that they can be compared by position. */
function aligned(expected: Json | undefined, live: Json | undefined, foreign: boolean): Json | undefined {
  if (isObject(expected) && isObject(live)) {
    return foreign ? live : Object.fromEntries(Object.entries(live).filter(([key]) => key in expected));
  }
  if (!Array.isArray(expected) || !Array.isArray(live)) return live;
  const keys = expected.map(tagKey);
  const own = keys.flatMap((key) => live.filter((tag) => tagKey(tag) === key));
  return foreign ? [...own, ...live.filter((tag) => !keys.includes(tagKey(tag)))] : own;
}

function withForeignTags(
  live: Json | undefined,
  { next, previous }: { next: Json | undefined; previous: Json | undefined },
): Json | undefined {
  if (!Array.isArray(live)) return next;
  const ours = new Set([next, previous].flatMap((tags) => (Array.isArray(tags) ? tags.map(tagKey) : [])));
  const foreign = live.filter((tag) => !ours.has(tagKey(tag)));
  return foreign.length === 0 ? next : [...(Array.isArray(next) ? next : []), ...foreign];
}

function tagKey(tag: Json): string {
  return isObject(tag) ? String(tag.Key) : '';
}
