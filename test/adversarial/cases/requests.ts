/** Methods, preflights, hosts, and what the store says: the request around the token. */
import { type Asked, claims, K1, NOW, SESSION, state, token } from '../../runtime/base/world.ts';
import {
  at,
  each,
  type Family,
  MALFORMED,
  MISSING,
  NOT_ALLOWED,
  PASS,
  PATH,
  REVOKED,
  STATE,
  vod,
  withHeader,
} from '../build.ts';

const METHOD = '403 method_not_allowed';
const preflight: Asked['headers'] = { origin: 'https://www.example.com', 'access-control-request-method': 'GET' };
const hosted = (host: string | string[]): Asked => ({
  uri: `/${token(claims(['/hosted/']))}/hosted/a`,
  headers: { host },
});
const session = token(claims(['/vod/'], { ssn: SESSION }));
const good = state();
const report = state({ override: { mode: 'report', until: NOW + 60 } });
const enforce = state({ override: { mode: 'enforce', until: NOW + 60 } });

export const requests: Family[] = [
  {
    attack: 'other methods',
    cases: [
      ...each(PASS, [
        ['GET', { ...at(vod), method: 'GET' }],
        ['HEAD', { ...at(vod), method: 'HEAD' }],
      ]),
      ...each(
        METHOD,
        [
          'POST',
          'PUT',
          'PATCH',
          'DELETE',
          'OPTIONS',
          'TRACE',
          'CONNECT',
          'PROPFIND',
          'get',
          'Get',
          'GET ',
          ' GET',
          'GET\n',
          'HEADER',
          'G',
          '',
          '__proto__',
        ].map((method) => [JSON.stringify(method), { ...at(vod), method }]),
      ),
      ['POST without a token', { uri: '/vod/a', method: 'POST' }, METHOD],
      [
        'POST, and a method in a header',
        { ...at(vod), method: 'POST', headers: { 'x-http-method-override': 'GET' } },
        METHOD,
      ],
      ['GET, and another in a header', { ...at(vod), headers: { 'x-http-method-override': 'DELETE' } }, PASS],
      ['POST to no stream', { uri: '/site/a', method: 'POST' }, NOT_ALLOWED],
      ['POST to a path that is none', { uri: '/vod/../a', method: 'POST' }, PATH],
    ],
  },
  {
    attack: 'preflights',
    cases: [
      ...each('204', [
        ['with a token', { ...at(vod), method: 'OPTIONS', ...(preflight && { headers: preflight }) }],
        ['without a token', { uri: '/vod/a', method: 'OPTIONS', ...(preflight && { headers: preflight }) }],
        ['with a broken token', { ...at(`${vod}A`), method: 'OPTIONS', ...(preflight && { headers: preflight }) }],
        [
          'without a state',
          { uri: '/vod/a', method: 'OPTIONS', state: null, ...(preflight && { headers: preflight }) },
        ],
        [
          'of an origin that is not listed',
          { uri: '/vod/a', method: 'OPTIONS', headers: { ...preflight, origin: 'https://evil.example' } },
        ],
      ]),
      ['no origin', { ...at(vod), method: 'OPTIONS', headers: { 'access-control-request-method': 'GET' } }, METHOD],
      ['no method', { ...at(vod), method: 'OPTIONS', headers: { origin: 'https://www.example.com' } }, METHOD],
      ['GET with its headers', { ...at(vod), ...(preflight && { headers: preflight }) }, PASS],
      ['GET with its headers and no token', { uri: '/vod/a', ...(preflight && { headers: preflight }) }, MISSING],
      ['to no stream', { uri: '/site/a', method: 'OPTIONS', ...(preflight && { headers: preflight }) }, NOT_ALLOWED],
      [
        'two tokens',
        { uri: `/${vod}/vod/${vod}/a`, method: 'OPTIONS', ...(preflight && { headers: preflight }) },
        MALFORMED,
      ],
    ],
  },
  {
    attack: 'hosts',
    cases: [
      ['its host', hosted('media.example.com'), 'pass /hosted/a'],
      ['in capitals', hosted('MEDIA.EXAMPLE.COM'), 'pass /hosted/a'],
      ...each(
        NOT_ALLOWED,
        [
          'media.example.com:443',
          'media.example.com.',
          '.media.example.com',
          'xmedia.example.com',
          'media.example.com.evil.example',
          'media.example.co',
          '',
          ' media.example.com',
        ]
          .concat([
            'media.example.com\u0000',
            'media.example.com,x',
            'd111111abcdef8.cloudfront.net',
            'media%2Eexample.com',
            'user@media.example.com',
            'med\u0131a.example.com',
            'null',
          ])
          .map((host) => [JSON.stringify(host), hosted(host)]),
      ),
      ['twice', hosted(['media.example.com', 'media.example.com']), NOT_ALLOWED],
      [
        'in x-forwarded-host',
        { ...hosted('x.example'), headers: { host: 'x.example', 'x-forwarded-host': 'media.example.com' } },
        NOT_ALLOWED,
      ],
      ['a stream of every host', { ...at(vod), headers: { host: 'anything.example' } }, PASS],
      ['a stream of every host, no host', { ...at(vod), headers: { host: '' } }, PASS],
    ],
  },
  {
    attack: 'the store',
    cases: [
      ['as it should be', { ...at(vod), state: good }, PASS],
      ...each(STATE, [
        ['no state', { ...at(vod), state: null }],
        ['no answer', { ...at(vod), state: { fail: true } }],
        ['empty', { ...at(vod), state: '' }],
        ['{}', { ...at(vod), state: '{}' }],
        ['cut by one', { ...at(vod), state: good.slice(0, -1) }],
        ['longer by one', { ...at(vod), state: `${good}A` }],
        ['a newline behind', { ...at(vod), state: `${good}\n` }],
        ['another version', { ...at(vod), state: good.replace('ep1', 'ep2') }],
        ['only its head', { ...at(vod), state: 'ep1 007 ' }],
        ['the signing key shorter', { ...at(vod), state: shorter(K1.sign) }],
        ['no session known, either', { ...at(session), state: null, revoked: null }],
      ]),
      ['no state, and no token', { uri: '/vod/a', state: null }, MISSING],
      ['no state, and a broken token', { ...at(`${vod}A`), state: null }, MALFORMED],
      ['no state, and a header that is none', { ...withHeader({ alg: 'none' }), state: null }, MALFORMED],
      ['no state, and POST', { ...at(vod), method: 'POST', state: null }, METHOD],
      ['no state, and off', { uri: '/off/a', state: null }, 'pass /off/a'],
      ['no state, and report', { uri: '/report/a', state: null }, 'pass /report/a'],
    ],
  },
  {
    attack: 'modes',
    cases: [
      ['an override to report', { uri: '/vod/a', state: report }, 'pass /vod/a'],
      ['and a broken token', { ...at(`${vod}A`), state: report }, PASS],
      ['and a revoked session', { ...at(session), state: report, revoked: [`r.${SESSION}`] }, PASS],
      ['and POST', { uri: '/vod/a', state: report, method: 'POST' }, 'pass /vod/a'],
      ['and a path that is none', { uri: '/vod/%2e', state: report }, PATH],
      ['and two tokens', { uri: `/${vod}/vod/${vod}`, state: report }, MALFORMED],
      ['and no stream', { uri: '/site/a', state: report }, NOT_ALLOWED],
      ['in its last second', { uri: '/vod/a', state: report, now: NOW + 59 }, 'pass /vod/a'],
      ['when it has ended', { uri: '/vod/a', state: report, now: NOW + 60 }, MISSING],
      // The clock of these tables stands half a second behind each second.
      ['at the very moment of its end', { uri: '/vod/a', state: report, now: NOW + 59.5 }, MISSING],
      ['an override to enforce', { uri: '/report/a', state: enforce }, MISSING],
      [
        'and a revoked session there',
        {
          uri: `/${token(claims(['/report/'], { ssn: SESSION }))}/report/a`,
          state: enforce,
          revoked: [`r.${SESSION}`],
        },
        REVOKED,
      ],
      ['when that has ended', { uri: '/report/a', state: enforce, now: NOW + 60 }, 'pass /report/a'],
      ['off is off', { uri: '/off/a', state: enforce }, 'pass /off/a'],
      ['off, and a good token', { uri: `/${token(claims(['/off/']))}/off/a` }, 'pass /off/a'],
      ['off, and a broken token', { uri: `/${vod}A/off/a` }, 'pass /off/a'],
      ['an override that is cut', { uri: '/vod/a', state: report.replace(` r${NOW + 60}`, ' r          ') }, MISSING],
    ],
  },
];

/** A state whose length is right and whose key lacks a character. */
function shorter(key: string): string {
  const text = good.replace(key, key.slice(1));
  return text.replace(/^ep1 \d+/, `ep1 ${text.length}`);
}
