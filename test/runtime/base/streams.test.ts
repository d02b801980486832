/** Step 3 and paths: which stream, which prefix, which exception, which origin. */
import { expect, it } from 'vitest';
import type { Stream } from '../../../generator/modules/contract.ts';
import { describeWith } from '../../helpers/needs.ts';
import { runEdge } from '../../helpers/njs.ts';
import {
  AGENT,
  type Asked,
  bind,
  claims,
  edgeText,
  environment,
  IPV4,
  NOW,
  options,
  run,
  SESSION,
  table,
  token,
  verdict,
} from './world.ts';

const NOT_ALLOWED = '403 path_not_allowed';
const POLICY = '403 policy_not_met';
const to = (path: string, paths: string[], more: Record<string, unknown> = {}): Asked => ({
  uri: `/${token(claims(paths, more))}${path}`,
});
const s = { ssn: SESSION };

table('prefixes', [
  ['inside', to('/vod/movie1/a', ['/vod/movie1/']), 'pass /vod/movie1/a'],
  ['the folder itself', to('/vod/movie1/', ['/vod/movie1/']), 'pass /vod/movie1/'],
  ['without its slash', to('/vod/movie1', ['/vod/movie1/']), NOT_ALLOWED],
  ['a longer name', to('/vod/movie10/a', ['/vod/movie1/']), NOT_ALLOWED],
  ['other case', to('/vod/Movie1/a', ['/vod/movie1/']), NOT_ALLOWED],
  ['at the end of a path', to('/vod/x/vod/b/', ['/vod/b/']), NOT_ALLOWED],
  ['one of several', to('/vod/b/x', ['/vod/a/', '/vod/b/']), 'pass /vod/b/x'],
  ['several streams in one token', to('/vod/b/x', ['/session/a/', '/vod/b/'], s), 'pass /vod/b/x'],
  ['the whole stream', to('/vod/a', ['/vod/']), 'pass /vod/a'],
  ['all of the deployment', to('/vod/a', ['/']), NOT_ALLOWED],
  ['all of the deployment beside the right one', to('/vod/a', ['/', '/vod/']), 'pass /vod/a'],
  ['an escaped name', to('/vod/%C3%A9/a', ['/vod/%C3%A9/']), 'pass /vod/%C3%A9/a'],
  ['a stream inside a stream needs its own', to('/vod/premium/a', ['/vod/'], s), NOT_ALLOWED],
  ['a stream inside a stream has its own policy', to('/vod/premium/a', ['/vod/premium/']), POLICY],
  ['a stream inside a stream', to('/vod/premium/a', ['/vod/premium/'], s), 'pass /vod/premium/a'],
  ['a name like the inner stream', to('/vod/premium2/a', ['/vod/']), 'pass /vod/premium2/a'],
]);

const bound = (paths: string[], more: Record<string, unknown> = {}): Record<string, unknown> =>
  bind(claims(paths, { ...s, co: ['FR'], ip: 32, ip_ver: 4, headers: ['user-agent'], ...more }), [
    ['i', '4/32', IPV4],
    ['h', 'user-agent', AGENT],
  ]);
const ask = (path: string, content: Record<string, unknown>, more: Partial<Asked> = {}): Asked => ({
  uri: `/${token(content)}${path}`,
  ...more,
});
const elsewhere = { ip: '198.51.100.1', headers: { 'cloudfront-viewer-country': 'DE', 'user-agent': 'Other' } };
const home = { headers: { 'cloudfront-viewer-country': 'FR' } };
const withAds = bound(['/all/ch1/'], { exc: ['/ads/'] });

