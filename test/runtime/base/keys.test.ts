import { beforeEach, describe, expect, it } from 'vitest';
import { answerCustomResource, type CustomResourceEvent } from '../../../runtime/base/custom-resource.ts';
import { begin, type Keeper } from '../../../runtime/base/key-steps.ts';
import { handleKeys } from '../../../runtime/base/keys.ts';
import { parseIssuerRecord } from '../../../runtime/keys/issuer-record.ts';
import { AwsError } from '../../helpers/aws/errors.ts';
import { listen } from '../../helpers/secrets/log-watch.ts';
import { AUDIENCE, DAY, ISSUER_RECORD, KEY_RECORD, type KeysWorld, keysWorld, STORE } from './keys-world.ts';

let world: KeysWorld;
let keeper: Keeper;
beforeEach(() => {
  world = keysWorld();
  keeper = world.keeper();
});

const step = (name: string, more: object = {}) => handleKeys({ step: name, ...more }, keeper);
const states = () => world.record().keys.map(({ state }) => state);
const issuer = () => parseIssuerRecord(world.secrets.current(ISSUER_RECORD) ?? '');
/** A whole run of the workflow, with the time it waits. */
async function run(command: 'run' | 'rotate'): Promise<void> {
  const view = await step('prepare', { command });
  if (view !== undefined && (view.due || command === 'rotate')) {
    world.now += view.wait;
    await step('sign', { kid: view.signing });
  }
  await step('remove');
  await step('prepare');
}

describe('the first keys', () => {
  it('are one that signs once every edge location knows it, and a spare', async () => {
    await begin(keeper);
    expect(states()).toEqual(['signing', 'spare']);
    const [first, spare] = world.record().keys;
    expect(world.state()).toEqual({
      audience: AUDIENCE,
      keys: [first, spare].map((key) => ({
        kid: key?.kid,
        sign: (key as { sign: string }).sign,
        bind: (key as { bind: string }).bind,
      })),
      voidBefore: 0,
    });
    expect(issuer()).toMatchObject({
      kid: first?.kid,
      signFrom: world.now + 540,
      signUntil: world.now + 540 + 37 * DAY,
    });
  });

  it('are made once, however often and by however many', async () => {
    await Promise.all([begin(keeper), begin(world.keeper()), begin(world.keeper())]);
    const record = world.secrets.current(KEY_RECORD);
    expect(states()).toEqual(['signing', 'spare']);
    await begin(world.keeper());
    expect(world.secrets.current(KEY_RECORD)).toBe(record);
  });

  it('are made where somebody has left an empty text', async () => {
    world.secrets.edit(KEY_RECORD, '');
    await begin(keeper);
    expect(states()).toEqual(['signing', 'spare']);
  });

  it('that are retained are found by a new deployment, whose store is empty', async () => {
    await begin(keeper);
    const record = world.secrets.current(KEY_RECORD);
    world.keyValues.create(STORE);
    await begin(keeper);
    expect(world.secrets.current(KEY_RECORD)).toBe(record);
    expect(world.state().keys).toHaveLength(2);
  });
});

