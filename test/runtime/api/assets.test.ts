/** Assets and policies, and how config.yaml and the API share the table. */
import { describe, expect, it } from 'vitest';
import { handleSeed, type SeedEvent, seedTable } from '../../../runtime/api/seed.ts';
import { ASSETS, apiWorld, PLAYBACK, SETTINGS } from './world.ts';

const NEW = { stream: 'plain', path: '/plain/new/' };

describe('services', () => {
  it('write, read, list and remove assets', async () => {
    const world = await apiWorld();
    const stored = { id: 'new', ...NEW, playlists: { hls: 'index.m3u8' }, demo: false };
    const first = await world.ask('PUT', '/assets/new', { body: NEW });
    expect([first.status, first.body]).toEqual([201, stored]);
    const second = await world.ask('PUT', '/assets/new', { body: { ...NEW, title: 'New' } });
    expect([second.status, second.body]).toEqual([200, { ...stored, title: 'New' }]);
    expect((await world.ask('GET', '/assets/new')).body).toEqual({ ...stored, title: 'New' });
    const { body } = await world.ask('GET', '/assets');
    expect([body.assets.map(({ id }: { id: string }) => id), body.next]).toEqual([
      ['film', 'new', 'trailer'],
      undefined,
    ]);
    expect((await world.ask('DELETE', '/assets/new')).status).toBe(204);
    expect((await world.ask('GET', '/assets/new')).problem).toBe('asset-not-found');
    expect((await world.ask('DELETE', '/assets/new')).problem).toBe('asset-not-found');
  });

  it.each([
    ['the stream', { stream: 'device', path: '/device/new/' }],
    ['the asset', { ...NEW, policy: 'device' }],
  ])(
    'write none for which no token could be issued, because the policy of %s binds query parameters',
    async (_, body) => {
      const world = await apiWorld();
      const answer = await world.ask('PUT', '/assets/new', { body });
      expect([answer.status, answer.problem, world.writes()]).toEqual([422, 'policy-unfit', []]);
      // Those of config.yaml are there, and say why they are not played.
      await world.store.put('new', { ...body, playlists: { hls: 'i.m3u8' }, demo: false });
      const play = await world.ask('POST', '/playback/new', { body: PLAYBACK });
      expect([play.status, play.problem]).toEqual([422, 'policy-unfit']);
    },
  );

  it('get a page at a time', async () => {
    const world = await apiWorld();
    for (let i = 0; i < 120; i++)
      await world.store.put(`many-${String(i).padStart(3, '0')}`, { ...NEW, playlists: {}, demo: false });
    const first = (await world.ask('GET', '/assets')).body;
    const rest = (await world.ask('GET', '/assets', { query: `after=${first.next}` })).body;
    expect([first.assets.length, rest.assets.length, rest.next]).toEqual([100, 22, undefined]);
    expect(new Set([...first.assets, ...rest.assets].map(({ id }) => id)).size).toBe(122);
  });

  it('see the policies and what they bind', async () => {
    const { body } = await (await apiWorld()).ask('GET', '/policies');
    expect(body.policies.find(({ name }: { name: string }) => name === 'all')).toEqual({
      name: 'all',
      lifetime: 3600,
      session: true,
      countries: ['FR', 'BE'],
      bind: { ip: { v4: 24, v6: 56 }, headers: ['user-agent'] },
    });
  });
});

describe('viewers', () => {
  it('see what there is to play, and not where', async () => {
    const world = await apiWorld({ kind: 'viewers' });
    const { body } = await world.ask('GET', '/assets');
    expect(body.assets).toEqual([
      { id: 'film', formats: ['hls'], policy: 'session', mode: 'enforce' },
      { id: 'trailer', title: 'Trailer', formats: ['hls', 'dash'], policy: 'all', mode: 'enforce' },
    ]);
    expect((await world.ask('GET', '/assets/film')).body).toEqual(body.assets[0]);
  });

  it('do not see what a mount does not show', async () => {
    const world = await apiWorld({ kind: 'viewers', mount: { shows: ({ demo }) => demo } });
    expect((await world.ask('GET', '/assets')).body.assets.map(({ id }: { id: string }) => id)).toEqual(['trailer']);
    for (const [method, path] of [
      ['GET', '/assets/film'],
      ['POST', '/playback/film'],
    ] as const)
      expect((await world.ask(method, path)).problem).toBe('asset-not-found');
  });
});

