/** The small decisions of the local edge: what is played, where viewers are, what is shown, what a header says. */
import { describe, expect, it } from 'vitest';
import { viewersPlace } from '../../../generator/commands/dev/place.ts';
import { localAssets } from '../../../generator/local/assets.ts';
import { corsHeaders } from '../../../generator/local/cors.ts';
import { shownPath } from '../../../generator/local/verdict.ts';
import { eventOf, headersOf, queryOf, targetOf } from '../../../generator/local/viewer.ts';
import type { Environment, Stream } from '../../../generator/modules/contract.ts';
import { environment } from '../../runtime/base/world.ts';

const stream = (path: string, policy = 'plain'): Stream => ({
  paths: [path],
  policy,
  mode: 'enforce',
  carriage: { in: 'path' },
});
const with_ = (more: Partial<Environment>): Environment => ({ ...environment, assets: {}, ...more });

describe('what is played', () => {
  const asset = (path: string) => ({ stream: 'a', path, playlists: { hls: 'x.m3u8' }, demo: false });

  it('is a film and a channel, each in the stream that is named like it', () => {
    const found = localAssets(with_({ streams: { live: stream('/l/'), other: stream('/o/') } }), { ownOrigin: false });
    expect(found.assets.map(({ id, path }) => [id, path])).toEqual([
      ['test-film', '/o/edgepass-test/film/'],
      ['test-channel', '/l/edgepass-test/channel/'],
    ]);
    expect(found.folders.map(({ kind }) => kind)).toEqual(['vod', 'live']);
    expect(found.added).toEqual(['test-film', 'test-channel']);
  });

  it('is in the first stream where none is named like it', () => {
    const { assets } = localAssets(with_({ streams: { a: stream('/a/'), b: stream('/b/') } }), { ownOrigin: false });
    expect(assets.map(({ stream: name }) => name)).toEqual(['a', 'a']);
  });

  it('is what config.yaml says, with its own file names, and what that leaves out', () => {
    const given = with_({ streams: { a: stream('/a/') }, assets: { delivery: asset('/a/m/') } });
    const { added, folders } = localAssets(given, { ownOrigin: false });
    // "delivery" has "live" in it, and is none.
    expect(added).toEqual(['test-channel']);
    expect(folders[0]).toEqual({ path: '/a/m/', kind: 'vod', hls: 'x.m3u8', dash: 'manifest.mpd' });
  });

  it('is nothing but that before an origin of one’s own, and nothing without a stream', () => {
    const given = with_({ streams: { a: stream('/a/') }, assets: { one: asset('/a/m/') } });
    expect(localAssets(given, { ownOrigin: true })).toMatchObject({ added: [], folders: [], assets: [{ id: 'one' }] });
    expect(localAssets(with_({ streams: {} }), { ownOrigin: false }).assets).toEqual([]);
  });
});

describe('where viewers are', () => {
  const streams = { a: stream('/a/', 'plain'), b: stream('/b/', 'region') };
  it.each([
    [{}, { streams, policies: environment.policies }, { country: 'US', region: 'CA' }],
    [{ country: 'JP' }, { streams, policies: environment.policies }, { country: 'JP' }],
    [{}, { streams: { c: stream('/c/', 'city') }, policies: environment.policies }, { country: 'FR', city: 'Paris' }],
    [{}, { streams: { a: stream('/a/') }, policies: environment.policies }, {}],
  ])('%j', (given, where, expected) => expect(viewersPlace(given, where)).toEqual(expected));
});

describe('a path as it is shown', () => {
  const token = `eyJhbGciOiJIUzI1NiJ9.${'eyJhIjoxfQ'.repeat(3)}.${'A'.repeat(43)}`;
  it.each([
    ['/vod/a.m3u8', '/vod/a.m3u8'],
    [`/${token}/vod/a`, '/…/vod/a'],
    [`/abcdefghijklmnop.${token}/vod/a`, '/…/vod/a'],
    [`/vod/${token}/a`, '/…'],
    ['/\u001b[31mred', '/?[31mred'],
    [`/${'x'.repeat(200)}`, `/${'x'.repeat(118)}…`],
  ])('%j', (path, shown) => expect(shownPath(path)).toBe(shown));
});

describe('a request', () => {
  it('is taken apart and not repaired', () => {
    expect(targetOf('/a/../b?x=1?y')).toEqual({ path: '/a/../b', query: 'x=1?y' });
    expect(targetOf('http://host:1/a?')).toEqual({ path: '/a', query: '' });
    expect(targetOf('http://host')).toEqual({ path: '/', query: undefined });
  });

  it('keeps what came more than once, cookies apart, and nothing that only CloudFront may say', () => {
    const rawHeaders = [
      'Host',
      'here',
      'X-A',
      '1',
      'x-a',
      '2',
      'Cookie',
      'a=b; c=d=e',
      'CloudFront-Viewer-Country',
      'BR',
    ];
    const event = eventOf({
      id: 'i',
      method: 'GET',
      target: { path: '/p', query: 'q=1&q=2&r&__proto__=x' },
      headers: headersOf({ rawHeaders }),
      viewer: { ip: '::1', country: 'FR' },
      host: 'there',
    });
    expect(event.request.headers).toEqual({
      host: { value: 'there' },
      'x-a': { value: '1', multiValue: [{ value: '1' }, { value: '2' }] },
      'cloudfront-viewer-country': { value: 'FR' },
    });
    expect(event.request.cookies).toEqual({ a: { value: 'b' }, c: { value: 'd=e' } });
    expect(Object.keys(event.request.querystring)).toEqual(['q', 'r', '__proto__']);
    expect(queryOf(event.request.querystring)).toBe('q=1&q=2&r&__proto__=x');
  });

  it('has text in its headers, not bytes', () => {
    const rawHeaders = ['x-city', Buffer.from('Zürich').toString('latin1')];
    expect(headersOf({ rawHeaders })).toEqual([['x-city', 'Zürich']]);
  });
});

it('adds CORS headers for those whom the environment lists', () => {
  const listed = corsHeaders({ cors: { origins: ['https://a'], credentials: true } }, { exposesReason: true });
  expect(listed(undefined)).toEqual({});
  expect(listed('https://b')).toEqual({});
  expect(listed('https://a')).toMatchObject({
    'access-control-allow-origin': 'https://a',
    'access-control-allow-credentials': 'true',
    vary: 'Origin',
  });
  const any = corsHeaders({ cors: { origins: ['*'], credentials: false } }, { exposesReason: false });
  expect(any('https://b')['access-control-allow-origin']).toBe('*');
  expect(any('https://b')['access-control-expose-headers']).not.toContain('x-edgepass-reason');
});