describe('a rotation', () => {
  beforeEach(() => begin(keeper));

  it('does nothing before it is due', async () => {
    const before = world.secrets.current(KEY_RECORD);
    world.now += 29 * DAY;
    await run('run');
    expect(world.secrets.current(KEY_RECORD)).toBe(before);
  });

  it('lets the spare sign, keeps the old key for its tokens, and has a spare again', async () => {
    const [first, second] = world.record().keys;
    world.now += 31 * DAY;
    await run('run');
    expect(states()).toEqual(['retiring', 'signing', 'spare']);
    expect(issuer().kid).toBe(second?.kid);
    const old = world.record().keys[0];
    // Issuers hear of it within 5 minutes, clocks may be off by 2 each, tokens live for 4 hours.
    expect(old).toMatchObject({ kid: first?.kid, signUntil: world.now + 540 });
    expect(old).toMatchObject({ keepUntil: world.now + 540 + 4 * 3_600 + 240 + 300 });
    world.now += 540 + 4 * 3_600 + 539;
    await run('run');
    expect(world.state().keys).toHaveLength(3);
    world.now += 1;
    await run('run');
    expect(states()).toEqual(['gone', 'signing', 'spare']);
    expect(world.record().keys[0]).toEqual({ state: 'gone', kid: first?.kid, created: 1_800_000_000, gone: world.now });
    expect(world.state().keys).toHaveLength(2);
  });

  it('waits until every edge location knows the spare', async () => {
    const { wait, signing } = (await step('prepare', { command: 'rotate' })) ?? {};
    expect(wait).toBe(540);
    world.now += 539;
    await expect(step('sign', { kid: signing })).rejects.toMatchObject({ code: 'spare_not_known_everywhere' });
    expect(states()).toEqual(['signing', 'spare']);
    world.now += 1;
    await step('sign', { kid: signing });
    expect(states()).toEqual(['retiring', 'signing']);
  });

  it('that is wanted twice at once takes place once', async () => {
    world.now += DAY;
    const { signing } = (await step('prepare', { command: 'rotate' })) ?? {};
    await Promise.all([
      step('sign', { kid: signing }),
      handleKeys({ step: 'sign', kid: signing ?? '' }, world.keeper()),
    ]);
    await step('sign', { kid: signing });
    expect(states()).toEqual(['retiring', 'signing']);
  });

  it('refuses while five keys are live, and takes none away', async () => {
    for (let i = 0; i < 3; i++) {
      world.now += 600;
      await run('rotate');
    }
    world.now += 600;
    const view = await step('prepare', { command: 'rotate' });
    world.now += view?.wait ?? 0;
    await step('sign', { kid: view?.signing });
    expect(states()).toEqual(['retiring', 'retiring', 'retiring', 'retiring', 'signing']);
    await expect(step('prepare', { command: 'rotate' })).rejects.toMatchObject({ code: 'too_many_keys' });
    expect(world.state().keys).toHaveLength(5);
    world.now += DAY;
    await run('run');
    expect(states()).toEqual(['gone', 'gone', 'gone', 'gone', 'signing', 'spare']);
  });

  it('follows settings that grow, and keeps what was promised when they shrink', async () => {
    world.now += 31 * DAY;
    await run('run');
    Object.assign(world.settings, { longestLifetime: DAY, rotateEvery: 60 * DAY });
    await step('prepare');
    const [old, now] = world.record().keys;
    expect(old).toMatchObject({ longestLifetime: DAY, keepUntil: world.now + 540 + DAY + 540 });
    expect(now).toMatchObject({ longestLifetime: DAY, signUntil: world.now + 67 * DAY });
    expect(issuer().signUntil).toBe(world.now + 67 * DAY);
    const record = world.secrets.current(KEY_RECORD);
    Object.assign(world.settings, { longestLifetime: 60, rotateEvery: DAY });
    await step('prepare');
    expect(world.secrets.current(KEY_RECORD)).toBe(record);
  });
});

describe('a key that leaked', () => {
  beforeEach(() => begin(keeper));

  it('is gone at once, and the spare signs', async () => {
    const [first, second] = world.record().keys;
    world.now += DAY;
    await step('kill', { kid: first?.kid });
    expect(states()).toEqual(['gone', 'signing', 'spare']);
    expect(issuer()).toMatchObject({ kid: second?.kid, signFrom: world.now });
    expect(world.state().keys.map(({ kid }) => kid)).not.toContain(first?.kid);
  });

  it('and its spare too: a new one signs as soon as every edge location knows it', async () => {
    const [first, second] = world.record().keys;
    world.now += DAY;
    await step('kill', { kid: second?.kid });
    await step('kill', { kid: first?.kid });
    expect(issuer().signFrom).toBe(world.now + 540);
    for (const { kid } of world.record().keys.filter(({ state }) => state !== 'gone')) await step('kill', { kid });
    expect(states().filter((state) => state !== 'gone')).toEqual(['signing', 'spare']);
    expect(world.state().keys).toHaveLength(2);
  });

  it('is not found under another id', async () => {
    for (const wrong of ['other', '__proto__'])
      await expect(step('kill', { kid: wrong })).rejects.toMatchObject({ code: 'key_not_found' });
  });

  it('is gone from the edge too when the step is done again, wherever it was cut off', async () => {
    const kid = world.record().keys[0]?.kid ?? '';
    const calls = { all: 0 };
    const weather = (left: number) => ({
      before: () => {
        calls.all += 1;
        if (left-- <= 0) throw new AwsError('AccessDeniedException', 'no', { status: 403 });
      },
    });
    for (let left = 0; ; left++) {
      const cut = handleKeys({ step: 'kill', kid }, world.keeper({ weather: weather(left) }));
      if ((await cut.catch(() => 'cut')) !== 'cut') break;
      expect(left).toBeLessThan(100);
    }
    expect(calls.all).toBeGreaterThan(50);
    expect(world.state().keys.map((key) => key.kid)).not.toContain(kid);
    expect(states()).toEqual(['gone', 'signing', 'spare']);
    const before = [world.secrets.current(KEY_RECORD), world.keyValues.content(STORE).get('state')];
    await step('kill', { kid });
    expect([world.secrets.current(KEY_RECORD), world.keyValues.content(STORE).get('state')]).toEqual(before);
  });
});

