/** Changes of a draft, each of which touches one check. */
import { encode, mac } from '../../helpers/sign.ts';
import { AGENT, IPV6, K1, K2, NOW, SESSION, state } from '../base/world.ts';
import { CITY, COUNTRY, type Draft, REGION } from './drafts.ts';

/** A change; `pick` chooses among values by the number that was drawn. */
export type Change = (draft: Draft, pick: <T>(...values: T[]) => T) => void;

const claim =
  (name: string, ...values: unknown[]): Change =>
  (draft, pick) => {
    draft.content[name] = pick(...values);
  };
const header =
  (name: string, ...values: (string | string[] | undefined)[]): Change =>
  (draft, pick) => {
    const value = pick(...values);
    if (value === undefined) delete draft.headers[name];
    else draft.headers[name] = value;
  };
const rest =
  <K extends keyof Draft['rest']>(name: K, ...values: NonNullable<Draft['rest'][K]>[]): Change =>
  (draft, pick) => {
    draft.rest[name] = pick(...values) as Draft['rest'][K];
  };

const JUNK = [null, 0, -1, 1.5, '', 'x', true, [], [null], {}, ['x'], ['x', 1], 9e15, 9e15 - 2, 1e300, undefined];
const override = (mode: 'report' | 'enforce'): string => state({ override: { mode, until: NOW + 1 } });

