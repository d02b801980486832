/** Playback URLs as services and viewers get them, and what the function that ships says of them. */
import { describe, expect, it } from 'vitest';
import { describeWith } from '../../helpers/needs.ts';
import { runEdge } from '../../helpers/njs.ts';
import { edgeText, type Asked as Request, run, verdict } from '../base/world.ts';
import { AUD, askFor, environment, NOW, VIEWER } from '../issuer/world.ts';
import { apiWorld, edgeContent, PLAYBACK } from './world.ts';

const claimsOf = (token: string): Record<string, unknown> =>
  JSON.parse(Buffer.from(token.split('.').at(-2) as string, 'base64url').toString());

describe('a service', () => {
  it('gets URLs of all playlists with one token and a new session', async () => {
    const world = await apiWorld();
    const { status, body } = await world.ask('POST', '/playback/trailer', { body: { ...PLAYBACK, subject: 'u-1' } });
    expect([status, body.asset, body.policy, body.expires]).toEqual([201, 'trailer', 'all', NOW + 3600]);
    expect(body.urls).toEqual({
      hls: `https://media.example.com/${body.token}/all/trailer/index.m3u8`,
      dash: `https://media.example.com/${body.token}/all/trailer/manifest.mpd`,
    });
    expect(body.session).toMatch(/^[\w-]{22}$/);
    expect(claimsOf(body.token)).toMatchObject({
      ssn: body.session,
      sub: 'u-1',
      paths: ['/all/trailer/'],
      aud: AUD,
      ctx: `${NOW}:trailer:all`,
    });
    const other = await world.ask('POST', '/playback/trailer', { body: PLAYBACK });
    expect(other.body.session).not.toBe(body.session);
    expect(world.writes()).toEqual([]);
  });

  it('may ask for a stricter policy, a shorter life and other domains', async () => {
    const world = await apiWorld();
    const headers = { ...VIEWER.headers, 'x-device': 'tv' };
    const { body, status } = await world.ask('POST', '/playback/trailer', {
      body: { viewer: { ...PLAYBACK.viewer, headers }, policy: 'narrow', ttl: 60, domains: ['segments'] },
    });
    expect([status, body.policy, body.expires]).toEqual([201, 'narrow', NOW + 60]);
    expect(body.domains).toEqual({
      segments: {
        hls: `https://segments.example.com/${body.token}/all/trailer/index.m3u8`,
        dash: `https://segments.example.com/${body.token}/all/trailer/manifest.mpd`,
      },
    });
  });

  it.each<[string, object, number, string]>([
    ['a weaker policy', { ...PLAYBACK, policy: 'broad' }, 422, 'policy-too-weak'],
    ['a policy that does not exist', { ...PLAYBACK, policy: 'nobody' }, 422, 'policy-unknown'],
    ['a policy called constructor', { ...PLAYBACK, policy: 'constructor' }, 422, 'policy-unknown'],
    ['a longer life than the policy gives', { ...PLAYBACK, ttl: 3601 }, 422, 'lifetime-too-long'],
    ['a domain that does not exist', { ...PLAYBACK, domains: ['nobody'] }, 422, 'domain-unknown'],
    ['a viewer without the address that is bound', { viewer: { headers: VIEWER.headers } }, 422, 'viewer-unfit'],
    ['a viewer without the header that is bound', { viewer: { ip: VIEWER.ip } }, 422, 'viewer-unfit'],
    ['an address that is none', { viewer: { ...VIEWER, ip: '203.0.113' } }, 422, 'viewer-unfit'],
    ['a viewer in another country', { viewer: { ...VIEWER, country: 'US' } }, 451, 'place-not-allowed'],
  ])('is refused %s', async (_name, body, status, problem) => {
    const world = await apiWorld();
    const answer = await world.ask('POST', '/playback/trailer', { body });
    expect([answer.status, answer.problem, answer.body.token]).toEqual([status, problem, undefined]);
    expect(answer.headers['content-type']).toBe('application/problem+json');
    expect(world.writes()).toEqual([]);
  });

  it('does not get tokens that outlive the longest session', async () => {
    const world = await apiWorld({ settings: { maxSessionAge: 600 } });
    const { body } = await world.ask('POST', '/playback/trailer', { body: PLAYBACK });
    expect(body.expires).toBe(NOW + 600);
  });

  it('gets the cookie or header where the stream carries tokens there', async () => {
    const world = await apiWorld();
    await world.store.put('snack', { stream: 'cookie', path: '/cookie/a/', playlists: { hls: 'i.m3u8' }, demo: false });
    await world.store.put('clip', {
      stream: 'query',
      path: '/query/a/',
      playlists: { hls: 'i.m3u8', dash: 'm.mpd' },
      demo: false,
    });
    const cookie = (await world.ask('POST', '/playback/snack', { body: PLAYBACK })).body;
    expect([cookie.cookie, cookie.urls]).toEqual([
      { name: 'ept', value: cookie.token },
      { hls: 'https://media.example.com/cookie/a/i.m3u8' },
    ]);
    const query = (await world.ask('POST', '/playback/clip', { body: PLAYBACK })).body;
    expect(query.urls.dash).toBe(`https://media.example.com/query/a/m.mpd?token=${query.token}`);
  });
});

