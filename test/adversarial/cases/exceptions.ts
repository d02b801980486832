/** `exc`: no exception may reach a path of the token, none is allowed that the configuration lacks. */
import { type Asked, claims, NOW, SESSION, state, token } from '../../runtime/base/world.ts';
import {
  AT_HOME,
  EXPIRED,
  each,
  everything,
  type Family,
  GEO,
  MALFORMED,
  MISMATCH,
  NOT_ALLOWED,
  POLICY,
  REVOKED,
} from '../build.ts';

const away: Partial<Asked> = {
  ip: '198.51.100.9',
  headers: { 'cloudfront-viewer-country': 'DE', 'user-agent': 'Other' },
};
const ask = (path: string, more: Record<string, unknown>, request: Partial<Asked> = away): Asked => ({
  uri: `/${token(everything(more))}${path}`,
  ...request,
});
const ads = { exc: ['/ads/'] };
const home: Partial<Asked> = { ...(AT_HOME && { headers: AT_HOME }) };

export const exceptions: Family[] = [
  {
    attack: 'an exception that covers a path',
    cases: [
      ...each(
        MALFORMED,
        [
          ['/all/ch1/'],
          ['/all/'],
          ['/'],
          ['/ads/', '/all/'],
          ['/ads/', '/all/ch1/'],
          ['/all/free/', '/'],
          ['/all/ch1/', '/all/ch1/'],
        ].map((exc) => [exc.join(' '), ask('/all/ch1/x', { exc }, home)]),
      ),
      ...each(
        MALFORMED,
        [
          ['/all/free/x/', '/all/free/'],
          ['/ads/a/', '/ads/'],
          ['/ads/', '/ads/'],
        ].map(([path, exc]) => [
          `paths ${path}, exc ${exc}`,
          ask('/all/ch1/x', { paths: ['/all/ch1/', path], exc: [exc] }, home),
        ]),
      ),
      ['beside the path', ask('/all/ch1/x', ads, home), 'pass /all/ch1/x'],
      ['a name that begins like the path', ask('/all/ch1/x', { exc: ['/all/ch10/'] }, home), POLICY],
    ],
  },
  {
    attack: 'an exception that the configuration does not have',
    cases: [
      ...each(
        POLICY,
        [
          ['/vod/'],
          ['/ads/a/'],
          ['/ads/vip/'],
          ['/ad/'],
          ['/ADS/'],
          ['/ads/', '/vod/'],
          ['/all/free/x/'],
          ['/all/ch1/x/'],
          ['/ads/../'],
          ['//'],
          ['/%61ds/'],
        ].map((exc) => [exc.join(' '), ask('/all/ch1/x', { exc }, home)]),
      ),
      ['both it has', ask('/all/ch1/x', { exc: ['/ads/', '/all/free/'] }, home), 'pass /all/ch1/x'],
      ['one of them twice', ask('/all/ch1/x', { exc: ['/ads/', '/ads/'] }, home), 'pass /all/ch1/x'],
    ],
  },
  {
    attack: 'what an exception lifts, and what it does not',
    cases: [
      ['the stream, away', ask('/all/ch1/x', ads), GEO],
      [
        'the stream, with the wrong player',
        ask('/all/ch1/x', ads, { headers: { ...AT_HOME, 'user-agent': 'Other' } }),
        MISMATCH,
      ],
      ['the stream, from the wrong network', ask('/all/ch1/x', ads, { ...home, ip: '198.51.100.9' }), MISMATCH],
      ['an ad, away', ask('/ads/x', ads), 'pass /ads/x'],
      ['an ad, at home', ask('/ads/x', ads, home), 'pass /ads/x'],
      ['an ad without any header', ask('/ads/x', ads, { ip: '' }), 'pass /ads/x'],
      ['a free part, away', ask('/all/free/x', { exc: ['/all/free/'] }), 'pass /all/free/x'],
      ['a free part, by paths only', ask('/all/free/x', { paths: ['/all/'] }), GEO],
      ['a free part, by paths at home', ask('/all/free/x', { paths: ['/all/'] }, home), 'pass /all/free/x'],
      [
        'a free part of a shorter path',
        ask('/all/free/x', { paths: ['/all/'], exc: ['/all/free/'] }),
        'pass /all/free/x',
      ],
      ['an ad, not claimed', ask('/ads/x', {}), NOT_ALLOWED],
      ['an ad, only the other exception claimed', ask('/ads/x', { exc: ['/all/free/'] }), NOT_ALLOWED],
      ['vip ads are no exception', ask('/ads/vip/x', ads), NOT_ALLOWED],
      ['vip ads are no exception at home', ask('/ads/vip/x', ads, home), NOT_ALLOWED],
      ['vip ads by paths, away', ask('/ads/vip/x', { paths: ['/ads/vip/'], exc: ['/ads/'] }, home), MALFORMED],
      ['vip ads by paths, at home', ask('/ads/vip/x', { paths: ['/ads/vip/'] }, home), 'pass /ads/vip/x'],
      ['an ad, expired', ask('/ads/x', ads, { ...away, now: NOW + 600 }), EXPIRED],
      ['an ad, not valid yet', ask('/ads/x', { ...ads, nbf: NOW + 1 }), '401 token_not_yet_valid'],
      ['an ad, void', ask('/ads/x', ads, { ...away, state: state({ voidBefore: NOW }) }), '410 token_voided'],
      ['an ad, revoked', ask('/ads/x', ads, { ...away, revoked: [`r.${SESSION}`] }), REVOKED],
      ['an ad, another audience', ask('/ads/x', { ...ads, aud: 'acme/prod' }), '401 audience_mismatch'],
      ['an ad, without a session', ask('/ads/x', { ...ads, ssn: undefined }), POLICY],
      ['an ad, too long a life', ask('/ads/x', { ...ads, iat: NOW - 3100 }), POLICY],
      ['an ad, POST', ask('/ads/x', ads, { ...away, method: 'POST' }), '403 method_not_allowed'],
      ['an ad, signature cut', { uri: `/${token(everything(ads)).slice(0, -1)}/ads/x` }, MALFORMED],
      ['a name like the exception', ask('/ads2/x', ads), NOT_ALLOWED],
      ['the exception without its slash', ask('/ads', ads), NOT_ALLOWED],
      ['a way out of the exception', ask('/ads/../all/ch1/x', ads), '400 path_not_canonical'],
    ],
  },
  {
    attack: 'an exception that two streams share',
    cases: [
      [
        'the token of the other',
        { uri: `/${token(claims(['/other/a/'], { ...ads, ssn: SESSION }))}/ads/x` },
        'pass /ads/x',
      ],
      [
        'and its own stream',
        { uri: `/${token(claims(['/other/a/'], { ...ads, ssn: SESSION }))}/other/a/x` },
        'pass /other/a/x',
      ],
      [
        'an exception the other does not have',
        { uri: `/${token(claims(['/other/a/'], { exc: ['/ads/', '/all/free/'], ssn: SESSION }))}/ads/x` },
        POLICY,
      ],
      [
        'the token of a third',
        { uri: `/${token(claims(['/session/a/'], { ...ads, ssn: SESSION }))}/ads/x` },
        NOT_ALLOWED,
      ],
      [
        'the token of a third, on its stream',
        { uri: `/${token(claims(['/session/a/'], { ...ads, ssn: SESSION }))}/session/a/x` },
        POLICY,
      ],
      [
        'a token of everything',
        { uri: `/${token(claims(['/'], { exc: ['/ads/'], ssn: SESSION }))}/ads/x` },
        NOT_ALLOWED,
      ],
    ],
  },
];
