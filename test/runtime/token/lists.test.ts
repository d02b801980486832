import { describe, expect, it } from 'vitest';
import { holdsAll, longestPrefix, reachesInto } from '../../../runtime/token/lists.ts';

describe('lists', () => {
  it.each<[string[] | undefined, string[], boolean]>([
    [['a', 'b', 'c'], ['c', 'a'], true],
    [['a', 'b'], ['a', 'b'], true],
    [['a', 'b'], ['b'], true],
    [['a'], [], true],
    [['a', 'b'], ['b', 'c'], false],
    [['a', 'b'], ['c', 'b'], false],
    [['ab'], ['a'], false],
    [[], ['a'], false],
    [undefined, ['a'], false],
  ])('%j holds all of %j: %s', (list, wanted, expected) => {
    expect(holdsAll(list, wanted)).toBe(expected);
  });

  it.each<[string, string[], number]>([
    ['/a/b/c', ['/a/', '/a/b/', '/'], 5],
    ['/a/b/c', ['/', '/a/b/', '/a/'], 5],
    ['/a/b/c', ['/b/'], 0],
    ['/a/', ['/a/'], 3],
    ['/a', ['/a/'], 0],
    ['/x/a/', ['/a/'], 0],
    ['/a/b', [], 0],
  ])('of %j and %j the longest prefix has %i', (path, prefixes, expected) => {
    expect(longestPrefix(path, prefixes)).toBe(expected);
  });

  it.each<[string[], string[], boolean]>([
    [['/x/', '/a/b/'], ['/a/'], true],
    [['/a/b/', '/x/'], ['/a/'], true],
    [['/a/'], ['/a/'], true],
    [['/a/'], ['/a/b/'], false],
    [['/a/'], ['/b/', '/c/'], false],
    [[], ['/'], false],
  ])('%j reach into %j: %s', (prefixes, others, expected) => {
    expect(reachesInto(prefixes, others)).toBe(expected);
  });
});