describe('a viewer', () => {
  it('is who CloudFront says, and gets tokens with the own pseudonym', async () => {
    const world = await apiWorld({ kind: 'viewers' });
    const { status, body } = await world.ask('POST', '/playback/trailer', { query: 'format=dash' });
    expect([status, Object.keys(body.urls)]).toEqual([201, ['dash']]);
    expect(claimsOf(body.token)).toMatchObject({ sub: 'pseudonym-1', ip: 24, ip_ver: 4, headers: ['user-agent'] });
  });

  it.each<[string, { query?: string; headers?: Record<string, string>; body?: unknown }, number, string]>([
    ['a weaker policy', { query: 'policy=broad' }, 422, 'policy-too-weak'],
    ['a format that the asset lacks', { query: 'format=hls' }, 422, 'format-missing'],
    ['a body', { body: { viewer: { ip: '198.51.100.1' } } }, 400, 'request-invalid'],
    ['two formats', { query: 'format=hls&format=dash' }, 400, 'request-invalid'],
    ['a parameter that is not known', { query: 'subject=me' }, 400, 'request-invalid'],
    [
      'a country where it may not be played',
      { headers: { 'cloudfront-viewer-country': 'US' } },
      451,
      'place-not-allowed',
    ],
  ])('is refused %s', async (_name, sent, status, problem) => {
    const world = await apiWorld({ kind: 'viewers' });
    await world.store.put('trailer', {
      stream: 'all',
      path: '/all/trailer/',
      playlists: { dash: 'm.mpd' },
      demo: false,
    });
    world.forget();
    const answer = await world.ask('POST', '/playback/trailer', sent);
    expect([answer.status, answer.problem]).toEqual([status, problem]);
    expect(world.writes()).toEqual([]);
  });

  it.each([
    ['DELETE', '/sessions/Ab0_-xYzAb0_-xYzAb0_-x/revocation'],
    ['PUT', '/assets/trailer'],
    ['DELETE', '/assets/trailer'],
  ])('may not %s %s', async (method, path) => {
    const world = await apiWorld({ kind: 'viewers' });
    const answer = await world.ask(method, path);
    expect([answer.status, answer.problem, world.writes()]).toEqual([403, 'not-for-viewers', []]);
  });
});

describe.each(['services', 'viewers'] as const)('a policy of the asset itself', (kind) => {
  it(`gives ${kind} what is left of its life where the policy of the stream has become shorter`, async () => {
    const { policies } = environment;
    const session = { lifetime: 600, session: true };
    const long = { lifetime: 3600, session: true };
    const world = await apiWorld({ kind, settings: { policies: { ...policies, session, long } } });
    const asset = { stream: 'session', path: '/session/a/', playlists: { hls: 'i.m3u8' }, policy: 'long', demo: false };
    await world.store.put('old', asset);
    const { status, body } = await world.ask('POST', '/playback/old', kind === 'services' ? { body: PLAYBACK } : {});
    expect([status, body.policy, body.expires]).toEqual([201, 'long', NOW + 600]);
  });

  it(`binds ${kind}, also where the stream is content with less`, async () => {
    const world = await apiWorld({ kind });
    const sent = kind === 'services' ? { body: { ...PLAYBACK, policy: 'plain' } } : { query: 'policy=plain' };
    const answer = await world.ask('POST', '/playback/film', sent);
    expect([answer.status, answer.problem, answer.body.demands]).toEqual([422, 'policy-too-weak', ['session']]);
    expect((await world.ask('POST', '/playback/film', kind === 'services' ? { body: PLAYBACK } : {})).body.policy).toBe(
      'session',
    );
  });
});

it.each(['services', 'viewers'] as const)('an asset that its stream has left is told %s as that', async (kind) => {
  const world = await apiWorld({ kind });
  await world.store.put('lost', { stream: 'plain', path: '/gone/', playlists: { hls: 'i.m3u8' }, demo: false });
  const answer = await world.ask('POST', '/playback/lost', kind === 'services' ? { body: PLAYBACK } : {});
  expect([answer.status, answer.problem]).toEqual([422, 'path-outside-stream']);
});

describeWith(['njs'], 'a token of the API', () => {
  it.each(['services', 'viewers'] as const)(
    'of %s passes the function that ships, until it is revoked',
    async (kind) => {
      const world = await apiWorld({ kind });
      const { body } = await world.ask('POST', '/playback/trailer', kind === 'services' ? { body: PLAYBACK } : {});
      const proof = kind === 'services' ? {} : { headers: { 'x-edgepass-token': body.token } };
      const revoked = await world.ask('POST', `/sessions/${body.session}/revocation`, proof);
      expect([revoked.status, revoked.body.state]).toEqual([200, 'revoked']);
      const atEdge = await edgeContent(world);
      const ask = (url: string, more: Partial<Request> = {}) => {
        const player = askFor({ ...body, url });
        const headers = { ...player.headers, ...more.headers };
        return run({ ...player, state: atEdge.get('state') ?? null, ...more, headers });
      };
      const results = runEdge(await edgeText(environment), [
        ask(body.urls.hls),
        ask(body.urls.dash),
        ask(body.urls.hls.replace('/trailer/', '/other/')),
        ask(body.urls.hls, { headers: { 'cloudfront-viewer-country': 'US' } }),
        ask(body.urls.hls, { ip: '198.51.100.9' }),
        ask(body.urls.hls, { revoked: [...atEdge.keys()] }),
      ]);
      expect(results.map(verdict)).toEqual([
        'pass /all/trailer/index.m3u8',
        'pass /all/trailer/manifest.mpd',
        '403 path_not_allowed',
        '451 geo_not_allowed',
        '403 binding_mismatch',
        '410 session_revoked',
      ]);
    },
  );
});