describe('a page of what a mount shows', () => {
  const many = async (count: number) => {
    const world = await apiWorld({ kind: 'viewers', mount: { shows: ({ demo }) => demo } });
    for (let i = 0; i < count; i++)
      await world.store.put(`hidden-${String(i).padStart(3, '0')}`, { ...NEW, playlists: {}, demo: false });
    return world;
  };

  it('is found behind whatever is not shown, of which it says nothing', async () => {
    const world = await many(250);
    const { result, body } = await world.ask('GET', '/assets');
    expect([body.assets.map(({ id }: { id: string }) => id), body.next]).toEqual([['trailer'], undefined]);
    expect(result.body).not.toContain('hidden');
  });

  it('goes on behind the last one that was shown', async () => {
    const world = await many(60);
    for (let i = 0; i < 130; i++)
      await world.store.put(`shown-${String(i).padStart(3, '0')}`, { ...NEW, playlists: {}, demo: true });
    const first = (await world.ask('GET', '/assets')).body;
    const rest = (await world.ask('GET', '/assets', { query: `after=${first.next}` })).body;
    expect([first.assets.length, first.next, rest.assets.length, rest.next]).toEqual([100, 'shown-099', 31, undefined]);
  });
});

it('assets that were removed end no list', async () => {
  const world = await apiWorld();
  const gone = Array.from({ length: 120 }, (_, i) => `gone-${String(i).padStart(3, '0')}`);
  for (const id of gone) await world.store.seed(id, { ...NEW, playlists: {}, demo: false });
  for (const id of gone) await world.store.remove(id);
  const { body } = await world.ask('GET', '/assets', { query: 'after=g' });
  expect([body.assets.map(({ id }: { id: string }) => id), body.next]).toEqual([['trailer'], undefined]);
});

describe('a deployment', () => {
  const { longestLifetime: _own, domains: _domains, ...settings } = SETTINGS;
  const properties = (assets: object, domains: object = { media: { host: 'media.example.com' } }) => ({
    Settings: JSON.stringify({ ...settings, domains }),
    Assets: JSON.stringify(assets),
    LongestLifetime: '7200',
    Distributions: '[{"id":"E1","domainName":"d111.cloudfront.net","hosts":[]}]',
  });

  it('writes settings and assets, and takes away what left', async () => {
    const { store } = await apiWorld();
    const { film } = ASSETS;
    expect(await seedTable(store, properties({ film, fresh: film }))).toEqual({ written: 2, left: 0, gone: 1 });
    expect((await store.list({ limit: 10 })).assets.map(({ id }) => id)).toEqual(['film', 'fresh']);
    expect(JSON.parse((await store.readSettings()) ?? '')).toMatchObject({
      longestLifetime: 7200,
      maxSessionAge: 86_400,
    });
    expect(await seedTable(store, properties({ film, fresh: film }))).toEqual({ written: 2, left: 0, gone: 0 });
  });

  it('leaves alone what the API has written or removed', async () => {
    const world = await apiWorld();
    await world.ask('PUT', '/assets/film', { body: NEW });
    await world.ask('DELETE', '/assets/trailer');
    await world.ask('PUT', '/assets/own', { body: NEW });
    expect(await seedTable(world.store, properties(ASSETS))).toEqual({ written: 0, left: 2, gone: 0 });
    const ids = async () => (await world.store.list({ limit: 10 })).assets.map(({ id, path }) => `${id} ${path}`);
    expect(await ids()).toEqual(['film /plain/new/', 'own /plain/new/']);
    // Once config.yaml has neither any more, the removed one is forgotten, and the written one is the API's own.
    await seedTable(world.store, properties({}));
    expect(await ids()).toEqual(['film /plain/new/', 'own /plain/new/']);
    expect(await seedTable(world.store, properties(ASSETS))).toEqual({ written: 1, left: 1, gone: 0 });
    expect(await ids()).toEqual(['film /plain/new/', 'own /plain/new/', 'trailer /all/trailer/']);
    // One that the API writes anew is there again.
    await world.ask('DELETE', '/assets/trailer');
    expect((await world.ask('PUT', '/assets/trailer', { body: NEW })).status).toBe(201);
  });

  it('takes the name of the distribution where there are no domains, and fails where there is none', async () => {
    const { store } = await apiWorld();
    await seedTable(store, properties({}, {}));
    expect(JSON.parse((await store.readSettings()) ?? '').domains).toEqual({
      distribution: { host: 'd111.cloudfront.net' },
    });
    const sent: string[] = [];
    const event = {
      RequestType: 'Update',
      ResponseURL: 'http://answer',
      StackId: 's',
      RequestId: 'r',
      LogicalResourceId: 'Seed',
      ResourceProperties: { ...properties({}, {}), Distributions: '[]' },
    } as SeedEvent;
    await handleSeed(event, store, { tell: () => undefined, send: async (_url, body) => void sent.push(body) });
    expect(JSON.parse(sent[0] ?? '')).toMatchObject({
      Status: 'FAILED',
      Reason: expect.stringContaining('no_delivery_domain'),
    });
  });
});
