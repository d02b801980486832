/** What a client should not send: a problem with a stable type and the right status, and nothing written. */
import { describe, expect, it } from 'vitest';
import { createApi } from '../../../runtime/api/api.ts';
import { Problem } from '../../../runtime/api/problems.ts';
import { apiWorld, PLAYBACK, type Sent } from './world.ts';

const SESSION = 'Ab0_-xYzAb0_-xYzAb0_-x';
const ASSET = { stream: 'plain', path: '/plain/new/' };
const TOKEN = 'eyJhbGciOiJIUzI1NiJ9.eyJpYXQiOjE4MDAwMDAwMDB9.c2ln';
const MEGABYTE = 1024 * 1024;

type Row = [name: string, method: string, path: string, sent: Sent, status: number, problem: string, pointer?: string];

const ROWS: Row[] = [
  ['an unknown asset', 'POST', '/playback/nobody', { body: PLAYBACK }, 404, 'asset-not-found'],
  ['an asset called constructor', 'POST', '/playback/constructor', { body: PLAYBACK }, 404, 'asset-not-found'],
  ['an asset id with a dot', 'POST', '/playback/a.b', { body: PLAYBACK }, 400, 'request-invalid', '#path/asset'],
  ['the id of the settings', 'GET', '/assets/settings', {}, 404, 'asset-not-found'],
  ['no body', 'POST', '/playback/trailer', {}, 400, 'body-missing'],
  ['an empty body', 'POST', '/playback/trailer', { body: '' }, 400, 'body-missing'],
  ['no body for an asset', 'PUT', '/assets/new', {}, 400, 'body-missing'],
  [
    'a form',
    'POST',
    '/playback/trailer',
    { body: PLAYBACK, headers: { 'content-type': 'application/x-www-form-urlencoded' } },
    415,
    'media-type-unsupported',
  ],
  [
    'JSON in another encoding',
    'POST',
    '/playback/trailer',
    { body: PLAYBACK, headers: { 'content-type': 'application/json; charset=utf-16' } },
    415,
    'media-type-unsupported',
  ],
  [
    'text that only looks like JSON to people',
    'POST',
    '/playback/trailer',
    { body: "{'viewer': {}}" },
    400,
    'request-invalid',
  ],
  [
    'bytes that are no UTF-8',
    'POST',
    '/playback/trailer',
    { body: Buffer.from('{"viewer":{"city":"\xff"}}', 'latin1') },
    400,
    'request-invalid',
  ],
  [
    'a query that is too long to be read',
    'POST',
    '/playback/trailer',
    { body: PLAYBACK, query: `${'&'.repeat(5000)}policy=plain` },
    400,
    'request-invalid',
    '#query',
  ],
  ['a list', 'POST', '/playback/trailer', { body: [] }, 400, 'request-invalid', ''],
  ['null', 'POST', '/playback/trailer', { body: 'null' }, 400, 'request-invalid', ''],
  ['10 MB', 'POST', '/playback/trailer', { body: `"${'x'.repeat(10 * MEGABYTE)}"` }, 413, 'body-too-large'],
  [
    '10 MB in base64',
    'POST',
    '/playback/trailer',
    { body: 'x'.repeat(10 * MEGABYTE), base64: true },
    413,
    'body-too-large',
  ],
  [
    'a length that is not there',
    'POST',
    '/playback/trailer',
    { body: PLAYBACK, headers: { 'content-length': '99999999' } },
    413,
    'body-too-large',
  ],
  [
    'deep nesting',
    'POST',
    '/playback/trailer',
    { body: `{"viewer":${'['.repeat(20_000)}${']'.repeat(20_000)}}` },
    400,
    'request-invalid',
    '/viewer',
  ],
  [
    'a session of the own choice',
    'POST',
    '/playback/trailer',
    { body: { ...PLAYBACK, session: SESSION } },
    400,
    'request-invalid',
    '/session',
  ],
  [
    'a prototype',
    'POST',
    '/playback/trailer',
    { body: '{"viewer":{},"__proto__":{"policy":"plain"}}' },
    400,
    'request-invalid',
    '/__proto__',
  ],
  [
    'an attribute that nobody knows',
    'POST',
    '/playback/trailer',
    { body: { viewer: { ...PLAYBACK.viewer, device: 'tv' } } },
    400,
    'request-invalid',
    '/viewer/device',
  ],
  [
    'a policy of the own making',
    'POST',
    '/playback/trailer',
    { body: { ...PLAYBACK, policy: { lifetime: 1 } } },
    400,
    'request-invalid',
    '/policy',
  ],
  [
    'a subject with a quotation mark',
    'POST',
    '/playback/trailer',
    { body: { ...PLAYBACK, subject: '","paths":["/"],"x":"' } },
    400,
    'request-invalid',
    '/subject',
  ],
  ['a life of no time', 'POST', '/playback/trailer', { body: { ...PLAYBACK, ttl: 0 } }, 400, 'request-invalid', '/ttl'],
  [
    'a life that is no number',
    'POST',
    '/playback/trailer',
    { body: '{"viewer":{},"ttl":1e999}' },
    400,
    'request-invalid',
    '/ttl',
  ],
  [
    'a header in capitals',
    'POST',
    '/playback/trailer',
    { body: { viewer: { headers: { 'User-Agent': 'x' } } } },
    400,
    'request-invalid',
    '/viewer/headers/User-Agent',
  ],
  [
    'a short idempotency key',
    'POST',
    '/playback/trailer',
    { body: PLAYBACK, headers: { 'idempotency-key': 'one' } },
    400,
    'request-invalid',
    '#header/idempotency-key',
  ],
  [
    'a token that is none',
    'POST',
    `/sessions/${SESSION}/refresh`,
    { body: { ...PLAYBACK, token: 'x' } },
    403,
    'token-refused',
  ],
  ['no token', 'POST', `/sessions/${SESSION}/refresh`, { body: PLAYBACK }, 400, 'request-invalid', '/token'],
  ['a session that is none', 'POST', '/sessions/short/revocation', {}, 400, 'request-invalid', '#path/session'],
  [
    'the control item for a session',
    'DELETE',
    '/sessions/control/revocation',
    {},
    400,
    'request-invalid',
    '#path/session',
  ],
  [
    'a reason that is too long',
    'POST',
    `/sessions/${SESSION}/revocation`,
    { body: { reason: 'r'.repeat(201) } },
    400,
    'request-invalid',
    '/reason',
  ],
  [
    'a reason that moves the cursor of a terminal',
    'POST',
    `/sessions/${SESSION}/revocation`,
    { body: { reason: '\u001b[2Jnothing to see' } },
    400,
    'request-invalid',
    '/reason',
  ],
  [
    'a reason with half a character',
    'POST',
    `/sessions/${SESSION}/revocation`,
    { body: '{"reason":"\\ud800"}' },
    400,
    'request-invalid',
    '/reason',
  ],
  [
    'a reason with a token in it',
    'POST',
    `/sessions/${SESSION}/revocation`,
    { body: { reason: `see ${SESSION}.${TOKEN}` } },
    400,
    'request-invalid',
    '/reason',
  ],
  [
    'a body of another type for a revocation',
    'POST',
    `/sessions/${SESSION}/revocation`,
    { body: 'x', headers: { 'content-type': 'text/plain' } },
    415,
    'media-type-unsupported',
  ],
  ['a body where none is read', 'DELETE', '/assets/trailer', { body: {} }, 400, 'request-invalid'],
  ['a body with GET', 'GET', '/assets', { body: 'x' }, 400, 'request-invalid'],
  ['an unknown stream', 'PUT', '/assets/new', { body: { ...ASSET, stream: 'nobody' } }, 422, 'stream-unknown'],
  [
    'a stream called constructor',
    'PUT',
    '/assets/new',
    { body: { ...ASSET, stream: 'constructor' } },
    422,
    'stream-unknown',
  ],
  ['an unknown policy', 'PUT', '/assets/new', { body: { ...ASSET, policy: 'nobody' } }, 422, 'policy-unknown'],
  [
    'a policy with an attribute that nobody knows',
    'PUT',
    '/assets/new',
    { body: { ...ASSET, policy: { bind: { device: true } } } },
    400,
    'request-invalid',
    '/policy',
  ],
  [
    'a policy that is too weak',
    'PUT',
    '/assets/new',
    { body: { stream: 'all', path: '/all/new/', policy: 'broad' } },
    422,
    'policy-too-weak',
  ],
  [
    'a folder outside the stream',
    'PUT',
    '/assets/new',
    { body: { ...ASSET, path: '/session/new/' } },
    422,
    'path-outside-stream',
  ],
  [
    'a folder that another stream has taken over',
    'PUT',
    '/assets/new',
    { body: { ...ASSET, path: '/plain/inner/' } },
    422,
    'path-outside-stream',
  ],
  [
    'a playlist that another stream has taken over',
    'PUT',
    '/assets/new',
    { body: { ...ASSET, path: '/plain/', playlists: { hls: 'inner/i.m3u8' } } },
    422,
    'path-outside-stream',
  ],
  [
    'a folder in an excluded prefix',
    'PUT',
    '/assets/new',
    { body: { stream: 'all', path: '/all/free/a/' } },
    422,
    'path-outside-stream',
  ],
  [
    'a folder that climbs out',
    'PUT',
    '/assets/new',
    { body: { ...ASSET, path: '/plain/../session/' } },
    400,
    'request-invalid',
    '/path',
  ],
  [
    'a folder with an encoded slash',
    'PUT',
    '/assets/new',
    { body: { ...ASSET, path: '/plain/%2f/' } },
    400,
    'request-invalid',
    '/path',
  ],
  [
    'a playlist outside the folder',
    'PUT',
    '/assets/new',
    { body: { ...ASSET, playlists: { hls: '../other/i.m3u8' } } },
    400,
    'request-invalid',
    '/playlists/hls',
  ],
  [
    'a playlist with a query',
    'PUT',
    '/assets/new',
    { body: { ...ASSET, playlists: { hls: 'i.m3u8?token=x' } } },
    400,
    'request-invalid',
    '/playlists/hls',
  ],
  [
    'a folder that the edge would take for a token',
    'PUT',
    '/assets/new',
    { body: { ...ASSET, path: `/plain/${TOKEN}/` } },
    422,
    'path-outside-stream',
  ],
  [
    'a playlist that the edge would take for a token',
    'PUT',
    '/assets/new',
    { body: { ...ASSET, playlists: { hls: 'index.m3u8', dash: TOKEN } } },
    422,
    'path-outside-stream',
  ],
  ['no playlists', 'PUT', '/assets/new', { body: { ...ASSET, playlists: {} } }, 400, 'request-invalid', '/playlists'],
  ['an asset that does not exist', 'DELETE', '/assets/nobody', {}, 404, 'asset-not-found'],
  ['a path of nobody', 'GET', '/nobody', {}, 404, 'not-found'],
  ['a path that has to be normalised', 'GET', '/assets/../policies', {}, 404, 'not-found'],
  ['a path with two slashes', 'GET', '//assets', {}, 404, 'not-found'],
  ['a path that has to be decoded', 'GET', '/assets/%74railer', {}, 404, 'not-found'],
  ['a path that is much too long', 'GET', `/assets/${'a'.repeat(9000)}`, {}, 400, 'request-invalid', '#path/asset'],
  ['a method that no path has', 'PATCH', '/assets/trailer', { body: {} }, 405, 'method-not-allowed'],
  ['a method that the path has not', 'POST', '/assets', { body: {} }, 405, 'method-not-allowed'],
  ['a method that is none', 'BREW', '/assets', {}, 405, 'method-not-allowed'],
];