describe('an operator', () => {
  beforeEach(() => begin(keeper));

  it('makes tokens void that were issued before a time, which only rises', async () => {
    await step('void', { before: world.now - 10 });
    await step('void', { before: world.now - 20 });
    expect(world.state().voidBefore).toBe(world.now - 10);
    await expect(step('void', { before: world.now + 1 })).rejects.toMatchObject({ code: 'time_in_future' });
  });

  it('puts a mode in place of all others until a time', async () => {
    const until = world.now + 3_600;
    expect(await step('mode', { mode: 'report', until })).toMatchObject({ mode: { mode: 'report', until } });
    expect(world.state().override).toEqual({ mode: 'report', until });
    await run('run');
    expect(world.state().override).toEqual({ mode: 'report', until });
    await step('mode', { mode: 'off' });
    expect(world.state().override).toBeUndefined();
    await step('mode', { mode: 'enforce', until });
    world.now += 2 * 3_600;
    await run('run');
    expect(world.state().override).toBeUndefined();
    await expect(step('mode', { mode: 'report', until })).rejects.toMatchObject({ code: 'time_in_past' });
  });

  it('does not bring back a mode that is taken away while somebody slow is about to write it', async () => {
    let isDone = false;
    const slow = world.keeper({
      weather: {
        before: async ({ operation }) => {
          if (operation !== 'UpdateKeys' || isDone) return;
          isDone = true;
          await step('mode', { mode: 'off' });
        },
      },
    });
    await handleKeys({ step: 'mode', mode: 'report', until: world.now + 3_600 }, slow);
    expect(isDone).toBe(true);
    expect(world.state().override).toBeUndefined();
  });

  it.each<[string, object]>([
    ['void', {}],
    ['void', { before: '1' }],
    ['void', { before: 1.5 }],
    ['void', { before: 1_800_000_000_000 }],
    ['mode', { mode: 'none', until: 1_900_000_000 }],
    ['mode', { mode: 'report' }],
    ['kill', {}],
    ['toString', {}],
    ['', {}],
  ])('is refused what makes no sense: %s %j', async (name, event) => {
    const before = [world.secrets.current(KEY_RECORD), world.keyValues.content(STORE).get('state')];
    await expect(step(name, event)).rejects.toMatchObject({ code: 'command_unknown' });
    expect([world.secrets.current(KEY_RECORD), world.keyValues.content(STORE).get('state')]).toEqual(before);
  });

  it('sees ids, states and times, and no key', async () => {
    const view = await step('list');
    const text = JSON.stringify(view);
    for (const key of world.record().keys)
      for (const secret of ['sign', 'bind'] as const)
        expect(text).not.toContain((key as { sign: string; bind: string })[secret]);
    expect(view?.keys.map(({ kid }) => kid)).toEqual(world.record().keys.map(({ kid }) => kid));
  });
});