export const CHANGES: Change[] = [
  ...['exp', 'iat', 'nbf', 'aud', 'paths', 'exc', 'ssn', 'co', 'reg', 'cty', 'co_fallback', 'reg_fallback'].map(
    (name) => claim(name, ...JUNK),
  ),
  ...['cty_fallback', 'ip', 'ip_ver', 'headers', 'qs', 'sub', 'constructor'].map((name) => claim(name, ...JUNK)),
  claim('sub', nested(30), nested(31)),
  claim('exp', NOW, NOW + 1, NOW - 42, NOW + 3539, NOW + 3540, NOW + 3541, NOW + 7141),
  claim('iat', NOW + 119, NOW + 120, NOW + 121, NOW - 3000, NOW - 3001, NOW, NOW + 599),
  claim('nbf', 0, NOW, NOW + 1, NOW - 1),
  claim('aud', ['acme/test', 'x/y'], 'acme/prod', ['x/y'], '', 'acme/test ', ['acme/test', 'acme/test']),
  claim(
    'paths',
    ['/'],
    ['/vod/'],
    ['/all/'],
    ['/ads/'],
    ['/', '/vod/a/'],
    ['/other/a/', '/all/ch1/'],
    ['/vod/a/', '/x/'],
  ),
  claim('exc', ['/ads/'], ['/all/free/'], ['/ads/', '/all/free/'], ['/ads/x/'], ['/'], ['/vod/'], ['/ads/vip/']),
  claim('ssn', undefined, 'x'.repeat(16), 'x'.repeat(22), 'x'.repeat(23), 'x'.repeat(64), 'x'.repeat(65), '', 'x'),
  claim('co', undefined, ['FR'], ['FR', 'BE'], ['BE'], ['DE'], ['US', 'FR'], ['']),
  claim('reg', undefined, ['US-CA', 'US-NV'], ['US-TX'], ['US-NV'], ['US'], ['CA'], ['FR-75'], ['-CA'], ['US-']),
  claim('cty', undefined, ['Paris', 'Lyon'], ['Nice'], ['Lyon']),
  claim('co_fallback', true, false),
  claim('reg_fallback', true, true, false),
  claim('cty_fallback', true, true, false),
  claim('headers', undefined, ['user-agent', 'x-a'], ['x-a'], ['User-Agent'], ['user-agent', 'user-agent'], ['x-none']),
  claim('qs', undefined, ['device', 'b'], ['b'], ['__proto__'], ['device', 'device'], ['token']),
  ...[undefined, '4/32', '4/28', '4/16', '6/128', '6/64', '6/56', '6/48', '4/33', '6/31', '4/64'].map(
    (network): Change =>
      (draft) => {
        const [family, width] = network?.split('/') ?? [];
        draft.content.ip = width === undefined ? undefined : Number(width);
        draft.content.ip_ver = family === undefined ? undefined : Number(family);
        if (family === '6') draft.rest.ip = IPV6;
      },
  ),
  (draft, pick) => {
    draft.content = pick(
      { ...draft.content, intsig: 'A'.repeat(43) },
      { ...draft.content, intsig: '' },
      { ...draft.content, intsig: 1 },
    );
  },
  rest('ip', IPV6, '203.0.113.78', '203.0.114.1', '::ffff:203.0.113.77', '::FFFF:CB00:714D', '203.0.113.077', ''),
  rest('ip', '0:0:0:0:0:ffff:203.0.113.77', '::203.0.113.77', '2001:db8:85a3:8d3::1', '2001:db8:85a3:8d4::', 'x'),
  rest('ip', '2001:0DB8:85A3:08D3:1319:8A2E:0370:7348', '2001:db8:85a3:8d3:1319:8a2e:370:7348%e', '::', '1::2::3'),
  rest('now', NOW - 61, NOW + 599, NOW + 600, NOW - 179, NOW - 180, NOW - 181),
  rest('state', state({ voidBefore: NOW - 60 }), state({ voidBefore: NOW - 59 }), state({ voidBefore: NOW }), ''),
  rest('state', override('report'), override('enforce'), state({ keys: [K2] }), state({ audience: 'acme/prod' })),
  rest('state', { fail: true }, 'ep1', state().slice(1)),
  rest('method', 'HEAD', 'POST', 'OPTIONS', 'PUT', 'get', ''),
  rest('revoked', [`r.${SESSION}`], [`r.${'x'.repeat(16)}`], ['state'], []),
  (draft) => {
    draft.rest.revoked = null;
  },
  header(COUNTRY, undefined, '', 'BE', 'US', 'DE', 'fr', ['FR', 'FR'], 'U'),
  header(REGION, undefined, '', 'CA', 'NV', 'TX', ['CA', 'CA'], 'US-CA'),
  header(CITY, undefined, '', 'Lyon', 'Nice', ['Paris', 'Paris']),
  header('user-agent', 'Other', '', [AGENT, AGENT], 'x'.repeat(1024), 'x'.repeat(1025)),
  header('x-a', undefined, '', '2', ['1', '1']),
  header('host', 'd111111abcdef8.cloudfront.net', 'MEDIA.EXAMPLE.COM', '', ['media.example.com', 'x'], 'b'),
  header('origin', 'https://www.example.com', 'https://evil.example', '', ['https://www.example.com', 'x']),
  (draft) => {
    draft.rest.method = 'OPTIONS';
    Object.assign(draft.headers, { origin: 'https://www.example.com', 'access-control-request-method': 'GET' });
  },
  header('x-edgepass-reason', 'x', ['x', 'y'], ''),
  header('x-token', 'x', '', ['x', 'y']),
  (draft, pick) => {
    draft.cookies.ept = pick<string | string[]>('x', '', ['x', 'y']);
  },
  ...[
    'device=tv',
    'b=2',
    'b',
    '',
    '=',
    '=x',
    'token=',
    'token=x',
    'x;y',
    'x=;',
    'd%65vice=1',
    '__proto__=1',
    'a[]=1',
  ].map(
    (parameter): Change =>
      (draft) => {
        draft.parameters.push(parameter);
      },
  ),
  (draft, pick) => {
    draft.parameters = pick<string[]>(
      [],
      ['device=pc'],
      ['device='],
      ['device'],
      ['device=%74v'],
      ['Device=tv'],
      ['b=2'],
    );
  },
  (draft, pick) => {
    draft.in = pick('path', 'query', 'cookie', 'header', 'nowhere');
  },
  (draft) => {
    draft.key = K2;
  },
  (draft, pick) => {
    draft.bindKey = pick(K2, { ...K1, bind: K1.sign });
  },
  (draft, pick) => {
    const kid = draft.key.kid;
    draft.header = pick<unknown>(
      { kid, typ: 'JWT', alg: 'HS256', x: 1 },
      { alg: 'HS256', kid },
      { alg: 'none', kid },
      { alg: 'HS256', kid: 'nobody' },
      { alg: 'HS256', kid: '__proto__' },
      { alg: 'HS256', kid: `${kid}\n` },
      { alg: 'HS256', kid: [kid] },
      { alg: 'HS256', kid, crit: null },
      { alg: 'HS256', kid, typ: null },
      ` {"alg":"HS256","kid":"${kid}"}`,
      `{\n"alg":"HS256","kid":"${kid}"} `,
      `{"alg":"none","alg":"HS256","kid":"x","kid":"${kid}"}`,
      `{"__proto__":{"alg":"HS256"},"kid":"${kid}"}`,
      `["HS256","${kid}"]`,
    );
  },
  (draft, pick) => {
    draft.session = pick(
      null,
      'y'.repeat(22),
      'y'.repeat(15),
      SESSION,
      'y'.repeat(64),
      'y'.repeat(65),
      'y~'.repeat(10),
    );
  },
  (draft, pick) => {
    draft.edit = pick<(token: string) => string>(
      (token) => token.slice(0, -1),
      (token) => `${token}A`,
      (token) => token.replace(/.$/, (last) => (last === 'A' ? 'E' : 'A')),
      (token) => token.replace(/.$/, 'B'),
      (token) => token.replace(/\.[^.]+$/, '.'),
      (token) => token.replace(/\.[^.]+$/, `.${'A'.repeat(43)}`),
      (token) => `${token}=`,
      (token) => `x.${token}`,
      (token) => `.${token}`,
      (token) => `${token}/${token}`,
      (token) => `${token},${token}`,
      (token) => token.replace('eyJ', 'EYJ'),
      (token) => token.replace('.', '%2E'),
      (token) => token.replace('.', '..'),
      () => 'x.y.z',
      () => '',
      resigned((payload) => `${payload}A`),
      resigned((payload) => `-${payload}`),
      resigned((payload) => `${payload}==`),
      resigned(() => encode('null')),
      resigned(() => encode('{"a":1}')),
      resigned((payload) => `${payload.slice(0, 30)}*${payload.slice(30)}`),
    );
  },
  (draft, pick) => {
    draft.path = pick(
      '/',
      '',
      '/site/x',
      '/vod',
      '/vod/',
      '/vod/b/x',
      '/vod/inner/x',
      '/all/free/x',
      '/ads/x',
      '/ads/vip/x',
      '/other/x',
      '/hosted/x',
    );
  },
  (draft, pick) => {
    draft.path += pick(
      ...['%20', '%7D', '%C3%A9', '%F0%9F%8E%AC', '%EF%BB%BFa', "!$&'()*+,=:@-_~", '...', '/eyJhbGciOiJIUzI1NiIs/a.b'],
      ...['%c3%a9', '%41', '%25', '%2F', '%7F', '%00', '%C3', '%80', '%C0%AF', '%ED%A0%80', '%2', '%', '%2g', '%g2'],
      ...['/../x', '/.', '/..', '//', ';', '\\', '\u00e9', '?', '#', ' ', '\n', '\u0000', '{', '/%C3/%A9'],
    );
  },
  (draft, pick) => {
    draft.path = draft.path.padEnd(pick(8192, 8193, 7700), 'a');
  },
];

/** The edge's engine reads 31 levels of JSON, and the claims themselves are the first. */
function nested(levels: number): unknown {
  return levels === 0 ? 1 : [nested(levels - 1)];
}

/** An edit of the payload that is signed again with the right key. */
function resigned(change: (payload: string) => string): (token: string) => string {
  return (token) => {
    const parts = token.split('.');
    const [head, payload] = parts.slice(-3) as [string, string];
    const signed = `${head}.${change(payload)}`;
    return [...parts.slice(0, -3), signed, mac(K1.sign, signed)].join('.');
  };
}