table('exceptions', [
  ['an ad for another viewer', ask('/ads/x.ts', withAds, elsewhere), 'pass /ads/x.ts'],
  ['the stream for another viewer', ask('/all/ch1/x.ts', withAds, elsewhere), '451 geo_not_allowed'],
  ['the stream at home', ask('/all/ch1/x.ts', withAds, home), 'pass /all/ch1/x.ts'],
  ['an ad without the claim', ask('/ads/x.ts', bound(['/all/ch1/']), home), NOT_ALLOWED],
  ['an ad for an expired token', ask('/ads/x.ts', withAds, { ...elsewhere, now: NOW + 600 }), '401 token_expired'],
  [
    'an ad in a revoked session',
    ask('/ads/x.ts', withAds, { ...elsewhere, revoked: [`r.${SESSION}`] }),
    '410 session_revoked',
  ],
  [
    'an ad without a session',
    ask('/ads/x.ts', bound(['/all/ch1/'], { exc: ['/ads/'], ssn: undefined }), elsewhere),
    POLICY,
  ],
  [
    'an ad with too long a life',
    ask('/ads/x.ts', bound(['/all/ch1/'], { exc: ['/ads/'], iat: NOW - 3600 }), elsewhere),
    POLICY,
  ],
  [
    'an exception that is not in the configuration',
    ask('/all/ch1/x', bound(['/all/ch1/'], { exc: ['/vod/'] }), home),
    POLICY,
  ],
  ['part of one in the configuration', ask('/all/ch1/x', bound(['/all/ch1/'], { exc: ['/ads/a/'] }), home), POLICY],
  [
    'inside the stream',
    ask('/all/free/x', bound(['/all/ch1/'], { exc: ['/all/free/'] }), elsewhere),
    'pass /all/free/x',
  ],
  ['inside the stream, reached by paths', ask('/all/free/x', bound(['/all/']), elsewhere), '451 geo_not_allowed'],
  ['inside the stream, reached by paths at home', ask('/all/free/x', bound(['/all/']), home), 'pass /all/free/x'],
  [
    'the longer match is a path',
    ask('/all/free/x/y', bound(['/all/free/x/'], { exc: ['/all/free/'] }), elsewhere),
    '401 token_malformed',
  ],
  ['a path of the token inside an exception', ask('/ads/x/y', claims(['/ads/x/'], s), home), NOT_ALLOWED],
  ['a path of the token that is an exception', ask('/ads/x', claims(['/ads/'], s), home), NOT_ALLOWED],
  ['a path of the configuration inside an exception', ask('/ads/vip/x', withAds, elsewhere), NOT_ALLOWED],
  ['a path of the configuration inside an exception, at home', ask('/ads/vip/x', withAds, home), NOT_ALLOWED],
  [
    'shared: the token of the other stream',
    ask('/ads/x', claims(['/other/a/'], { ...s, exc: ['/ads/'] })),
    'pass /ads/x',
  ],
  [
    'shared: an exception the other stream does not have',
    ask('/ads/x', claims(['/other/a/'], { ...s, exc: ['/ads/', '/all/free/'] })),
    POLICY,
  ],
  [
    'shared: the token of a third stream',
    ask('/ads/x', claims(['/session/a/'], { ...s, exc: ['/ads/'] })),
    NOT_ALLOWED,
  ],
]);

table('hosts', [
  ['its host', { ...to('/hosted/a', ['/hosted/']), headers: { host: 'media.example.com' } }, 'pass /hosted/a'],
  ['other case', { ...to('/hosted/a', ['/hosted/']), headers: { host: 'MEDIA.example.com' } }, 'pass /hosted/a'],
  ['another host', { ...to('/hosted/a', ['/hosted/']) }, NOT_ALLOWED],
  [
    'a longer host',
    { ...to('/hosted/a', ['/hosted/']), headers: { host: 'media.example.com.evil.example' } },
    NOT_ALLOWED,
  ],
  ['every host', { ...to('/vod/a', ['/vod/']), headers: { host: 'media.example.com' } }, 'pass /vod/a'],
]);

const open = (): Promise<string> => edgeText(environment, { ...options, unmatched: 'pass' });
const vod = token(claims(['/vod/']));
table(
  'unmatched: pass',
  [
    ['a path of no stream', { uri: '/site/a' }, 'pass /site/a'],
    ['with a token, which nobody would verify', { uri: `/${vod}/site/a` }, NOT_ALLOWED],
    ['with the form of a token', { uri: `/ee.x.${'A'.repeat(43)}/site/a` }, NOT_ALLOWED],
    ['with something like a token', { uri: `/${vod}x/site/a` }, NOT_ALLOWED],
    ['with a token behind a name', { uri: `/site/a_${vod}/a` }, '401 token_malformed'],
    ['POST', { uri: '/site/a', method: 'POST' }, 'pass /site/a'],
    ['not canonical', { uri: '/site/../vod/a' }, '400 path_not_canonical'],
    ['two tokens', { uri: `/${vod}/site/${vod}/a` }, '401 token_malformed'],
    ['a stream', { uri: '/vod/a' }, '401 token_missing'],
    ['a stream of another host', { uri: '/hosted/a' }, NOT_ALLOWED],
    ['a stream without its slash', { uri: '/vod' }, 'pass /vod'],
    ['without a state', { uri: '/site/a', state: null }, 'pass /site/a'],
  ],
  open,
);

