/** Two tokens, in every pair of places; and names of content that only look a little like one. */
import { signToken } from '../../helpers/sign.ts';
import { type Asked, claims, K1, SESSION, token } from '../../runtime/base/world.ts';
import { each, type Family, good, HEADER, MALFORMED, MISSING, NOT_ALLOWED, PAYLOAD, vod } from '../build.ts';

const of = (stream: string, more: Record<string, unknown> = {}): string => token(claims([`/${stream}/`], more));
const wrong = `${HEADER}.${PAYLOAD}.${'A'.repeat(43)}`;
const withSession = token({ ...good, ssn: SESSION });
/** JSON as other libraries may write it; its base64url does not begin with `eyJ`. */
const spaced = (header: string): string => signToken({ key: K1, claims: good, header });
const tokens: [name: string, text: string][] = [
  ['the same', vod],
  ['a wrong one', wrong],
  ['one of another stream', of('query')],
  ['one with a session', withSession],
  ['one whose header has a space', spaced(`{ "alg": "HS256", "kid": "${K1.kid}" }`)],
  ['one whose header has lines', spaced(`{\n  "alg": "HS256",\n  "kid": "${K1.kid}"\n}`)],
];

/** Where a token may stand in a request; each adds one. */
const places: Record<string, (text: string, stream: string) => Asked> = {
  path: (text, stream) => ({ uri: `/${text}/${stream}/a` }),
  query: (text, stream) => ({ uri: `/${stream}/a`, query: `token=${text}` }),
  cookie: (text, stream) => ({ uri: `/${stream}/a`, cookies: { ept: text } }),
  header: (text, stream) => ({ uri: `/${stream}/a`, headers: { 'x-token': text } }),
};
const both = (one: Asked, other: Asked): Asked => ({
  ...one,
  ...other,
  uri: one.uri.length > other.uri.length ? one.uri : other.uri,
});
const pair = (first: string, second: string, stream: string): Asked =>
  both(
    (places[first] as (typeof places)['path'])(of(stream), stream),
    (places[second] as (typeof places)['path'])(of(stream), stream),
  );

/** Own carriage and another. Cookies and headers go to every path, so that those of other streams are no second token. */
const pairs: [stream: string, own: string, other: string, verdict: string][] = [
  ['vod', 'path', 'query', MALFORMED],
  ['vod', 'path', 'cookie', 'pass /vod/a'],
  ['vod', 'path', 'header', 'pass /vod/a'],
  ['query', 'query', 'path', MALFORMED],
  ['query', 'query', 'cookie', 'pass /query/a'],
  ['query', 'query', 'header', 'pass /query/a'],
  ['cookie', 'cookie', 'path', MALFORMED],
  ['cookie', 'cookie', 'query', MALFORMED],
  ['cookie', 'cookie', 'header', 'pass /cookie/a'],
  ['header', 'header', 'path', MALFORMED],
  ['header', 'header', 'query', MALFORMED],
  ['header', 'header', 'cookie', 'pass /header/a'],
];
/** Only in a place of another stream. */
const elsewhere: [stream: string, place: string, verdict: string][] = [
  ['vod', 'query', MALFORMED],
  ['vod', 'cookie', MISSING],
  ['vod', 'header', MISSING],
  ['query', 'path', MALFORMED],
  ['query', 'cookie', MISSING],
  ['query', 'header', MISSING],
  ['cookie', 'path', MALFORMED],
  ['cookie', 'query', MALFORMED],
  ['cookie', 'header', MISSING],
  ['header', 'path', MALFORMED],
  ['header', 'query', MALFORMED],
  ['header', 'cookie', MISSING],
];

const query = of('query');
const cookie = of('cookie');
const header = of('header');
const q = (raw: string): Asked => ({ uri: '/query/a', query: raw });
const c = (value: string | string[]): Asked => ({ uri: '/cookie/a', cookies: { ept: value } });
const h = (value: string | string[]): Asked => ({ uri: '/header/a', headers: { 'x-token': value } });

