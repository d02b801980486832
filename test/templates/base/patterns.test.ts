import { describe, expect, test } from 'vitest';
import { defaultTarget, patternsOf, patternsWithin } from '../../../templates/base/patterns.ts';
import { environmentWith, streamWith } from './fixture.ts';

const origins = {
  packager: { type: 'custom', domain: 'origin.example.com', protocol: 'https', timeout: 30 },
  library: { type: 's3', domain: 'library.s3.eu-west-1.amazonaws.com', protocol: 'https', timeout: 30 },
} as const;

const names = (patterns: { pattern: string }[]): string[] => patterns.map(({ pattern }) => pattern);

/** How CloudFront compares: `*` is any number of characters, `?` one; the first match decides. */
function firstMatch(patterns: { pattern: string }[], path: string): string | undefined {
  const matches = ({ pattern }: { pattern: string }): boolean => {
    const source = pattern
      .replace(/[.+$()[\]\\^{}|]/g, '\\$&')
      .replaceAll('*', '.*')
      .replaceAll('?', '.');
    return new RegExp(`^${source}$`).test(path);
  };
  return patterns.find(matches)?.pattern;
}

describe('path patterns', () => {
  test('match the path with and without the token in front', () => {
    const patterns = patternsOf(environmentWith({ streams: { live: streamWith({ exclude: ['/ads/'] }) } }));
    expect(names(patterns)).toEqual(['/live/*', '/ads/*', '/*/live/*', '/*/ads/*']);
    expect(firstMatch(patterns, '/s.h.p.s/live/ch1/index.m3u8')).toBe('/*/live/*');
    expect(firstMatch(patterns, '/live/ch1/index.m3u8')).toBe('/live/*');
    expect(firstMatch(patterns, '/other/index.m3u8')).toBeUndefined();
  });

  test('are only those without a token where it is not in the path', () => {
    const streams = { live: streamWith({ carriage: { in: 'cookie', name: 'token' } }) };
    expect(names(patternsOf(environmentWith({ streams })))).toEqual(['/live/*']);
  });

  test('try the longest prefix first, whatever the order of streams', () => {
    const streams = {
      live: streamWith({ paths: ['/live/'] }),
      sport: streamWith({ paths: ['/live/sport/'], origin: 'library' }),
    };
    const patterns = patternsOf(environmentWith({ streams, origins }));
    expect(names(patterns)).toEqual(['/live/sport/*', '/live/*', '/*/live/sport/*', '/*/live/*']);
    expect(firstMatch(patterns, '/h.p.s/live/sport/1.ts')).toBe('/*/live/sport/*');
  });

  test('without a token win over a folder of another stream inside', () => {
    const streams = { live: streamWith(), vod: streamWith({ paths: ['/video/'], origin: 'library' }) };
    const patterns = patternsOf(environmentWith({ streams, origins }));
    expect(firstMatch(patterns, '/video/live/1.ts')).toBe('/video/*');
  });

  test('replace characters that CloudFront does not take, after patterns that are exact', () => {
    const streams = { odd: streamWith({ paths: ['/a=b/'] }), plain: streamWith({ paths: ['/a-b/'] }) };
    const patterns = patternsOf(environmentWith({ streams }));
    expect(names(patterns)).toEqual(['/a-b/*', '/a?b/*', '/*/a-b/*', '/*/a?b/*']);
    expect(firstMatch(patterns, '/a-b/1.ts')).toBe('/a-b/*');
    expect(names(patternsOf(environmentWith({ streams: { s: streamWith({ paths: ["/!&'()+,=:@~$_./"] }) } })))[0]).toBe(
      "/??'??+??:@~$_./*",
    );
  });

  test('of one prefix on several hosts become one, private if one of them is', () => {
    const streams = {
      a: streamWith({ hosts: ['a.example.com'] }),
      b: streamWith({ hosts: ['b.example.com'], carriage: { in: 'cookie', name: 'token' } }),
    };
    expect(patternsOf(environmentWith({ streams }))[0]).toEqual({
      pattern: '/live/*',
      origin: 'packager',
      isPrivate: true,
    });
  });

  test('leave out streams that are not on the hosts of the distribution', () => {
    const streams = { a: streamWith({ hosts: ['a.example.com'] }), all: streamWith({ paths: ['/all/'] }) };
    const on = (host: string) => patternsOf(environmentWith({ streams }), { id: 'Distribution', hosts: [host] });
    expect(names(on('a.example.com'))).toContain('/live/*');
    expect(names(on('b.example.com'))).toEqual(['/all/*', '/*/all/*']);
  });
});

describe('default behaviour', () => {
  test('is that of the stream on /', () => {
    const streams = { all: streamWith({ paths: ['/'], origin: 'library', carriage: { in: 'header', name: 'x' } }) };
    const environment = environmentWith({ streams, origins });
    expect(defaultTarget(environment)).toEqual({ origin: 'library', isPrivate: true });
    expect(patternsOf(environment)).toEqual([]);
  });

  test('of a private stream on / makes private what may catch its paths', () => {
    const streams = {
      all: streamWith({ paths: ['/'], carriage: { in: 'cookie', name: 'token' } }),
      live: streamWith({ paths: ['/live/'] }),
    };
    const found = patternsOf(environmentWith({ streams })).map(({ pattern, isPrivate }) => [pattern, isPrivate]);
    expect(found).toEqual([
      ['/live/*', false],
      ['/*/live/*', true],
    ]);
  });

  test('is else that of the first origin', () => {
    const streams = { vod: streamWith({ origin: 'library' }) };
    expect(defaultTarget(environmentWith({ streams, origins }))).toEqual({ origin: 'packager', isPrivate: false });
  });

  test('stands in for all others where a plan has no room for them', () => {
    const environment = environmentWith({ streams: { live: streamWith({ paths: ['/a/', '/b/'] }) } });
    const fallback = defaultTarget(environment);
    expect(patternsWithin(patternsOf(environment), fallback, 5)).toHaveLength(4);
    expect(patternsWithin(patternsOf(environment), fallback, 4)).toEqual([]);
    expect(patternsWithin(patternsOf(environment), { ...fallback, isPrivate: true }, 4)).toHaveLength(4);
  });
});
