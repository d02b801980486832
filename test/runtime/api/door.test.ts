/** The Lambda functions around the API: where settings come from, what is logged, what the environment must say. */
import { afterEach, describe, expect, it, vi } from 'vitest';
import { door } from '../../../runtime/api/door.ts';
import { apiEnvironment } from '../../../runtime/api/environment.ts';
import { iamCaller } from '../../../runtime/api/iam.ts';
import { servicesMount, viewersMount } from '../../../runtime/api/mounts.ts';
import { remembered } from '../../../runtime/api/remembered.ts';
import { seedTable } from '../../../runtime/api/seed.ts';
import { tellAnswer } from '../../../runtime/api/telemetry.ts';
import type { SeededStore } from '../../../runtime/aws/asset-store.ts';
import { fixedKey } from '../../../runtime/issuer/index.ts';
import { NOW, record } from '../issuer/world.ts';
import { type ApiWorld, ASSETS, apiWorld, asked, event, PLAYBACK, SETTINGS } from './world.ts';

const IAM = { userArn: 'arn:aws:iam::111122223333:role/cms' };

function properties(settings: object = SETTINGS) {
  return {
    Settings: JSON.stringify(settings),
    Assets: JSON.stringify(ASSETS),
    LongestLifetime: '7200',
    Distributions: '[]',
  };
}

/** A function for services, with the table of a world. */
function opened(world: ApiWorld, store: SeededStore = world.store) {
  const lambda = door({
    mount: servicesMount({ auth: { type: 'iam' }, deployment: 'acme/test' }),
    assets: store,
    requests: undefined as never,
    revocations: { find: async () => undefined, put: async () => true, lift: async () => false },
    keys: fixedKey(record),
    state: async () => undefined,
    now: () => world.now * 1000,
    onAnswer: tellAnswer('services'),
  });
  return async (sent: object = { body: PLAYBACK }) => {
    const made = event('POST', '/playback/trailer', { kind: 'services', sent });
    return asked(await lambda({ ...made, requestContext: { ...made.requestContext, authorizer: { iam: IAM } } }));
  };
}

afterEach(() => vi.restoreAllMocks());

/** What the functions print. */
function printed(): string[] {
  const lines: string[] = [];
  for (const method of ['log', 'info', 'error', 'warn'] as const)
    vi.spyOn(console, method).mockImplementation((...texts) => void lines.push(texts.join(' ')));
  for (const stream of [process.stdout, process.stderr])
    vi.spyOn(stream, 'write').mockImplementation((text) => {
      lines.push(String(text));
      return true;
    });
  return lines;
}

describe('a function', () => {
  it('has no answer before the first deployment is through, and follows the next ones within a minute', async () => {
    printed();
    const world = await apiWorld();
    const ask = opened(world);
    expect((await ask()).problem).toBe('temporarily-unavailable');
    await seedTable(world.store, properties());
    expect((await ask()).status).toBe(201);
    await seedTable(world.store, properties({ ...SETTINGS, maxSessionAge: 60 }));
    expect((await ask()).body.expires).toBe(NOW + 3600);
    world.now += 60;
    expect((await ask()).body.expires).toBe(world.now + 60);
  });

  it('goes on with the settings it has when the table does not answer', async () => {
    printed();
    const world = await apiWorld();
    await seedTable(world.store, properties());
    let broken = false;
    const store = {
      ...world.store,
      readSettings: () => (broken ? Promise.reject(new Error('no')) : world.store.readSettings()),
    };
    const ask = opened(world, store);
    expect((await ask()).status).toBe(201);
    broken = true;
    world.now += 120;
    expect((await ask()).status).toBe(201);
  });

  it('prints no token, no session, no address and no id of a caller', async () => {
    const lines = printed();
    const world = await apiWorld();
    await seedTable(world.store, properties());
    const { body } = await opened(world)();
    const refused = await opened(world)({ body: { ...PLAYBACK, policy: 'broad' } });
    expect(refused.problem).toBe('policy-too-weak');
    const all = lines.join('\n');
    expect(all).toContain('"operation":"createPlayback"');
    expect(all).toContain('policy-too-weak');
    expect(all).toContain('PlaybackIssued');
    for (const secret of [body.token, body.session, 'eyJ', PLAYBACK.viewer.ip, IAM.userArn])
      expect(all).not.toContain(secret);
  });

  it('says of an error its name and code only', () => {
    const lines = printed();
    const cause = Object.assign(new Error('secret detail'), { code: 'EX' });
    tellAnswer('viewers')({ operation: 'getAsset', status: 500, problem: 'internal', cause });
    expect(lines.join('\n')).toContain('"code":"EX"');
    expect(lines.join('\n')).not.toContain('secret detail');
  });
});

describe('who calls', () => {
  it('is shut out where API Gateway has not asked IAM', async () => {
    for (const authorizer of [undefined, {}, { iam: {} }, { iam: { userArn: '' } }])
      await expect(
        iamCaller({ requestContext: { http: { method: 'GET' }, authorizer } } as never),
      ).rejects.toMatchObject({
        code: 'unauthenticated',
      });
    expect(await iamCaller({ requestContext: { http: { method: 'GET' }, authorizer: { iam: IAM } } } as never)).toEqual(
      {
        id: IAM.userArn,
      },
    );
  });

  it.each([
    ['arn:aws:sts::111122223333:assumed-role/cms/task-1', 'arn:aws:sts::111122223333:assumed-role/cms'],
    ['arn:aws-cn:sts::111122223333:assumed-role/cms/a@b=c', 'arn:aws-cn:sts::111122223333:assumed-role/cms'],
    ['arn:aws:iam::111122223333:user/team/cms', 'arn:aws:iam::111122223333:user/team/cms'],
    ['arn:aws:sts::111122223333:federated-user/cms', 'arn:aws:sts::111122223333:federated-user/cms'],
  ])('is the role and not its session: %s', async (userArn, id) => {
    const context = { http: { method: 'GET' }, authorizer: { iam: { userArn } } };
    expect(await iamCaller({ requestContext: context } as never)).toEqual({ id });
  });

  it('cannot be a viewer without an issuer', () => {
    expect(() => viewersMount({ auth: { type: 'iam' }, deployment: 'acme/test' })).toThrow();
  });
});

it('the environment must be whole', () => {
  const variables = {
    AUDIENCE: 'acme/test',
    ASSET_TABLE: 'a',
    REVOCATION_TABLE: 'r',
    ISSUER_RECORD_ARN: 'i',
    KEY_VALUE_STORE_ARN: 'k',
    AUTH: '{"type":"iam"}',
  };
  expect(apiEnvironment(variables).auth).toEqual({ type: 'iam' });
  for (const name of Object.keys(variables)) expect(() => apiEnvironment({ ...variables, [name]: '' })).toThrow(name);
});

it('what is remembered is read once at a time, and again when it is old or has failed', async () => {
  let now = 0;
  let reads = 0;
  let fails = false;
  const read = remembered(
    async () => {
      reads += 1;
      if (fails) throw new Error('no');
      return reads;
    },
    { age: 10, now: () => now },
  );
  expect(await Promise.all([read(), read()])).toEqual([1, 1]);
  now = 9;
  expect(await read()).toBe(1);
  now = 10;
  expect(await read()).toBe(2);
  now = 5;
  fails = true;
  await expect(read()).rejects.toThrow();
  fails = false;
  expect(await read()).toBe(4);
});
