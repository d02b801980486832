/** The grammar of claims, claim by claim: as issuers of ours write them, and as anybody else may. */
import { describe, expect, it } from 'vitest';
import {
  AUD,
  AUD_LIST,
  CO,
  CTY,
  EXC,
  EXP,
  HEADERS,
  IAT,
  INTSIG,
  IPV4,
  IPV6,
  itemsOf,
  NBF,
  PATHS,
  QS,
  REG,
  readClaims,
  SSN,
} from '../../../runtime/token/claim-text.ts';

/** Every member as JSON text, in the order of our issuers. */
const MINIMAL: Record<string, string> = { iat: '100', exp: '200', aud: '"a/b"', paths: '["/x/"]' };
const ORDER =
  'iat exp nbf aud paths exc ssn co co_fallback reg reg_fallback cty cty_fallback ip ip_ver headers qs intsig sub ctx'.split(
    ' ',
  );

/** The text of the minimal claims with changes; `''` takes a member out. */
function canonical(change: Record<string, string>): string {
  const all = { ...MINIMAL, ...change };
  const members = ORDER.filter((name) => all[name]).map((name) => `"${name}":${all[name]}`);
  return `{${members.join(',')}}`;
}

/** The same claims as another library may write them: other order, white space, a member we do not know. */
function foreign(change: Record<string, string>): string {
  const all = { ...MINIMAL, ...change };
  const members = ORDER.filter((name) => all[name]).map((name) => ` "${name}" : ${all[name]}`);
  return `\n{${['"x": [1, {"iat": 5}]', ...members.toReversed()].join(',')} }\n`;
}

const NETWORK = { intsig: '"m"' };

const TAKEN: [change: Record<string, string>, at: number, text: string | undefined][] = [
  [{}, IAT, '100'],
  [{ iat: '0' }, IAT, '0'],
  [{ iat: '9' }, IAT, '9'],
  [{}, EXP, '200'],
  [{ exp: '999999999999999' }, EXP, '999999999999999'],
  [{ iat: '0', exp: '1' }, EXP, '1'],
  [{ nbf: '0' }, NBF, '0'],
  [{ nbf: '123456789012345' }, NBF, '123456789012345'],
  [{}, NBF, undefined],
  [{}, AUD, 'a/b'],
  [{}, AUD_LIST, undefined],
  [{ aud: '["a/b"]' }, AUD_LIST, 'a/b'],
  [{ aud: '["a","b/c","d"]' }, AUD_LIST, 'a","b/c","d'],
  [{ aud: '["a"]' }, AUD, undefined],
  [{}, PATHS, '/x/'],
  [{ paths: '["/"]' }, PATHS, '/'],
  [{ paths: '["/","/"]' }, PATHS, '/","/'],
  [{ paths: '["/a/b/","/c/","/"]' }, PATHS, '/a/b/","/c/","/'],
  [{ paths: '["/x/"]', exc: '["/y/"]' }, EXC, '/y/'],
  [{ paths: '["/x/"]', exc: '["/y/","/x/y/","/z/w/"]' }, EXC, '/y/","/x/y/","/z/w/'],
  [{}, EXC, undefined],
  [{ ssn: '"s"' }, SSN, 's'],
  [{ ssn: '"Az09-_"' }, SSN, 'Az09-_'],
  [{}, SSN, undefined],
  [{ co: '["FR"]' }, CO, 'FR'],
  [{ co: '["FR","BE","DE"]' }, CO, 'FR","BE","DE'],
  [{ co: '["FR"]', co_fallback: 'true' }, CO + 1, 'true'],
  [{ co: '["FR"]', co_fallback: 'false' }, CO + 1, undefined],
  [{ co_fallback: 'true' }, CO, undefined],
  [{ reg: '["US-CA"]' }, REG, 'US-CA'],
  [{ reg: '["US-CA","US-NV","X"]' }, REG, 'US-CA","US-NV","X'],
  [{ reg: '["US-CA"]', reg_fallback: 'true' }, REG + 1, 'true'],
  [{ reg: '["US-CA"]', reg_fallback: 'false' }, REG + 1, undefined],
  [{ co: '["FR"]', cty: '["Paris"]' }, CTY, 'Paris'],
  [{ co: '["FR"]', cty: '["Le Mans","Orl\u00e9ans","[]{}"]' }, CTY, 'Le Mans","Orl\u00e9ans","[]{}'],
  [{ co: '["FR"]', cty: '["Paris"]', cty_fallback: 'true' }, CTY + 1, 'true'],
  [{ co: '["FR"]', cty: '["Paris"]', cty_fallback: 'false' }, CTY + 1, undefined],
  ...Array.from({ length: 17 }, (_, i): (typeof TAKEN)[number] => [
    { ip: String(i + 16), ip_ver: '4', ...NETWORK },
    IPV4,
    String(i + 16),
  ]),
  ...Array.from({ length: 97 }, (_, i): (typeof TAKEN)[number] => [
    { ip: String(i + 32), ip_ver: '6', ...NETWORK },
    IPV6,
    String(i + 32),
  ]),
  [{ ip: '24', ip_ver: '4', ...NETWORK }, IPV6, undefined],
  [{ ip: '64', ip_ver: '6', ...NETWORK }, IPV4, undefined],
  [{ headers: '["user-agent"]', ...NETWORK }, HEADERS, 'user-agent'],
  [{ headers: '["a","bc","d"]', ...NETWORK }, HEADERS, 'a","bc","d'],
  [{ qs: '["device"]', ...NETWORK }, QS, 'device'],
  [{ qs: '["a","bc","d"]', ...NETWORK }, QS, 'a","bc","d'],
  [{ qs: '["a"]', ...NETWORK }, INTSIG, 'm'],
  [{ qs: '["a"]', intsig: '""' }, INTSIG, ''],
  [{ qs: '["a"]', intsig: '"a-_Z9+/="' }, INTSIG, 'a-_Z9+/='],
  [{}, INTSIG, undefined],
  [{ sub: '"viewer"' }, IAT, '100'],
  [{ sub: '""' }, IAT, '100'],
  [{ ctx: '"100:trailer:all"' }, IAT, '100'],
  [{ sub: '"viewer"', ctx: '""' }, IAT, '100'],
];

