/** The function behind the website: the token API as it ships, behind the access code. */
import { beforeEach, describe, expect, it } from 'vitest';
import type { AssetContent } from '../../../runtime/aws/asset-store.ts';
import { keyValueStore } from '../../../runtime/aws/key-value-store.ts';
import { MAX_ATTEMPTS } from '../../../runtime/demo/access.ts';
import { WINDOW } from '../../../runtime/demo/attempts.ts';
import { playEnvironment } from '../../../runtime/demo/environment.ts';
import { createPlay } from '../../../runtime/demo/play.ts';
import { inProcess } from '../../helpers/aws/data/in-process.ts';
import {
  type ApiWorld,
  ASSETS,
  type Asked,
  apiWorld,
  asked,
  event,
  PLAYBACK,
  REVOCATIONS,
  SETTINGS,
  STORE,
  TABLE,
} from '../api/world.ts';
import { record } from '../issuer/world.ts';

const CODE = 'c0de'.repeat(8);
const ISSUER = 'arn:issuer-record';
const ACCESS = 'arn:access-code';

let world: ApiWorld;
let secrets: Record<string, string>;
let ask: (method: string, path: string, headers?: Record<string, string>) => Promise<Asked>;
let refused: string[];

beforeEach(async () => {
  // Made for its stores: what is asked here is the function.
  world = await apiWorld({ kind: 'viewers' });
  await world.store.writeSettings(JSON.stringify(SETTINGS));
  secrets = { [ISSUER]: JSON.stringify(record), [ACCESS]: CODE };
  refused = [];
  const clients = inProcess({ services: { dynamodb: world.tables, 'cloudfront-keyvaluestore': world.keyValues } });
  const play = createPlay({
    tables: clients.tables,
    secrets: { getSecretValue: async ({ SecretId }) => ({ SecretString: secrets[SecretId] }) },
    state: () => keyValueStore(clients.store, STORE).get('state'),
    environment: {
      ...{ project: 'acme', environment: 'test', table: TABLE, revocationTable: REVOCATIONS },
      ...{ issuerRecordArn: ISSUER, keyValueStoreArn: STORE, accessCodeArn: ACCESS },
    },
    now: () => world.now * 1000,
    onRefused: (access) => refused.push(access),
  });
  ask = async (method, path, headers = { 'x-edgepass-code': CODE }) =>
    asked(await play(event(method, path, { kind: 'viewers', sent: { headers } })));
});

describe('without the code', () => {
  it('only tells where one is', async () => {
    const { status, body } = await ask('GET', '/about', {});
    expect([status, body]).toEqual([
      200,
      { mount: 'demo', needsCode: true, project: 'acme', environment: 'test', version: expect.any(String) },
    ]);
    for (const path of ['/assets', '/policies', '/openapi.json', '/about/', '/nothing']) {
      expect(await ask('GET', path, {})).toMatchObject({ status: 401, problem: 'wrong-code' });
    }
    expect(await ask('POST', '/playback/trailer', { 'x-edgepass-code': 'guess' })).toMatchObject({ status: 401 });
    expect(await ask('POST', '/about', {})).toMatchObject({ status: 401 });
  });

  it('is stopped after some guesses, and may try again later', async () => {
    for (let attempt = 0; attempt < MAX_ATTEMPTS; attempt += 1)
      await ask('GET', '/assets', { 'x-edgepass-code': `guess ${attempt}` });
    expect(await ask('GET', '/assets')).toMatchObject({ status: 429, problem: 'too-many-codes' });
    expect(refused.at(-1)).toBe('too-many-codes');
    world.now += WINDOW;
    expect((await ask('GET', '/assets')).status).toBe(200);
  });

  it('is never let in by an empty one', async () => {
    secrets[ACCESS] = '';
    expect((await ask('GET', '/assets', { 'x-edgepass-code': '' })).status).toBe(401);
    expect(await ask('GET', '/assets', { 'x-edgepass-code': 'x' })).toMatchObject({ status: 503 });
  });
});