describe('a record that somebody edited', () => {
  beforeEach(() => begin(keeper));

  it.each(['nonsense', '{}', '[]', 'null', '{"version":1,"audience":"acme/dev","keys":[]}'])(
    'into %s stops everything but the edge',
    async (text) => {
      const state = world.keyValues.content(STORE).get('state');
      const told = world.secrets.current(ISSUER_RECORD);
      world.secrets.edit(KEY_RECORD, text);
      for (const name of ['prepare', 'sign', 'remove', 'list', 'kill', 'void'])
        await expect(step(name, { kid: 'x', before: 1 })).rejects.toMatchObject({ code: 'record_invalid' });
      await expect(step('mode', { mode: 'report', until: world.now + 60 })).rejects.toMatchObject({
        code: 'record_invalid',
      });
      expect(await keeper.control.read()).toEqual({ voidBefore: 0 });
      expect(world.secrets.current(KEY_RECORD)).toBe(text);
      expect(world.keyValues.content(STORE).get('state')).toBe(state);
      expect(world.secrets.current(ISSUER_RECORD)).toBe(told);
    },
  );

  it('into that of another deployment, too', async () => {
    const { audience: _, ...record } = world.record();
    world.secrets.edit(KEY_RECORD, JSON.stringify({ ...record, audience: 'acme/prod' }));
    await expect(step('prepare')).rejects.toMatchObject({ code: 'record_of_another' });
  });

  it('is left alone where it is the issuer record: it is written again', async () => {
    world.secrets.edit(ISSUER_RECORD, 'nonsense');
    await step('prepare');
    expect(issuer().kid).toBe(world.record().keys[0]?.kid);
  });
});

describe('trouble', () => {
  it('with conflicts ends with one when it does not stop, and leaves nothing half done', async () => {
    await begin(keeper);
    const conflict = () => {
      throw new AwsError('ConflictException', 'conflict', { status: 409 });
    };
    const unlucky = world.keeper({
      weather: { before: ({ operation }) => (operation === 'UpdateKeys' ? conflict() : undefined) },
    });
    await expect(handleKeys({ step: 'void', before: world.now }, unlucky)).rejects.toMatchObject({ code: 'conflict' });
    // What was asked for is kept; the next run brings it to the edge.
    await run('run');
    expect(world.state().voidBefore).toBe(world.now);
  });
});

describe('what is logged', () => {
  it('holds no key, no record and no state', async () => {
    const logged = listen();
    await begin(keeper);
    world.now += DAY;
    await run('rotate');
    await step('kill', { kid: world.record().keys[0]?.kid });
    world.secrets.edit(KEY_RECORD, `${world.secrets.current(KEY_RECORD)}x`);
    await step('prepare').catch(() => {});
    const text = logged.join('\n');
    expect(text).toContain('"step":"kill"');
    expect(text).toContain('record_invalid');
    const state = world.keyValues.content(STORE).get('state') ?? '';
    // Whatever looks like 32 bytes in base64url, and the edge state itself.
    expect(text).not.toMatch(/[\w-]{43}/);
    expect(text).not.toContain(state.slice(0, 30));
  });
});

describe('the custom resource', () => {
  const event = (RequestType: CustomResourceEvent['RequestType']): CustomResourceEvent => ({
    RequestType,
    ResponseURL: 'https://answers.example.com/',
    StackId: 'stack',
    RequestId: 'request',
    LogicalResourceId: 'FirstKeys',
  });

  it.each<[string, () => Promise<void>, object]>([
    ['success', async () => {}, { Status: 'SUCCESS' }],
    [
      'a refusal',
      async () => Promise.reject(Object.assign(new Error('No live key'), { name: 'KeysRefusal.x', code: 'x' })),
      { Status: 'FAILED', Reason: 'x: No live key' },
    ],
    [
      'any other error, whose words are not told',
      async () => Promise.reject(new TypeError('secret')),
      { Status: 'FAILED', Reason: expect.stringMatching(/^TypeError: its words are not told/) },
    ],
  ])('tells of %s', async (_name, run, expected) => {
    const sent: unknown[] = [];
    await answerCustomResource(event('Create'), {
      physicalId: 'edgepass-keys',
      run,
      send: async (_url, body) => void sent.push(JSON.parse(body)),
    });
    expect(sent).toEqual([
      {
        StackId: 'stack',
        RequestId: 'request',
        LogicalResourceId: 'FirstKeys',
        PhysicalResourceId: 'edgepass-keys',
        ...expected,
      },
    ]);
  });
});