const TIMES = ['"100"', '1.5', '-1', '1e999', 'null', 'true', '[100]', '{}', '1000000000000000', '9999999999999999'];
const LISTS = [
  '[]',
  '[""]',
  '["a",""]',
  '["","a"]',
  '"a"',
  'null',
  'true',
  '1',
  '{}',
  '[1]',
  '["a",1]',
  '[["a"]]',
  '[null]',
];
const PREFIXES = [
  ...LISTS,
  '["a"]',
  '["/a"]',
  '["a/"]',
  '["/x/","/a"]',
  '["/x/","a/"]',
  '["/a","/x/"]',
  '["a/","/x/"]',
  '[" /"]',
];
const TEXTS = ['null', 'true', '1', '{}', '[]', '["a"]'];
const ESCAPED = ['\\"', '\\\\', '\\n', '\\u0000', '\\u001f'];
const FLAGS = ['null', '"true"', '1', '0', '[]', '{}'];

const over = (name: string, values: string[], more: Record<string, string> = {}): Record<string, string>[] =>
  values.map((value) => ({ ...more, [name]: value }));

const REFUSED: Record<string, string>[] = [
  ...over('iat', ['', ...TIMES, '200', '201']),
  ...over('exp', ['', ...TIMES, '100', '99', '0']),
  ...over('nbf', TIMES),
  ...over('aud', ['', ...LISTS.filter((value) => value !== '"a"')]),
  ...over('paths', ['', ...PREFIXES]),
  ...over('exc', [...PREFIXES, '["/x/"]', '["/"]', '["/y/","/x/"]', '["/x/","/y/"]']),
  { paths: '["/y/","/x/z/"]', exc: '["/x/"]' },
  { paths: '["/x/z/","/y/"]', exc: '["/x/"]' },
  ...over('ssn', [...TEXTS, '""', '"a b"', '"a."', '".a"', '"\u00e9"']),
  ...over('co', LISTS),
  ...over('reg', LISTS),
  ...over('cty', LISTS, { co: '["FR"]' }),
  { cty: '["Paris"]' },
  { cty: '["Paris"]', reg: '["FR-IDF"]' },
  ...over('co_fallback', FLAGS),
  ...over('reg_fallback', FLAGS),
  ...over('cty_fallback', FLAGS),
  ...over('ip', ['', '0', '1', '4', '15', '33', '64', '99', '116', '160', '"24"', '24.5', 'null'], {
    ip_ver: '4',
    ...NETWORK,
  }),
  ...over('ip', ['', '0', '6', '16', '31', '24', '129', '130', '138', '200', '1000', '"64"', 'null'], {
    ip_ver: '6',
    ...NETWORK,
  }),
  ...over('ip_ver', ['', '5', '0', '44', '66', '"4"', 'null'], { ip: '32', ...NETWORK }),
  ...over('headers', LISTS, NETWORK),
  ...over('qs', LISTS, NETWORK),
  ...over('intsig', ['', ...TEXTS], { qs: '["a"]' }),
  { headers: '["a"]' },
  { ip: '24', ip_ver: '4' },
  { ip: '64', ip_ver: '6' },
  { intsig: '"m"' },
  { intsig: '""' },
];

