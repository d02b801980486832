/** The stand-in refuses what the service refuses: a test that passes here by a limit that is not there would prove nothing. */
import { beforeEach, describe, expect, it } from 'vitest';
import { KeyValues } from './key-values.ts';

const ARN = 'arn';
let store: KeyValues;
beforeEach(() => {
  store = new KeyValues();
  store.create(ARN);
});

const etag = (): string => (store.call('DescribeKeyValueStore', { KvsARN: ARN }) as { ETag: string }).ETag;
const put = (Puts: { Key: string; Value: string }[], IfMatch = etag()) =>
  store.call('UpdateKeys', { KvsARN: ARN, Puts, IfMatch }) as { ETag: string; TotalSizeInBytes: number };
const keys = (count: number, Value = '1') => Array.from({ length: count }, (_, n) => ({ Key: `k${n}`, Value }));
const coded = (code: string) => expect.objectContaining({ code });

describe('a store', () => {
  it.each([
    ['51 keys', keys(51)],
    ['no key', []],
    ['a key twice', [...keys(1), ...keys(1)]],
    ['a key of 513 bytes', [{ Key: 'é'.repeat(257), Value: '1' }]],
    ['a value of 1,025 bytes', keys(1, 'x'.repeat(1_025))],
  ])('takes no write of %s', (_what, Puts) => {
    expect(() => put(Puts)).toThrow(coded('ValidationException'));
    expect(store.content(ARN).size).toBe(0);
  });

  it('takes 50 keys of any length that is allowed, and counts their bytes', () => {
    const Puts = keys(50, 'x'.repeat(1_024)).map(({ Key, Value }) => ({ Key: Key.padEnd(512, '-'), Value }));
    expect(put(Puts).TotalSizeInBytes).toBe(50 * (512 + 1_024));
    expect(put(keys(1)).TotalSizeInBytes).toBe(50 * (512 + 1_024) + 3);
  });

  it('takes 5 MB and no byte more', () => {
    // Of 1 KB each, with the key.
    for (let n = 0; n < 5 * 1_024; n++) put([{ Key: String(n).padStart(4, '0'), Value: 'x'.repeat(1_020) }]);
    expect(() => put([{ Key: 'k', Value: '' }])).toThrow(coded('ServiceQuotaExceededException'));
    // All of a write or nothing; what is put in place of another counts less.
    put([{ Key: '0000', Value: 'x'.repeat(1_019) }]);
    expect(put([{ Key: 'k', Value: '' }]).TotalSizeInBytes).toBe(5 * 1024 * 1024);
  });

  it('takes only writes that build on the last one', () => {
    const first = etag();
    const { ETag } = put(keys(1));
    expect(ETag).not.toBe(first);
    expect(() => put(keys(2), first)).toThrow(coded('ConflictException'));
    expect(() => put(keys(2), '')).toThrow(coded('ValidationException'));
    put(keys(2), ETag);
  });

  it('lists ten keys a page, 50 at most, and each once', () => {
    for (let n = 0; n < 4; n++) put(Array.from({ length: 30 }, (_, i) => ({ Key: `k${n}-${i}`, Value: '1' })));
    const page = (more: object) =>
      store.call('ListKeys', { KvsARN: ARN, ...more }) as { Items: { Key: string }[]; NextToken?: string };
    expect(page({}).Items).toHaveLength(10);
    expect(() => page({ MaxResults: 51 })).toThrow(coded('ValidationException'));
    const seen: string[] = [];
    let next: string | undefined;
    do {
      const { Items, NextToken } = page({ MaxResults: 50, ...(next === undefined ? {} : { NextToken: next }) });
      seen.push(...Items.map(({ Key }) => Key));
      next = NextToken;
    } while (next !== undefined);
    expect(seen).toHaveLength(120);
    expect(new Set(seen).size).toBe(120);
  });
});