describe('a service that sends', () => {
  it.each(ROWS)('%s', async (_name, method, path, sent, status, problem, pointer) => {
    const world = await apiWorld();
    const answer = await world.ask(method, path, sent);
    expect([answer.status, answer.problem]).toEqual([status, problem]);
    expect(answer.headers).toMatchObject({ 'content-type': 'application/problem+json', 'cache-control': 'no-store' });
    expect(answer.body).toMatchObject({ type: `/problems/${problem}`, status, title: expect.any(String) });
    if (pointer !== undefined)
      expect(answer.body.errors.map((one: { pointer: string }) => one.pointer)).toContain(pointer);
    expect(world.writes()).toEqual([]);
    // Whatever was sent: an answer stays small.
    expect(answer.result.body.length).toBeLessThan(2_000);
    expect(answer.result.body).not.toContain(TOKEN);
  });

  it('nothing that it may not', async () => {
    const world = await apiWorld();
    world.caller = { id: 'reader', permissions: new Set(['assets'] as const) };
    for (const [method, path, body] of [
      ['POST', '/playback/trailer', PLAYBACK],
      ['POST', `/sessions/${SESSION}/refresh`, { ...PLAYBACK, token: 'x' }],
      ['POST', `/sessions/${SESSION}/revocation`, {}],
      ['DELETE', `/sessions/${SESSION}/revocation`, undefined],
      ['PUT', '/assets/new', ASSET],
      ['DELETE', '/assets/trailer', undefined],
    ] as const) {
      const answer = await world.ask(method, path, { body });
      expect([method, path, answer.status, answer.problem]).toEqual([method, path, 403, 'scope-missing']);
    }
    expect((await world.ask('GET', '/assets')).status).toBe(200);
    expect(world.writes()).toEqual([]);
  });

  it('is asked who it is before anything else is looked at', async () => {
    const world = await apiWorld();
    world.caller = new Problem('unauthenticated', {}, { headers: { 'www-authenticate': 'Bearer' } });
    const answer = await world.ask('POST', '/playback/nobody', { body: 'x' });
    expect([answer.status, answer.problem, answer.headers['www-authenticate']]).toEqual([
      401,
      'unauthenticated',
      'Bearer',
    ]);
    expect(world.calls).toEqual([]);
  });
});

