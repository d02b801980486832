/** A configuration in the making: plain data that is filled path by path. */

export interface Draft {
  [key: string]: unknown;
}

/** Names of members from the top down; map names included. */
export type Path = readonly string[];

/** What `path` leads to; undefined where it leads nowhere. */
export function valueAt(draft: Draft, path: Path): unknown {
  let value: unknown = draft;
  for (const name of path) {
    if (!isDraft(value) || !Object.hasOwn(value, name)) return undefined;
    value = value[name];
  }
  return value;
}

/** Sets a value and makes the maps above it. `false` where something else than a map is in the way. */
export function setAt(draft: Draft, path: Path, value: unknown): boolean {
  const last = path.at(-1);
  if (last === undefined) return false;
  let map = draft;
  for (const name of path.slice(0, -1)) {
    if (!Object.hasOwn(map, name)) map[name] = {};
    const next = map[name];
    if (!isDraft(next)) return false;
    map = next;
  }
  map[last] = value;
  return true;
}

/** Removes a value; maps above it that become empty go as well. */
export function removeAt(draft: Draft, path: Path): void {
  for (let length = path.length; length > 0; length -= 1) {
    const map = valueAt(draft, path.slice(0, length - 1));
    const name = path[length - 1] as string;
    if (!isDraft(map)) continue;
    const value = map[name];
    if (length < path.length && isDraft(value) && Object.keys(value).length > 0) return;
    delete map[name];
  }
}

/** Names in the map at `path`; none where there is no map. */
export function namesAt(draft: Draft, path: Path): string[] {
  const value = valueAt(draft, path);
  return isDraft(value) ? Object.keys(value) : [];
}

export function isDraft(value: unknown): value is Draft {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