describeWith(['njs'], 'origins', () => {
  it('follow the verified stream', async () => {
    const asked = [
      to('/vod/a', ['/vod/']),
      ask('/all/ch1/x', bound(['/all/']), home),
      { uri: '/off/a' },
      { uri: '/vod/a' },
      { uri: '/site/a' },
    ];
    const results = runEdge(await open(), asked.map(run));
    expect(results.map((result) => [verdict(result), result.origin])).toEqual([
      ['pass /vod/a', 'vod'],
      ['pass /all/ch1/x', 'live'],
      ['pass /off/a', 'vod'],
      ['401 token_missing', undefined],
      ['pass /site/a', undefined],
    ]);
  });

  it('are left alone where there is one', async () => {
    const one = {
      ...environment,
      origins: { vod: environment.origins.vod as NonNullable<typeof environment.origins.vod> },
    };
    const text = await edgeText(one);
    expect(text).not.toContain('selectRequestOriginById');
    expect(runEdge(text, [run(to('/vod/a', ['/vod/']))])[0]?.origin).toBeUndefined();
  });
});

const inner: typeof environment = {
  ...environment,
  streams: {
    ...environment.streams,
    inner: {
      paths: ['/vod/inner/'],
      policy: 'session',
      mode: 'enforce',
      carriage: { in: 'path' },
      hosts: ['media.example.com'],
    },
  },
};
const innerToken = token(claims(['/vod/inner/']));
const onHost = (host: string): Asked => ({ uri: `/${innerToken}/vod/inner/x`, headers: { host } });
table(
  'a stream of one host inside a stream of all',
  [
    ['on its host', onHost('media.example.com'), POLICY],
    ['on another', onHost('d111111abcdef8.cloudfront.net'), NOT_ALLOWED],
    ['with a port', onHost('media.example.com:443'), NOT_ALLOWED],
    ['beside it', { uri: `/${vod}/vod/x`, headers: { host: 'd111111abcdef8.cloudfront.net' } }, 'pass /vod/x'],
  ],
  () => edgeText(inner),
);

const folders: typeof environment = {
  ...environment,
  streams: {
    outer: { ...plain('/h/'), hosts: ['a.example.com'] },
    inner: { ...plain('/h/inner/'), hosts: ['b.example.com'], policy: 'session' },
    everywhere: plain('/same/'),
    named: { ...plain('/same/'), hosts: ['b.example.com'], policy: 'session' },
  },
};
const at = (host: string, path: string, more: Record<string, unknown> = {}): Asked => ({
  uri: `/${token(claims([path], more))}${path}x`,
  headers: { host },
});
table(
  'streams of several hosts',
  [
    ['the outer folder on its host', at('a.example.com', '/h/'), 'pass /h/x'],
    ['the outer folder on the other', at('b.example.com', '/h/'), NOT_ALLOWED],
    ['the inner folder on its host', at('b.example.com', '/h/inner/', s), 'pass /h/inner/x'],
    ['the inner folder on its host, without a session', at('b.example.com', '/h/inner/'), POLICY],
    ['the inner folder on the host of the outer', at('a.example.com', '/h/inner/'), 'pass /h/inner/x'],
    ['the inner folder on no host of either', at('c.example.com', '/h/inner/', s), NOT_ALLOWED],
    ['one folder on the host that is named', at('b.example.com', '/same/', s), 'pass /same/x'],
    ['one folder on the host that is named, without a session', at('b.example.com', '/same/'), POLICY],
    ['one folder on any other', at('a.example.com', '/same/'), 'pass /same/x'],
  ],
  () => edgeText(folders),
);

function plain(path: string): Stream {
  return { paths: [path], policy: 'plain', mode: 'enforce', carriage: { in: 'path' } };
}
