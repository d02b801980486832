/** Which values differ between two JSON documents, leaf by leaf. */
import type { Json } from '../modules/contract.ts';
import type { ValueChange } from './change-report.ts';

type JsonMap = { [key: string]: Json };

/** Members by which CloudFormation and edgepass name the items of a list. */
const NAMES = [
  'Key',
  'Sid',
  'Id',
  'Name',
  'PolicyName',
  'PathPattern',
  'AttributeName',
  'id',
  'name',
  'key',
  'prefix',
  'pattern',
];

/** Differences below `path`, in the order of the documents. `undefined` is a side that has no such value. */
export function valueChanges(sides: { old: Json | undefined; new: Json | undefined }, path = ''): ValueChange[] {
  const { old: before, new: after } = sides;
  if (sameJson(before, after)) return [];
  if (isPlainMap(before) && isPlainMap(after)) {
    return union(Object.keys(before), Object.keys(after)).flatMap((key) =>
      valueChanges({ old: own(before, key), new: own(after, key) }, path === '' ? key : `${path}.${key}`),
    );
  }
  if (Array.isArray(before) && Array.isArray(after)) return listChanges({ before, after, path });
  return [{ path, ...(before === undefined ? {} : { old: before }), ...(after === undefined ? {} : { new: after }) }];
}

function listChanges({ before, after, path }: { before: Json[]; after: Json[]; path: string }): ValueChange[] {
  const old = named(before);
  const fresh = named(after);
  // Lists of plain values are short, and read best as a whole.
  if (old === undefined || fresh === undefined) {
    if (!before.some(isPlainMap) && !after.some(isPlainMap)) return [{ path, old: before, new: after }];
    return union(Object.keys(before), Object.keys(after)).flatMap((i) =>
      valueChanges({ old: before[Number(i)], new: after[Number(i)] }, `${path}[${i}]`),
    );
  }
  const common = [...old.keys()].filter((name) => fresh.has(name));
  const moved = common.join('\n') !== [...fresh.keys()].filter((name) => old.has(name)).join('\n');
  // Tags have no order that means anything; behaviours and rules have.
  const order: ValueChange[] = moved ? [{ path: `${path} (order)`, old: [...old.keys()], new: [...fresh.keys()] }] : [];
  const items = union([...old.keys()], [...fresh.keys()]).flatMap((name) =>
    valueChanges({ old: old.get(name), new: fresh.get(name) }, `${path}[${name}]`),
  );
  return [...order, ...items];
}

/** The items by name, when every one is a map with the same naming member and no name comes twice. */
function named(list: readonly Json[]): Map<string, Json> | undefined {
  const member = NAMES.find((name) => list.every((item) => isPlainMap(item) && typeof item[name] === 'string'));
  if (member === undefined) return undefined;
  const items = new Map(list.map((item): [string, Json] => [String((item as JsonMap)[member]), item]));
  return items.size === list.length ? items : undefined;
}

/** A call of an intrinsic function is one value: its inside is no path that anybody knows. */
function isPlainMap(value: Json | undefined): value is JsonMap {
  if (value === null || typeof value !== 'object' || Array.isArray(value)) return false;
  return !Object.keys(value).some((key) => key === 'Ref' || key.startsWith('Fn::'));
}

/** Equality of JSON; members of a map may come in any order. */
export function sameJson(a: Json | undefined, b: Json | undefined): boolean {
  if (a === b) return true;
  if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null) return false;
  if (Array.isArray(a) !== Array.isArray(b)) return false;
  const keys = Object.keys(a);
  if (keys.length !== Object.keys(b).length) return false;
  return keys.every((key) => Object.hasOwn(b, key) && sameJson((a as JsonMap)[key], (b as JsonMap)[key]));
}

function own(map: JsonMap, key: string): Json | undefined {
  return Object.hasOwn(map, key) ? map[key] : undefined;
}

function union(a: readonly string[], b: readonly string[]): string[] {
  return [...new Set([...a, ...b])];
}
