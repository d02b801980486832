/** Canonical paths, streams, prefixes, exceptions, hosts. */
import { AGENT, IPV4, NOW, SESSION } from '../keys.ts';
import { at, bound, type Case, claims, forward, refuse, token } from './ask.ts';

const vod = token(claims(['/vod/']));
const NOT_CANONICAL = refuse('path_not_canonical');
const NOT_ALLOWED = refuse('path_not_allowed');
const POLICY = refuse('policy_not_met');

const same = [
  'a',
  'a/',
  "A-z._~!$&'()*+,=:@",
  'a%20b%22%23%3C%3E%3F%5B%5D%5E%60%7B%7C%7D',
  '%C3%A9t%C3%A9',
  '...',
  '..a/b..',
];
const notSame = [
  ...['a/../b', '..', './a', 'a/.', 'a//b', 'a//', 'a\\b', 'a;b', '..;/b', 'a b', 'a"b', 'a[b]', 'a\u00e9', 'a\u0000b'],
  ...[
    '%2e%2e/b',
    '%2E%2E/b',
    'a%2fb',
    'a%2Fb',
    'a%5Cb',
    'a%00b',
    'a%25b',
    '%6c',
    '%41',
    '%3B',
    '%5b',
    'a%',
    'a%2',
    'a%zz',
  ],
  ...['%c3%a9', '%C3', '%A9', '%C0%AE%C0%AE/b', '%ED%A0%80', '%F4%90%80%80'],
];

export const canonicalPaths: Case[] = [
  ...same.map((path): Case => [JSON.stringify(path), { uri: `/${vod}/vod/${path}` }, forward(`/vod/${path}`)]),
  ...notSame.map((path): Case => [JSON.stringify(path), { uri: `/${vod}/vod/${path}` }, NOT_CANONICAL]),
  ['not, without a token', { uri: '/vod/../vod/a' }, NOT_CANONICAL],
  ['not, in front of the token', { uri: `/./${vod}/vod/a` }, NOT_CANONICAL],
  ['not, an escape in the token', { uri: `/${vod.replace('.', '%2E')}/vod/a` }, NOT_CANONICAL],
  ['not, in a stream whose mode is off', { uri: '/off/a//b' }, NOT_CANONICAL],
  ['not, in a stream whose mode is report', { uri: '/report/a;b' }, NOT_CANONICAL],
  ['nothing behind the token', { uri: `/${vod}` }, NOT_CANONICAL],
  ['no slash in front', { uri: `${vod}/vod/a` }, NOT_CANONICAL],
];

const s = { ssn: SESSION };
const host = (name: string): { host: string } => ({ host: name });

export const prefixes: Case[] = [
  ['inside', at('/vod/movie1/a', claims(['/vod/movie1/'])), forward('/vod/movie1/a')],
  ['the folder itself', at('/vod/movie1/', claims(['/vod/movie1/'])), forward('/vod/movie1/')],
  ['without its slash', at('/vod/movie1', claims(['/vod/movie1/'])), NOT_ALLOWED],
  ['a longer name', at('/vod/movie10/a', claims(['/vod/movie1/'])), NOT_ALLOWED],
  ['other case', at('/vod/Movie1/a', claims(['/vod/movie1/'])), NOT_ALLOWED],
  ['one of several', at('/vod/b/x', claims(['/vod/a/', '/vod/b/'])), forward('/vod/b/x')],
  ['several streams in one token', at('/vod/b/x', claims(['/session/a/', '/vod/b/'], s)), forward('/vod/b/x')],
  ['wider than the stream opens nothing', at('/vod/a', claims(['/'])), NOT_ALLOWED],
  [
    'a stream that shares an exception',
    at('/other/a/x', claims(['/other/a/'], s)),
    forward('/other/a/x', { origin: 'live' }),
  ],
  ['a path of no stream', { uri: '/elsewhere/a' }, NOT_ALLOWED],
  ['a path of no stream, with a token', { uri: `/${vod}/elsewhere/a` }, NOT_ALLOWED],
  ['a stream inside a stream needs its own', at('/vod/premium/a', claims(['/vod/'], s)), NOT_ALLOWED],
  ['a stream inside a stream has its own policy', at('/vod/premium/a', claims(['/vod/premium/'])), POLICY],
  ['a stream inside a stream', at('/vod/premium/a', claims(['/vod/premium/'], s)), forward('/vod/premium/a')],
  ['a stream of one host', at('/hosted/a', claims(['/hosted/']), host('media.example.com')), forward('/hosted/a')],
  [
    'a stream of one host, other case',
    at('/hosted/a', claims(['/hosted/']), host('Media.Example.com')),
    forward('/hosted/a'),
  ],
  ['a stream of one host, on another', at('/hosted/a', claims(['/hosted/'])), NOT_ALLOWED],
];

const home = (paths: string[], more: Record<string, unknown> = {}): Record<string, unknown> =>
  bound(claims(paths, { ...s, co: ['FR'], ip: 32, ip_ver: 4, headers: ['user-agent'], ...more }), [
    ['i', '4/32', IPV4],
    ['h', 'user-agent', AGENT],
  ]);
const withAds = home(['/home/ch1/'], { exc: ['/ads/'] });
const elsewhere: Partial<Case[1]> = {
  ip: '198.51.100.1',
  headers: [
    ['user-agent', 'Other'],
    ['cloudfront-viewer-country', 'DE'],
  ],
};
const live = { origin: 'live' };

export const exceptions: Case[] = [
  ['an ad for another viewer', at('/ads/x.ts', withAds, elsewhere), forward('/ads/x.ts', live)],
  ['the stream for another viewer', at('/home/ch1/x.ts', withAds, elsewhere), refuse('geo_not_allowed')],
  ['an ad without the claim', at('/ads/x.ts', home(['/home/ch1/']), elsewhere), NOT_ALLOWED],
  ['an ad for an expired token', at('/ads/x.ts', withAds, { ...elsewhere, now: NOW + 600 }), refuse('token_expired')],
  [
    'an ad in a revoked session',
    at('/ads/x.ts', withAds, { ...elsewhere, revoked: [SESSION] }),
    refuse('session_revoked'),
  ],
  ['a prefix the stream does not exclude', at('/home/ch1/x', home(['/home/ch1/'], { exc: ['/vod/'] })), POLICY],
  ['part of an excluded prefix', at('/home/ch1/x', home(['/home/ch1/'], { exc: ['/ads/a/'] })), POLICY],
  [
    'inside the stream',
    at('/home/free/x', home(['/home/ch1/'], { exc: ['/home/free/'] }), elsewhere),
    forward('/home/free/x', live),
  ],
  [
    'equal to a path of the token',
    at('/home/ch1/x', home(['/home/ch1/'], { exc: ['/home/ch1/'] })),
    refuse('token_malformed'),
  ],
  [
    'over a path of the token',
    at('/home/free/x/y', home(['/home/free/x/'], { exc: ['/home/free/'] })),
    refuse('token_malformed'),
  ],
  [
    'shared with another stream',
    at('/ads/x', claims(['/other/a/'], { ...s, exc: ['/ads/'] })),
    forward('/ads/x', live),
  ],
  [
    'shared, with the token of a third stream',
    at('/ads/x', claims(['/session/a/'], { ...s, exc: ['/ads/'] })),
    NOT_ALLOWED,
  ],
];
