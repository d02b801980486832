/** Changes of an issuer's part: claims, times, paths, places, bound attributes. What comes of it is signed. */

import { AUD, NOW, SESSION } from '../runtime/base/world.ts';
import { type Change, damage, setMember } from './change.ts';
import type { Draft } from './draft.ts';

const CLAIMS = [
  'exp',
  'iat',
  'nbf',
  'aud',
  'paths',
  'exc',
  'ssn',
  'co',
  'reg',
  'cty',
  'co_fallback',
  'reg_fallback',
  'cty_fallback',
  'ip',
  'ip_ver',
  'headers',
  'qs',
  'intsig',
];
export const OTHERS = ['sub', 'jti', 'iss', '__proto__', 'constructor', 'toString', 'EXP', 'Paths', 'length', ''];
export const VALUES: unknown[] = [
  ...[
    null,
    true,
    false,
    0,
    1,
    -1,
    1.5,
    4,
    6,
    16,
    24,
    32,
    64,
    128,
    NOW,
    NOW + 600,
    1e21,
    9e15,
    2 ** 53 - 1,
    2 ** 53,
    2 ** 31,
    4e12,
  ],
  ...['', '0', 'x', AUD, '/', '/vod/', 'FR', SESSION, 'A'.repeat(43), '\u00e9', '__proto__', String(NOW)],
  ...[
    [],
    {},
    [null],
    [''],
    [[]],
    [1],
    [AUD],
    ['/'],
    ['/vod/'],
    ['/ads/'],
    ['FR'],
    ['US-CA'],
    ['user-agent'],
    ['device'],
    ['__proto__'],
    ['/vod'],
    ['FR', null],
  ],
];
const PREFIXES = [
  '/',
  '/vod/',
  '/ads/',
  '/all/free/',
  '/all/',
  '/elsewhere/',
  '//',
  '/../',
  '/vod',
  'vod/',
  '',
  '/%61/',
  '/\u00e9/',
  '/ads/vip/',
];

const most = (draft: Draft): number => draft.stream.maxLifetime ?? 3600;
const list = (value: unknown): unknown[] => (Array.isArray(value) ? value : []);

