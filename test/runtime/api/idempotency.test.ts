/** Requests that come again. */
import { describe, expect, it } from 'vitest';
import { LostAnswer } from '../../helpers/aws/data/in-process.ts';
import { AwsError } from '../../helpers/aws/errors.ts';
import { NOW, VIEWER } from '../issuer/world.ts';
import { type ApiWorld, apiWorld, PLAYBACK, SETTINGS, TABLE } from './world.ts';

const KEY = '5f0c6b0e-2c5d-4c55-9b0e-6a5d8a6f2f11';
const ask = (world: ApiWorld, body: object = PLAYBACK, key = KEY) =>
  world.ask('POST', '/playback/trailer', { body, headers: { 'idempotency-key': key } });

it('get the same answer', async () => {
  const world = await apiWorld();
  const first = await ask(world);
  world.now += 60;
  const second = await ask(world);
  expect(second).toEqual(first);
  const other = await ask(world, PLAYBACK, KEY.replace('5', '6'));
  expect(other.body.session).not.toBe(first.body.session);
});

it('are refused when they are others', async () => {
  const world = await apiWorld();
  await ask(world);
  world.forget();
  const answer = await ask(world, { ...PLAYBACK, ttl: 60 });
  expect([answer.status, answer.problem]).toEqual([422, 'idempotency-key-reused']);
  const film = await world.ask('POST', '/playback/film', { body: PLAYBACK, headers: { 'idempotency-key': KEY } });
  expect(film.problem).toBe('idempotency-key-reused');
});

it('are those of one caller', async () => {
  const world = await apiWorld();
  const first = await ask(world);
  world.caller = { id: 'another' };
  const second = await ask(world);
  expect([second.status, second.body.session === first.body.session]).toEqual([201, false]);
});

it('are the same whatever the order of their members', async () => {
  const world = await apiWorld();
  const { ip, ...rest } = PLAYBACK.viewer;
  const first = await ask(world, { ttl: 60, viewer: { ip, ...rest } });
  const second = await ask(world, { viewer: { ...rest, ip }, ttl: 60 });
  expect([second.status, second.body]).toEqual([201, first.body]);
});

describe('of viewers', () => {
  const here = (world: ApiWorld, headers: Record<string, string> = {}) =>
    world.ask('POST', '/playback/film', { headers: { 'idempotency-key': KEY, ...headers } });

  // The narrowest network that a policy binds has 32 bits.
  it.each([
    ['network', { 'x-edgepass-viewer-address': '198.51.100.7' }],
    ['network of another family', { 'x-edgepass-viewer-address': '2001:db8::1' }],
    ['country', { 'cloudfront-viewer-country': 'BE' }],
    ['region', { 'cloudfront-viewer-country-region': 'OCC' }],
    ['city', { 'cloudfront-viewer-city': 'Lyon' }],
    ['device, by a header that a policy binds', { 'user-agent': 'Player/2.0' }],
  ])('are done anew from another %s', async (_name, headers) => {
    const world = await apiWorld({ kind: 'viewers' });
    const first = await here(world);
    const moved = await here(world, headers);
    expect([moved.status, moved.body.session === first.body.session]).toEqual([201, false]);
    expect((await here(world, headers)).body).toEqual(moved.body);
    expect((await here(world)).body).toEqual(first.body);
  });

  it('are the same with another header that nothing is bound to', async () => {
    const world = await apiWorld({ kind: 'viewers' });
    const first = await here(world);
    expect((await here(world, { 'x-amz-cf-id': 'other' })).body).toEqual(first.body);
  });

  it('are the same from another address of a network that is bound as a whole', async () => {
    const { plain = { lifetime: 1, session: false }, session = plain } = SETTINGS.policies;
    const policies = { plain, session, net: { ...session, bind: { ip: { v4: 24 } } } };
    const { plain: stream = { paths: [] } } = SETTINGS.streams;
    const world = await apiWorld({ kind: 'viewers', settings: { policies, streams: { plain: stream as never } } });
    const first = await here(world);
    const other = await here(world, { 'x-edgepass-viewer-address': VIEWER.ip.replace(/\d+$/, '9') });
    expect(other.body).toEqual(first.body);
  });
});

