/** Much of everything: what is within the limits passes, what is over them is refused. */
import { type Asked, claims, token } from '../../runtime/base/world.ts';
import { AT_HOME, bound, each, everything, type Family, MALFORMED, MISMATCH, PASS, PATH, vod } from '../build.ts';

const KB = 1024;
const many = (count: number, size: number): Record<string, string> =>
  Object.fromEntries(Array.from({ length: count }, (_, i) => [`x-${i}`, 'v'.repeat(size)]));
const repeated = (count: number): Record<string, string[]> => ({ 'x-many': Array.from({ length: count }, () => 'v') });
const plain: Asked = { uri: `/${vod}/vod/a` };

/** A token of exactly so many characters: of the payload's lengths only every fourth has none, so a session makes up. */
function sized(length: number): string {
  for (let session = 16; session <= 22; session++) {
    for (let n = 0; n < length; n++) {
      const text = token(claims(['/vod/'], { ssn: 's'.repeat(session), sub: 'u'.repeat(n) }));
      if (text.length === length) return text;
      if (text.length > length) break;
    }
  }
  throw new Error(`no token has ${length} characters`);
}
const path = (length: number, piece = 'a'): string => `/${vod}/vod/`.padEnd(length, piece);
const left = (uri: string): string => `pass ${uri.slice(vod.length + 1)}`;
const slashes = (length: number): string => `${path(length - 1, 'a/')}x`.replace('//', '/a');

export const sizes: Family[] = [
  {
    attack: 'large requests',
    cases: [
      ...each(PASS, [
        ['32 KB in one header', { ...plain, headers: many(1, 32 * KB) }],
        ['32 KB in 32 headers', { ...plain, headers: many(32, KB) }],
        ['32 KB in 1,000 headers', { ...plain, headers: many(1000, 32) }],
        ['a header 200 times', { ...plain, headers: repeated(200) }],
        ['32 KB in cookies', { ...plain, cookies: many(100, 320) }],
        ['8 KB of query', { ...plain, query: `a=${'b'.repeat(8 * KB)}` }],
        ['2,000 parameters', { ...plain, query: Array.from({ length: 2000 }, (_, i) => `p${i}`).join('&') }],
        ['8 KB of &', { ...plain, query: '&'.repeat(8 * KB) }],
        ['8 KB of ;', { ...plain, query: ';'.repeat(8 * KB) }],
        [
          '1,000 x-edgepass headers',
          { ...plain, headers: Object.fromEntries(Array.from({ length: 1000 }, (_, i) => [`x-edgepass-${i}`, 'v'])) },
        ],
      ]),
      [
        '32 KB beside bound headers',
        { uri: `/${token(everything())}/all/ch1/x`, headers: { ...many(32, KB), ...AT_HOME } },
        'pass /all/ch1/x',
      ],
      [
        '32 KB in the bound header',
        bound([['user-agent', 'x'.repeat(32 * KB)]], { 'user-agent': 'x'.repeat(32 * KB) }),
        MISMATCH,
      ],
      ['1,024 bytes in each of 20 bound headers', twenty(KB), 'pass /agent/a'],
      ['1,025 bytes in each of 20 bound headers', twenty(KB + 1), MISMATCH],
    ],
  },
  {
    attack: 'long paths',
    cases: [
      ...[1000, 4096, 8191, 8192].flatMap((length): Family['cases'] => [
        [`${length} of one letter`, { uri: path(length) }, left(path(length))],
        [`${length} with slashes`, { uri: slashes(length) }, left(slashes(length))],
      ]),
      [
        '8,190 with escapes',
        { uri: `/${vod}/vod/${'%C3%A9'.repeat(Math.floor((8190 - vod.length - 6) / 6))}` },
        left(`/${vod}/vod/${'%C3%A9'.repeat(Math.floor((8190 - vod.length - 6) / 6))}`),
      ],
      ...each(PATH, [
        ['8,193', { uri: path(8193) }],
        ['8,193 without a token', { uri: '/vod/'.padEnd(8193, 'a') }],
        ['8,193 off', { uri: '/off/'.padEnd(8193, 'a') }],
        ['20,000', { uri: path(20_000) }],
        ['100,000 of no stream', { uri: '/site/'.padEnd(100_000, 'a') }],
        ['8,192, the last one wrong', { uri: `${path(8191)};` }],
        ['8,192 of %', { uri: path(8192, '%') }],
        ['8,192 of dots and slashes', { uri: path(8192, '../') }],
        ['8,192 of slashes', { uri: path(8192, '/') }],
        ['8,192 of half a character', { uri: `${path(8189)}%C3` }],
      ]),
      ['8,193 in report', { uri: '/report/'.padEnd(8193, 'a') }, PATH],
      ['8,192 in off', { uri: '/off/'.padEnd(8192, 'a') }, `pass ${'/off/'.padEnd(8192, 'a')}`],
      ['8,000 of eyJ', { uri: path(8000, 'eyJ') }, left(path(8000, 'eyJ'))],
      ['8,000 of dots in a name', { uri: path(8000, '.a') }, left(path(8000, '.a'))],
    ],
  },
  {
    attack: 'long tokens',
    cases: [
      ...[2045, 2046, 2047, 2048].flatMap((length): Family['cases'] =>
        each(PASS, [[`${length} characters`, { uri: `/${sized(length)}/vod/a` }]]),
      ),
      ...[2049, 2050, 3000, 4096, 7000].flatMap((length): Family['cases'] =>
        each(MALFORMED, [[`${length} characters`, { uri: `/${sized(length)}/vod/a` }]]),
      ),
      ['8,180 characters and no dot', { uri: `/${'e'.repeat(8180)}/vod/a` }, '403 path_not_allowed'],
      ['4,000 dots', { uri: `/${'.a'.repeat(2000)}/${vod}/vod/a` }, MALFORMED],
    ],
  },
];

function twenty(size: number): Asked {
  const value = 'v'.repeat(size);
  const list = ['user-agent', ...Array.from({ length: 19 }, (_, i) => `x-${i}`)].map((name): [string, string] => [
    name,
    value,
  ]);
  return bound(list, Object.fromEntries(list));
}