describe('pages of other websites', () => {
  const page = (origin: string) => ({ headers: { origin, 'access-control-request-method': 'POST' } });

  it('are answered a preflight, without being asked who they are', async () => {
    const world = await apiWorld();
    world.caller = new Problem('unauthenticated');
    const { status, headers, body } = await world.ask('OPTIONS', '/playback/trailer', page('https://www.example.com'));
    expect([status, body]).toEqual([204, undefined]);
    expect(headers).toMatchObject({
      'access-control-allow-origin': 'https://www.example.com',
      'access-control-allow-methods': 'GET, POST, PUT, DELETE',
      vary: 'origin',
    });
    // The last two are bound by policies.
    expect(headers['access-control-allow-headers']).toBe(
      'authorization, content-type, idempotency-key, x-edgepass-code, x-edgepass-token, user-agent, x-device',
    );
  });

  it('may read when to come again and what is wrong with an access token, also by the name that a function URL gives it', async () => {
    const world = await apiWorld();
    const { headers } = await world.ask('GET', '/assets', { headers: { origin: 'https://www.example.com' } });
    expect(headers['access-control-expose-headers']).toBe(
      'retry-after, www-authenticate, x-amzn-remapped-www-authenticate',
    );
  });

  it('get nothing when they are not listed', async () => {
    const world = await apiWorld();
    const preflight = await world.ask('OPTIONS', '/playback/trailer', page('https://evil.example'));
    expect(Object.keys(preflight.headers).filter((name) => name.startsWith('access-control'))).toEqual([]);
    const answer = await world.ask('GET', '/assets', { headers: { origin: 'https://evil.example' } });
    expect(answer.headers['access-control-allow-origin']).toBeUndefined();
    expect(answer.headers.vary).toBe('origin');
  });

  it('read problems, too', async () => {
    const world = await apiWorld({ settings: { cors: { origins: ['*'], credentials: false } } });
    const answer = await world.ask('GET', '/nobody', { headers: { origin: 'https://any.example' } });
    expect([answer.status, answer.headers['access-control-allow-origin']]).toEqual([404, '*']);
  });
});

it('says nothing of what went wrong here, but to operators', async () => {
  const world = await apiWorld({
    mount: {
      shows: () => {
        throw new Error('secret detail');
      },
    },
  });
  const answer = await world.ask('GET', '/assets/trailer');
  expect([answer.status, answer.problem]).toEqual([500, 'internal']);
  expect(answer.result.body).not.toContain('secret');
  expect(world.told.at(-1)).toMatchObject({
    operation: 'getAsset',
    status: 500,
    problem: 'internal',
    cause: expect.any(Error),
  });
});

it('does not start with settings that contradict themselves', () => {
  expect(() => createApi({ settings: { audience: 'x' } } as never)).toThrow();
});