export const claimChanges: Change[] = [
  {
    name: 'a known claim is something else',
    apply: (d, r) => setMember(d.claims, r.pick(CLAIMS), structuredClone(r.pick(VALUES))),
  },
  { name: 'a known claim is gone', apply: (d, r) => delete d.claims[r.pick(Object.keys(d.claims))] },
  { name: 'an unknown claim', apply: (d, r) => setMember(d.claims, r.pick(OTHERS), structuredClone(r.pick(VALUES))) },
  {
    name: 'members in another order',
    apply: (d, r) => {
      d.claims = Object.fromEntries(r.shuffle(Object.entries(d.claims)));
    },
  },
  { name: 'exp about now', apply: (d, r) => setMember(d.claims, 'exp', Math.floor(d.now) + r.int(4) - 1) },
  { name: 'nbf about now', apply: (d, r) => setMember(d.claims, 'nbf', Math.floor(d.now) + r.int(4) - 1) },
  {
    name: 'iat about 120 seconds ahead',
    apply: (d, r) => {
      d.claims.iat = Math.floor(d.now) + 119 + r.int(4);
      d.claims.exp = (d.claims.iat as number) + 60;
    },
  },
  {
    name: 'about the longest lifetime',
    apply: (d, r) => {
      d.claims.exp = (d.claims.iat as number) + most(d) + r.int(3) - 1;
    },
  },
  {
    name: 'times as fractions or texts',
    apply: (d, r) => setMember(d.claims, r.pick(['exp', 'iat', 'nbf']), r.pick([NOW + 0.5, `${NOW}`, -NOW, -0, 1e-9])),
  },
  { name: 'times moved alike', apply: (d, r) => moveTimes(d, r.pick([-3600, -600, -60, -1, 1, 60, 120, 600])) },
  {
    name: 'other paths',
    apply: (d, r) =>
      setMember(d.claims, 'paths', [r.pick(PREFIXES), ...list(d.claims.paths).filter(() => r.chance(0.5))]),
  },
  {
    name: 'a further path',
    apply: (d, r) => setMember(d.claims, 'paths', [...list(d.claims.paths), r.pick(PREFIXES)]),
  },
  {
    name: 'a prefix damaged',
    apply: (d, r) =>
      setMember(
        d.claims,
        'paths',
        list(d.claims.paths).map((path) => damage(String(path), r)),
      ),
  },
  { name: 'other exceptions', apply: (d, r) => setMember(d.claims, 'exc', [r.pick(PREFIXES), ...list(d.claims.exc)]) },
  {
    name: 'an exception that is a path',
    apply: (d, r) => setMember(d.claims, 'exc', r.shuffle([...list(d.claims.paths), '/ads/'])),
  },
  {
    name: 'another audience',
    apply: (d, r) =>
      setMember(
        d.claims,
        'aud',
        r.pick(['acme/prod', 'acme', '', ['x'], [AUD, AUD], damage(AUD, r), [damage(AUD, r), 'y']]),
      ),
  },
  {
    name: 'other countries',
    apply: (d, r) =>
      setMember(d.claims, 'co', r.pick([['FR'], ['BE'], ['FR', 'BE'], ['DE'], ['fr'], ['FR', 'DE'], ['FR', 'FR']])),
  },
  {
    name: 'other regions',
    apply: (d, r) =>
      setMember(d.claims, 'reg', r.pick([['US-CA'], ['US-NV'], ['US-CA', 'US-NV'], ['US-TX'], ['CA'], ['US']])),
  },
  {
    name: 'other cities',
    apply: (d, r) => setMember(d.claims, 'cty', r.pick([['Paris'], ['Lyon'], ['Paris', 'Lyon'], ['Nice']])),
  },
  {
    name: 'a fallback',
    apply: (d, r) => setMember(d.claims, r.pick(['co_fallback', 'reg_fallback', 'cty_fallback']), r.chance(0.7)),
  },
  {
    name: 'another network',
    apply: (d, r) => setNetwork(d, r.pick([4, 6]), r.pick([15, 16, 23, 24, 31, 32, 33, 48, 56, 64, 127, 128, 129])),
  },
  {
    name: 'other bound headers',
    apply: (d, r) =>
      setMember(
        d.claims,
        'headers',
        r.shuffle([
          ...list(d.claims.headers),
          r.pick(['accept', 'x-b', 'host', 'User-Agent', '__proto__', 'user-agent', 'constructor']),
        ]),
      ),
  },
  { name: 'fewer bound headers', apply: (d) => setMember(d.claims, 'headers', list(d.claims.headers).slice(1)) },
  {
    name: 'other bound parameters',
    apply: (d, r) =>
      setMember(d.claims, 'qs', r.shuffle([...list(d.claims.qs), r.pick(['a', 'device', 'x', '__proto__', 'token'])])),
  },
  { name: 'nothing bound', apply: (d) => unbind(d) },
  {
    name: 'another session on both sides',
    apply: (d, r) => {
      d.session = r.pick([
        SESSION,
        's'.repeat(15),
        's'.repeat(16),
        's'.repeat(64),
        's'.repeat(65),
        'eyJ'.repeat(7),
        '-'.repeat(22),
        '__proto__'.padEnd(22, '_'),
        damage(SESSION, r),
      ]);
      d.claims.ssn = d.session;
    },
  },
  { name: 'no session on both sides', apply: (d) => dropSession(d) },
  {
    name: 'another session in the claim',
    apply: (d, r) => setMember(d.claims, 'ssn', r.pick([SESSION, 'x'.repeat(22), damage(SESSION, r)])),
  },
];

function moveTimes({ claims }: Draft, seconds: number): void {
  for (const name of ['iat', 'exp', 'nbf'])
    if (typeof claims[name] === 'number') claims[name] = (claims[name] as number) + seconds;
}

function setNetwork({ claims }: Draft, family: number, bits: number): void {
  claims.ip = bits;
  claims.ip_ver = family;
}

function unbind({ claims }: Draft): void {
  for (const name of ['ip', 'ip_ver', 'headers', 'qs', 'intsig']) delete claims[name];
}

function dropSession(draft: Draft): void {
  draft.session = null;
  delete draft.claims.ssn;
}
