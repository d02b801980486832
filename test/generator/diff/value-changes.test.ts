import { describe, expect, it } from 'vitest';
import { valueChanges } from '../../../generator/diff/value-changes.ts';
import type { Json } from '../../../generator/modules/contract.ts';

const paths = (old: Json, fresh: Json): string[] => valueChanges({ old, new: fresh }).map(({ path }) => path);

describe('value changes', () => {
  it('go down to the leaf', () => {
    expect(valueChanges({ old: { a: { b: 1, c: 2 } }, new: { a: { b: 3, d: null } } })).toEqual([
      { path: 'a.b', old: 1, new: 3 },
      { path: 'a.c', old: 2 },
      { path: 'a.d', new: null },
    ]);
  });

  it('name the items of a list by what names them', () => {
    const tags = (...pairs: [string, string][]): Json => pairs.map(([Key, Value]) => ({ Key, Value }));
    expect(paths(tags(['a', '1'], ['b', '2']), tags(['b', '3'], ['c', '4']))).toEqual(['[a]', '[b].Value', '[c]']);
  });

  it('report another order once', () => {
    const rules = (...names: string[]): Json => names.map((Name) => ({ Name, x: 1 }));
    expect(paths(rules('a', 'b', 'c'), rules('b', 'a', 'c'))).toEqual([' (order)']);
    expect(paths(rules('a', 'b'), rules('n', 'a', 'b'))).toEqual(['[n]']);
  });

  it('count the items of a list that nothing names', () => {
    expect(paths([{ a: 1 }, { a: 2 }], [{ a: 1 }, { a: 3 }, { a: 4 }])).toEqual(['[1].a', '[2]']);
  });

  it('take lists of plain values and intrinsic functions as a whole', () => {
    expect(paths({ a: ['x', 'y'] }, { a: ['y'] })).toEqual(['a']);
    expect(paths({ a: { Ref: 'X' } }, { a: { Ref: 'Y' } })).toEqual(['a']);
  });

  it('do not mind members in another order', () => {
    expect(paths({ a: 1, b: { c: [], d: 2 } }, { b: { d: 2, c: [] }, a: 1 })).toEqual([]);
  });

  it('are not fooled by members of every object', () => {
    expect(paths({}, { constructor: 1 })).toEqual(['constructor']);
  });
});