export const secondToken: Family[] = [
  {
    attack: 'a second token in the path',
    cases: [
      ...tokens.flatMap(([name, text]) =>
        each(MALFORMED, [
          [`${name}, behind the first`, { uri: `/${vod}/${text}/vod/a` }],
          [`${name}, in front of the first`, { uri: `/${text}/${vod}/vod/a` }],
          [`${name}, in the middle`, { uri: `/${vod}/vod/${text}/a` }],
          [`${name}, at the end`, { uri: `/${vod}/vod/${text}` }],
          [`${name}, as a file`, { uri: `/${vod}/vod/${text}.m3u8` }],
          [`${name}, behind a comma`, { uri: `/${vod}/vod/a,${text}/b` }],
          [`${name}, behind =`, { uri: `/${vod}/vod/token=${text}` }],
          [`${name}, behind an escape`, { uri: `/${vod}/vod/%20${text}/x` }],
          [`${name}, behind a letter`, { uri: `/${vod}/vod/a${text}/x` }],
          [`${name}, behind a dash`, { uri: `/${vod}/vod/a-${text}/x` }],
          [`${name}, behind a dot`, { uri: `/${vod}/vod/a.${text}/x` }],
          [`${name}, no first one`, { uri: `/vod/${text}/a` }],
          [`${name}, off`, { uri: `/off/${text}/a` }],
          [`${name}, report`, { uri: `/${of('report')}/report/${text}/a` }],
        ]),
      ),
      ['joined to one by a dot', { uri: `/${vod}.${vod}/vod/a` }, MALFORMED],
      ['joined to one by a comma', { uri: `/${vod},${vod}/vod/a` }, MALFORMED],
      ['joined to one', { uri: `/${vod}${vod}/vod/a` }, MALFORMED],
      ['path of no stream', { uri: `/${vod}/site/${vod}/a` }, MALFORMED],
      ['three', { uri: `/${vod}/${vod}/vod/${vod}` }, MALFORMED],
    ],
  },
  {
    attack: 'names that are no tokens',
    cases: [
      'eyJ',
      'eyJ.eyJ.eyJ',
      'eyJhbGciOi.v1.mp4',
      'eyJustALongNameOfAnEpisode.mp4',
      'a.b.c.d.e',
      `${'a'.repeat(20)}.${'b'.repeat(20)}.${'c'.repeat(42)}`,
      `${'a'.repeat(20)}.${'b'.repeat(20)}.${'c'.repeat(64)}.m4s`,
      'session-0123456789.ts',
      '9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08.m4s',
    ].map((name) => [name, { uri: `/${vod}/vod/${name}` }, `pass /vod/${name}`]),
  },
  {
    attack: 'one token in its own place and one in another',
    cases: pairs.map(([stream, own, other, verdict]) => [
      `${stream}: ${own} and ${other}`,
      pair(own, other, stream),
      verdict,
    ]),
  },
  {
    attack: 'the only token in a place where it is not read',
    cases: [
      ...elsewhere.map(([stream, place, verdict]): Family['cases'][0] => [
        `${stream}: ${place}`,
        (places[place] as (typeof places)['path'])(of(stream), stream),
        verdict,
      ]),
      ...each(MISSING, [
        ['authorization', { uri: '/vod/a', headers: { authorization: `Bearer ${vod}` } }],
        ['cookie header', { uri: '/cookie/a', headers: { cookie: `ept=${cookie}` } }],
        ['referer', { uri: '/vod/a', headers: { referer: `https://x.example/${vod}/vod/a` } }],
        ['x-edgepass-token', { uri: '/header/a', headers: { 'x-edgepass-token': header } }],
        ['another cookie', { uri: '/cookie/a', cookies: { EPT: cookie, 'ept ': cookie, token: cookie } }],
        ['another parameter', q(`Token=${query}&TOKEN=${query}&tokens=${query}&xtoken=${query}`)],
        ['another header', { uri: '/header/a', headers: { 'x-tokens': header, token: header, x_token: header } }],
      ]),
    ],
  },
  {
    attack: 'twice in its own place',
    cases: [
      ['parameter once', q(`token=${query}`), 'pass /query/a'],
      ['cookie once', c(cookie), 'pass /cookie/a'],
      ['header once', h(header), 'pass /header/a'],
      ...each(MALFORMED, [
        ['parameter, the same', q(`token=${query}&token=${query}`)],
        ['parameter, the first wrong', q(`token=x&token=${query}`)],
        ['parameter, the second wrong', q(`token=${query}&token=x`)],
        ['parameter, the first empty', q(`token=&token=${query}`)],
        ['parameter, the second empty', q(`token=${query}&token=`)],
        ['parameter, the second without value', q(`token=${query}&token`)],
        ['parameter, thrice', q(`token=${query}&token=${query}&token=${query}`)],
        ['parameter, joined by a comma', q(`token=${query},${query}`)],
        ['parameter and path', { uri: `/${query}/query/a`, query: `token=${query}` }],
        ['parameter and path of another', { uri: `/${vod}/query/a`, query: `token=${query}` }],
        ['cookie, the same', c([cookie, cookie])],
        ['cookie, the first wrong', c(['x', cookie])],
        ['cookie, the second wrong', c([cookie, 'x'])],
        ['cookie, the first empty', c(['', cookie])],
        ['cookie, the second empty', c([cookie, ''])],
        ['cookie, joined', c(`${cookie}; ept=${cookie}`)],
        ['header, the same', h([header, header])],
        ['header, the first wrong', h(['x', header])],
        ['header, the second wrong', h([header, 'x'])],
        ['header, the first empty', h(['', header])],
        ['header, joined', h(`${header}, ${header}`)],
      ]),
      ['a path of no stream', { uri: '/site/a', query: `token=${query}` }, NOT_ALLOWED],
    ],
  },
];
