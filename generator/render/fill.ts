/** Replaces the marks in a parsed template by the values that the helpers inserted; as a key too. */
import type { Json } from '../modules/contract.ts';
import type { Diagnostic, Place } from '../report/diagnostic.ts';
import { markIndex } from './inserts.ts';

export interface Filled {
  value: Json;
  diagnostics: Diagnostic[];
}

interface FillArgs {
  skeleton: Json;
  values: readonly Json[];
  places: WeakMap<object, Place>;
}

/** Copies `skeleton` with values in place of marks; the copies inherit the places of their originals. */
export function fill({ skeleton, values, places }: FillArgs): Filled {
  const diagnostics: Diagnostic[] = [];

  const keyOf = (key: string, within: object): string | undefined => {
    const index = markIndex(key);
    if (index === undefined) return key;
    const name = values[index];
    if (typeof name === 'string' && name !== '__proto__') return name;
    const place = places.get(within);
    diagnostics.push({
      code: 'EP4013',
      severity: 'error',
      message: `A key was inserted that is not a text: ${JSON.stringify(name)?.slice(0, 60)}`,
      hint: 'Insert a text, e.g. {{json @key}}.',
      ...(place && { place }),
    });
    return undefined;
  };

  const copy = (node: Json): Json => {
    if (typeof node === 'string') {
      const index = markIndex(node);
      // A copy: later steps add to the template in place, and the view is not theirs.
      return index === undefined ? node : copyJson(values[index] ?? null);
    }
    if (node === null || typeof node !== 'object') return node;
    const result = Array.isArray(node) ? node.map(copy) : copyMap(node);
    const place = places.get(node);
    if (place) places.set(result, place);
    return result;
  };

  const copyMap = (node: { [key: string]: Json }): { [key: string]: Json } => {
    const result: { [key: string]: Json } = {};
    for (const [key, member] of Object.entries(node)) {
      const name = keyOf(key, node);
      if (name === undefined) continue;
      if (Object.hasOwn(result, name))
        diagnostics.push(statedTwice(name, places.get(member as object) ?? places.get(node)));
      result[name] = copy(member);
    }
    return result;
  };

  return { value: copy(skeleton), diagnostics };
}

function copyJson(value: Json): Json {
  if (value === null || typeof value !== 'object') return value;
  if (Array.isArray(value)) return value.map(copyJson);
  return Object.fromEntries(Object.entries(value).map(([name, member]) => [name, copyJson(member)]));
}

function statedTwice(name: string, place: Place | undefined): Diagnostic {
  return {
    code: 'EP4012',
    severity: 'error',
    message: `"${name}" is stated twice once values are inserted`,
    hint: 'Let view() give every item a name of its own.',
    ...(place && { place }),
  };
}