describe('claims that are read', () => {
  it.each(TAKEN)('%j', (change, at, text) => {
    for (const claims of [readClaims(canonical(change)), readClaims(foreign(change))]) {
      expect(claims).not.toBeNull();
      expect(claims?.[at]).toBe(text);
    }
    expect(readClaims(canonical(change))?.slice(1)).toEqual(readClaims(foreign(change))?.slice(1));
  });

  it('are the last of duplicates', () => {
    expect(readClaims(canonical({}).replace('}', ',"iat":150}'))?.[IAT]).toBe('150');
    expect(readClaims(canonical({}).replace('{', '{"iat":150,'))?.[IAT]).toBe('100');
  });

  it('have the items of their lists', () => {
    expect(itemsOf(readClaims(canonical({ paths: '["/a/","/b/"]' }))?.[PATHS] as string)).toEqual(['/a/', '/b/']);
    expect(itemsOf('FR')).toEqual(['FR']);
  });

  it('may be written with escapes', () => {
    expect(readClaims(canonical({ aud: '"a\\/b"', co: '["\\u0046R"]' }))?.[CO]).toBe('FR');
  });
});

describe('claims that are refused', () => {
  it.each(REFUSED)('%j', (change) => {
    expect(readClaims(canonical(change))).toBeNull();
    expect(readClaims(foreign(change))).toBeNull();
  });

  it.each(['exc', 'ssn', 'co', 'reg', 'cty', 'headers', 'qs', 'paths', 'aud', 'intsig'])(
    '%s with an escape',
    (name) => {
      for (const escaped of ESCAPED) {
        const item = name === 'paths' || name === 'exc' ? `/${escaped}/` : `a${escaped}b`;
        const values = name === 'ssn' || name === 'intsig' ? [`"${item}"`] : [`["${item}"]`, `["/ok/","${item}"]`];
        for (const value of values) {
          const more = name === 'cty' ? { co: '["FR"]' } : { qs: '["a"]', ...NETWORK };
          expect(readClaims(canonical({ ...more, [name]: value })), value).toBeNull();
        }
      }
    },
  );

  it.each([
    ...['', '{}', '[]', 'null', '1', '"a"', 'not JSON', `[${canonical({})}]`, `"${canonical({})}"`],
    ...[
      `x${canonical({})}`,
      `${canonical({})}x`,
      `${canonical({})},`,
      canonical({}).slice(1),
      canonical({}).slice(0, -1),
    ],
    ...[
      canonical({ iat: '0100' }),
      canonical({ exp: '0200' }),
      canonical({ nbf: '01' }),
      canonical({ sub: '"a"b"' }),
      canonical({ sub: '"a"', ctx: '"a"b"' }),
    ],
    ...[
      // What stands behind a claim that nothing reads is read all the same.
      `${canonical({ sub: '"a"' }).slice(0, -1)},"exp":"300"}`,
      canonical({ aud: '"a' }),
      canonical({ aud: '"a\nb"' }),
      canonical({ paths: '["/a\n/"]' }),
      canonical({ sub: '"\n"' }),
    ],
  ])('%j', (text) => {
    expect(readClaims(text)).toBeNull();
  });
});