it('wait for the first one', async () => {
  const world = await apiWorld();
  const answers = await Promise.all([ask(world), ask(world), ask(world)]);
  expect(answers.map(({ status }) => status).sort()).toEqual([201, 409, 409]);
  expect(answers.find(({ status }) => status === 409)?.headers['retry-after']).toBe('5');
});

it('may be tried again when the first one failed', async () => {
  let broken = true;
  const weather = {
    before: ({ operation, input }: { operation: string; input: unknown }) => {
      const isAsset = operation === 'GetItem' && JSON.stringify(input).includes('asset#');
      if (broken && isAsset) throw new AwsError('InternalServerError', 'no', { status: 500 });
    },
  };
  const world = await apiWorld({ weather });
  expect((await ask(world)).problem).toBe('temporarily-unavailable');
  broken = false;
  expect((await ask(world)).status).toBe(201);
});

it('are no others when the first one fails between two looks at it', async () => {
  const weather = {
    before: ({ operation, input }: { operation: string; input: unknown }) => {
      const [id = ''] = /request#[\w-]+/.exec(JSON.stringify(input)) ?? [];
      // What the first one does when it fails.
      if (operation === 'GetItem' && id !== '') world.tables.table(TABLE).set(id, undefined);
    },
  };
  const world: ApiWorld = await apiWorld({ weather });
  await ask(world);
  const answer = await ask(world);
  expect([answer.status, answer.problem]).toEqual([409, 'request-in-progress']);
  expect((await ask(world)).status).toBe(201);
});

it('do not wait for themselves when the answer to their mark is lost', async () => {
  let lost = 0;
  const weather = {
    after: ({ operation, input }: { operation: string; input: unknown }) => {
      if (operation !== 'PutItem' || !JSON.stringify(input).includes('request#') || lost > 0) return;
      lost += 1;
      throw new LostAnswer();
    },
  };
  const world = await apiWorld({ weather });
  const first = await ask(world);
  expect([first.status, lost]).toEqual([201, 1]);
  expect((await ask(world)).body).toEqual(first.body);
});

it('are answered also when the answer cannot be kept', async () => {
  const weather = {
    before: ({ operation, input }: { operation: string; input: unknown }) => {
      if (operation === 'PutItem' && JSON.stringify(input).includes('answer'))
        throw new AwsError('InternalServerError', 'no', { status: 500 });
    },
  };
  const world = await apiWorld({ weather });
  const { status, body } = await ask(world);
  expect([status, body.session]).toEqual([201, expect.any(String)]);
});

it('may be begun again when whoever began them has died', async () => {
  const world = await apiWorld();
  await ask(world);
  const [id] = [...world.tables.table(TABLE).items.keys()].filter((key) => key.startsWith('request#'));
  const { answer: _answer, ...begun } = world.tables.table(TABLE).items.get(id ?? '') ?? {};
  world.tables.table(TABLE).set(id ?? '', { ...begun, expires: { N: String(NOW + 60) } } as never);
  expect((await ask(world)).problem).toBe('request-in-progress');
  world.now += 61;
  expect((await ask(world)).status).toBe(201);
});

it('are forgotten after an hour', async () => {
  const world = await apiWorld();
  const first = await ask(world);
  world.now += 3600;
  const second = await ask(world);
  expect([second.status, second.body.session === first.body.session]).toEqual([201, false]);
});

it('do not play a session that was revoked meanwhile', async () => {
  const world = await apiWorld();
  const { body } = await ask(world);
  await world.ask('POST', `/sessions/${body.session}/revocation`);
  const again = await ask(world);
  expect([again.status, again.problem]).toEqual([410, 'session-revoked']);
});

it('leave no token and no key in the table', async () => {
  const world = await apiWorld();
  const { body } = await ask(world);
  const table = JSON.stringify([...world.tables.table(TABLE).items.values()]);
  expect(table).toContain('request#');
  for (const secret of [body.token, body.session, KEY, 'eyJ']) expect(table).not.toContain(secret);
});