describe('with the code', () => {
  it('shows marked assets and no other', async () => {
    const { body } = await ask('GET', '/assets');
    const trailer = { id: 'trailer', title: 'Trailer', formats: ['hls', 'dash'], policy: 'all', mode: 'enforce' };
    expect(body.assets).toEqual([trailer]);
    expect(await ask('POST', '/playback/film')).toMatchObject({ status: 404, problem: 'asset-not-found' });
  });

  it('does not take the mark for granted where a row has none', async () => {
    const { demo: _demo, ...unmarked } = ASSETS.film as AssetContent;
    await world.store.put('film', unmarked as AssetContent);
    expect((await ask('GET', '/assets')).body.assets.map(({ id }: { id: string }) => id)).toEqual(['trailer']);
    expect(await ask('POST', '/playback/film')).toMatchObject({ status: 404, problem: 'asset-not-found' });
  });

  it('refreshes no session of an asset that is not marked', async () => {
    // Of a service, which may state any subject, and so that of the demo.
    const service = await apiWorld();
    const body = { ...PLAYBACK, subject: 'demo' };
    const { session, token } = (await service.ask('POST', '/playback/film', { body })).body;
    const live = { 'x-edgepass-code': CODE, 'x-edgepass-token': token };
    expect(await ask('POST', `/sessions/${session}/refresh`, live)).toMatchObject({ problem: 'asset-not-found' });
  });

  it('plays, refreshes and revokes; a revoked session is not refreshed', async () => {
    const first = await ask('POST', '/playback/trailer');
    expect(first.status).toBe(201);
    const { session, token, urls } = first.body;
    expect(urls.dash).toContain(`/${token}/all/trailer/manifest.mpd`);
    const live = { 'x-edgepass-code': CODE, 'x-edgepass-token': token };
    world.now += 10;
    const again = await ask('POST', `/sessions/${session}/refresh`, live);
    expect([again.status, again.body.session]).toEqual([200, session]);
    expect(again.body.token).not.toBe(token);
    expect((await ask('POST', `/sessions/${session}/revocation`, live)).body).toMatchObject({ state: 'revoked' });
    expect(await ask('POST', `/sessions/${session}/refresh`, live)).toMatchObject({ problem: 'session-revoked' });
    expect((await ask('POST', '/playback/trailer')).body.session).not.toBe(session);
  });

  it('changes no asset and lifts no revocation', async () => {
    world.forget();
    for (const [method, path] of [
      ['PUT', '/assets/trailer'],
      ['DELETE', '/assets/trailer'],
      ['DELETE', `/sessions/${'s'.repeat(22)}/revocation`],
    ] as const)
      expect(await ask(method, path)).toMatchObject({ status: 403, problem: 'not-for-viewers' });
  });

  it('notices another code within a minute', async () => {
    expect((await ask('GET', '/assets')).status).toBe(200);
    secrets[ACCESS] = 'another';
    world.now += 61;
    expect((await ask('GET', '/assets')).status).toBe(401);
    expect((await ask('GET', '/assets', { 'x-edgepass-code': 'another' })).status).toBe(200);
  });
});

it('says that it cannot, when a table does not answer', async () => {
  const broken = await apiWorld({ kind: 'viewers' });
  const told: unknown[] = [];
  const clients = inProcess({ services: { dynamodb: broken.tables, 'cloudfront-keyvaluestore': broken.keyValues } });
  const play = createPlay({
    tables: clients.tables,
    secrets: { getSecretValue: async () => ({ SecretString: CODE }) },
    state: async () => undefined,
    environment: {
      ...{ project: 'acme', environment: 'test', table: TABLE, revocationTable: REVOCATIONS },
      ...{ issuerRecordArn: ISSUER, keyValueStoreArn: STORE, accessCodeArn: ACCESS },
    },
    onAnswer: (answer) => told.push(answer.problem),
  });
  // The API has left no settings there yet.
  const answer = asked(
    await play(event('GET', '/assets', { kind: 'viewers', sent: { headers: { 'x-edgepass-code': CODE } } })),
  );
  expect(answer).toMatchObject({ status: 503, problem: 'temporarily-unavailable' });
  expect(told).toEqual(['temporarily-unavailable']);
});

it('names a variable that is missing', () => {
  expect(() => playEnvironment({ PROJECT: 'a' })).toThrow('ENVIRONMENT');
});
