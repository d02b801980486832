import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isCanonicalPath, isPlainPath } from '../../../runtime/token/canonical-path.ts';
import { isCanonicalQuery } from '../../../runtime/token/canonical-query.ts';

/** The rule once more, the slow way: split, look at every segment, decode every escape. */
function reference(path: string): boolean {
  if (!path.startsWith('/')) return false;
  const segments = path.slice(1).split('/');
  if (
    segments.some((segment, i) => segment === '.' || segment === '..' || (segment === '' && i < segments.length - 1))
  ) {
    return false;
  }
  const bytes: number[] = [];
  for (let i = 0; i < path.length; i++) {
    const char = path.charAt(i);
    if (char !== '%') {
      if (!/[A-Za-z0-9\-._~!$&'()*+,=:@/]/.test(char)) return false;
      bytes.push(char.charCodeAt(0));
      continue;
    }
    const hex = path.slice(i + 1, i + 3);
    if (!/^[0-9A-F]{2}$/.test(hex)) return false;
    const byte = Number.parseInt(hex, 16);
    if (byte < 0x80 && !' "#<>?[]^`{|}'.includes(String.fromCharCode(byte))) return false;
    bytes.push(byte);
    i += 2;
  }
  try {
    new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(Uint8Array.from(bytes));
    return true;
  } catch {
    return false;
  }
}

const pieces = [
  '/',
  '/',
  '.',
  '..',
  'a',
  'Z9',
  '%',
  '%2',
  '%20',
  '%2e',
  '%2E',
  '%7B',
  '%25',
  '%C3',
  '%A9',
  '%E2',
  '%82',
  '%AC',
  '%F0',
  '%9F',
  '%8E',
  '%ED',
  '%A0',
  '%C0',
  '%EF%BF%BD',
  '%F4%8F%BF%BF',
  '%FF',
  ';',
  '~',
  '@',
  '\u00e9',
  '\n',
  '_',
];

describe('canonical path', () => {
  it('agrees with the rule written another way', () => {
    const paths = fc.array(fc.constantFrom(...pieces), { maxLength: 12 }).map((parts) => `/${parts.join('')}`);
    fc.assert(
      fc.property(paths, (path) => {
        expect(isCanonicalPath(path)).toBe(reference(path));
      }),
      { numRuns: 20_000 },
    );
  });

  it('takes every character of Unicode and no other spelling of it', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme', minLength: 1, maxLength: 4 }), (text) => {
        const path = `/${encodeURIComponent(text).replace(/%(2[14-9A-F]|3[AD]|40)/g, decodeURIComponent)}x`;
        expect(isCanonicalPath(path)).toBe(reference(path));
      }),
      { numRuns: 5_000 },
    );
  });

  it('is quick over hostile paths', () => {
    const start = performance.now();
    for (const piece of ['%E2%82%AC', '%20', '/a', '/a.', '%C3', 'a', '%E2%82', '/eyJ.']) {
      isCanonicalPath(`/${piece.repeat(8192 / piece.length)}`);
    }
    expect(performance.now() - start).toBeLessThan(200);
  });
});

describe('plain path', () => {
  it.each(['/', '/vod/a.ts', '/live/ch_1/seg-00001.m4s'])('takes %s', (path) => {
    expect(isPlainPath(path)).toBe(true);
  });
  it.each(['', '/;', '/%', '/a!', '//', '/.', '/..', '/.a', '/a/./b', '/a..b', '/a.b.c', '/a\n'])(
    'refuses %j',
    (path) => {
      expect(isPlainPath(path)).toBe(false);
    },
  );
  it('is canonical', () => {
    const paths = fc.array(fc.constantFrom(...pieces), { maxLength: 12 }).map((parts) => `/${parts.join('')}`);
    fc.assert(
      fc.property(paths, (path) => {
        if (isPlainPath(path)) expect(reference(path)).toBe(true);
      }),
      { numRuns: 20_000 },
    );
  });
});

describe('canonical query', () => {
  it.each(['', 'a', 'a=', 'a=b', 'a=b&c', 'a=b=c', 'a.b-c_d~e=1', 'a=%3B', 'a=/?:@'])('takes %j', (raw) => {
    expect(isCanonicalQuery(raw)).toBe(true);
  });
  it.each([
    '&',
    '=',
    'a&',
    '&a',
    'a&&b',
    'a;b',
    'a=1;',
    '%61=1',
    'a%=1',
    'a[]=1',
    'a+b=1',
    'a b',
    'a\n',
    'a=1&b\n',
    'a/b=1',
    '\u00e9=1',
  ])('refuses %j', (raw) => {
    expect(isCanonicalQuery(raw)).toBe(false);
  });
});
