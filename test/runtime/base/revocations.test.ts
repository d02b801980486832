import { beforeEach, describe, expect, it } from 'vitest';
import { handleRevocations } from '../../../runtime/base/revocations.ts';
import { liftRow, putRow } from '../../../runtime/sessions/revocation-row.ts';
import { revocationKey } from '../../../runtime/token/revocation.ts';
import { AwsError } from '../../helpers/aws/errors.ts';
import { STORE, TABLE } from './keys-world.ts';
import { type RevocationsWorld, revocationsWorld } from './revocations-world.ts';

const id = (n: number): string => `session-${String(n).padStart(14, '0')}`;
const key = (n: number): string => `r.${id(n)}`;

let world: RevocationsWorld;
beforeEach(() => {
  world = revocationsWorld();
});

const follow = (worker = world.worker()) => handleRevocations({ Records: world.stream() }, worker);
const count = (operation: string): number => world.calls.filter((call) => call.operation === operation).length;

describe('a revocation', () => {
  it.each([
    ['without AWS WAF, cold', false, false, ['DescribeKeyValueStore', 'BatchGetItem', 'UpdateKeys']],
    ['without AWS WAF, warm', false, true, ['BatchGetItem', 'UpdateKeys']],
    ['with AWS WAF, warm', true, true, ['BatchGetItem', 'UpdateKeys', 'UpdateRuleGroup']],
    // The version of both, the row after these, and a write to each: it cannot be done with less.
    [
      'with AWS WAF, cold',
      true,
      false,
      ['GetRuleGroup', 'DescribeKeyValueStore', 'BatchGetItem', 'UpdateKeys', 'UpdateRuleGroup'],
    ],
  ])('reaches the edge in few calls: %s', async (_name, waf, warm, expected) => {
    const worker = world.worker({ waf });
    world.put({ session: id(1) });
    await follow(warm ? worker : world.worker({ waf }));
    world.calls.splice(0);
    world.put({ session: id(2) });
    await follow(worker);
    expect(world.calls.map(({ operation }) => operation)).toEqual(expected);
    expect(world.edge()).toContain(key(2));
    if (waf) expect(world.rules()).toEqual([id(1), id(2)]);
  });

  it('of a longer id is kept as a hash', async () => {
    const session = 'x'.repeat(64);
    world.put({ session });
    await follow();
    expect(world.edge()).toEqual([revocationKey(session)]);
  });

  it('that is lifted leaves the edge and the rules', async () => {
    const worker = world.worker({ waf: true });
    world.put({ session: id(1) });
    await follow(worker);
    world.tables.call('UpdateItem', liftRow(TABLE, id(1)) as never);
    await follow(worker);
    expect(world.edge()).toEqual([]);
    expect(world.rules()).toEqual([]);
  });

  it('10,000 of them take one write for 50', async () => {
    for (let n = 0; n < 10_000; n++) world.put({ session: id(n) });
    const records = world.stream();
    const worker = world.worker();
    for (let i = 0; i < records.length; i += 1_000)
      await handleRevocations({ Records: records.slice(i, i + 1_000) }, worker);
    expect(world.edge()).toHaveLength(10_000);
    expect(count('UpdateKeys')).toBe(200);
  });

  it('survives that somebody else writes the store in between', async () => {
    world.put({ session: id(1) });
    let others = 3;
    const busy = world.worker({
      weather: {
        before: ({ operation }) => {
          if (operation !== 'UpdateKeys' || others-- <= 0) return;
          const { ETag } = world.keyValues.call('DescribeKeyValueStore', { KvsARN: STORE }) as { ETag: string };
          world.keyValues.call('PutKey', { KvsARN: STORE, Key: 'other', Value: String(others), IfMatch: ETag });
        },
      },
    });
    await follow(busy);
    expect(world.edge()).toEqual(['other', key(1)]);
  });
});

describe('rows that others write', () => {
  const put = (type: 'manual' | 'automatic', more: object = {}): void => {
    const row = {
      session: id(1),
      state: 'revoked',
      reason: '',
      created: world.now,
      expires: world.now + 60,
      ...more,
      type,
    };
    world.tables.call('PutItem', putRow(TABLE, row as never) as never);
  };
  const refused = expect.objectContaining({ code: 'ConditionalCheckFailedException' });

  it('by a person replace what the detection wrote, never the other way round', () => {
    put('automatic');
    put('manual');
    expect(() => put('automatic')).toThrow(refused);
  });

  it('that a person lifted are not brought back by the detection, but by a person', () => {
    put('automatic');
    world.tables.call('UpdateItem', liftRow(TABLE, id(1)) as never);
    expect(() => put('automatic')).toThrow(refused);
    expect(() => world.tables.call('UpdateItem', liftRow(TABLE, id(1)) as never)).toThrow(refused);
    put('manual');
  });

  it('are never shortened by the detection', () => {
    put('automatic', { expires: world.now + 100 });
    expect(() => put('automatic', { expires: world.now + 99 })).toThrow(refused);
    put('automatic', { expires: world.now + 101 });
  });
});

describe('a sweep', () => {
  const sweep = (worker = world.worker()) => handleRevocations({ task: 'sweep' }, worker);

  it('takes what has expired from edge, rules and table, and nothing before its time', async () => {
    const worker = world.worker({ waf: true });
    world.put({ session: id(1), expires: world.now + 100 });
    world.put({ session: id(2), expires: world.now + 1_000 });
    await follow(worker);
    world.now += 219;
    await sweep(worker);
    expect(world.edge()).toEqual([key(1), key(2)]);
    world.now += 1;
    expect(await sweep(worker)).toMatchObject({ Swept: 1 });
    expect(world.edge()).toEqual([key(2)]);
    expect(world.rules()).toEqual([id(2)]);
    expect([...world.tables.table(TABLE).items.keys()]).toEqual([id(2)]);
  });

  it('does not take what was revoked again while it was at work', async () => {
    world.put({ session: id(1), expires: world.now });
    await follow();
    world.now += 300;
    let again = true;
    const slow = world.worker({
      weather: {
        before: async ({ operation }) => {
          if (operation !== 'UpdateKeys' || !again) return;
          again = false;
          world.put({ session: id(1) });
          await follow();
        },
      },
    });
    await sweep(slow);
    expect(world.edge()).toEqual([key(1)]);
    expect(world.tables.table(TABLE).items.size).toBe(1);
  });

  it('removes no row whose revocation it has left at the edge, also when the time comes meanwhile', async () => {
    world.put({ session: id(1), expires: world.now });
    await follow();
    world.now += 119;
    const slow = world.worker({
      weather: {
        after: () => {
          world.now += 1;
        },
      },
    });
    await sweep(slow);
    expect(world.edge()).toEqual([key(1)]);
    expect(world.tables.table(TABLE).items.size).toBe(1);
  });

  it('writes nothing of what has not expired long enough', async () => {
    world.put({ session: id(1), expires: world.now });
    await follow();
    world.now += 119;
    await sweep();
    expect(count('UpdateKeys')).toBe(1);
  });

  it('removes no row before its revocation has left the edge', async () => {
    world.put({ session: id(1), expires: world.now });
    await follow();
    world.now += 300;
    const weather = {
      before: ({ operation }: { operation: string }) => {
        if (operation === 'UpdateKeys') throw new Error('the process ends');
      },
    };
    await expect(sweep(world.worker({ weather }))).rejects.toThrow();
    expect(world.tables.table(TABLE).items.size).toBe(1);
  });

  it('is not misled by an index that is behind', async () => {
    const table = world.tables.table(TABLE);
    world.put({ session: id(1), expires: world.now });
    table.lagging = true;
    table.catchUp();
    world.put({ session: id(1) });
    await follow();
    world.now += 300;
    await sweep();
    expect(world.edge()).toEqual([key(1)]);
  });
});

describe('from nothing', () => {
  const reconcile = (worker = world.worker({ waf: true })) => handleRevocations({ task: 'reconcile' }, worker);

  it('edge and rules become what the table says', async () => {
    for (let n = 0; n < 120; n++) world.put({ session: id(n), ...(n % 3 === 0 ? { state: 'lifted' } : {}) });
    world.stream();
    await reconcile();
    const expected = Array.from({ length: 120 }, (_, n) => n).filter((n) => n % 3 !== 0);
    expect(world.edge()).toEqual(expected.map(key));
    expect(world.rules()).toEqual(expected.map(id));
    const before = world.calls.length;
    await reconcile();
    expect(world.calls.slice(before).map(({ operation }) => operation)).not.toContain('UpdateKeys');
  });

  it('keys of nobody go, and the edge state stays', async () => {
    const { ETag } = world.keyValues.call('DescribeKeyValueStore', { KvsARN: STORE }) as { ETag: string };
    const Puts = ['state', key(7)].map((Key) => ({ Key, Value: 'x' }));
    world.keyValues.call('UpdateKeys', { KvsARN: STORE, IfMatch: ETag, Puts });
    await reconcile();
    expect(world.edge()).toEqual(['state']);
  });

  it('never takes a revocation that arrives meanwhile', async () => {
    let arrives = true;
    const slow = world.worker({
      weather: {
        after: async ({ operation }) => {
          if (operation !== 'Scan' || !arrives) return;
          arrives = false;
          world.put({ session: id(1) });
          await follow();
        },
      },
    });
    world.put({ session: id(2) });
    await reconcile(slow);
    expect(world.edge()).toEqual([key(1), key(2)]);
  });

  it('never takes a revocation from the rules that arrives meanwhile', async () => {
    let arrives = true;
    const slow = world.worker({
      waf: true,
      weather: {
        before: async ({ operation }) => {
          if (operation !== 'GetRuleGroup' || !arrives) return;
          arrives = false;
          world.put({ session: id(1) });
          await follow(world.worker({ waf: true }));
        },
      },
    });
    world.put({ session: id(2) });
    await reconcile(slow);
    expect(world.rules()).toEqual([id(1), id(2)]);
  });

  it('is begun by CloudFormation, for a store or rules that are new', async () => {
    world.put({ session: id(1) });
    const answers: string[] = [];
    const event = {
      RequestType: 'Create',
      ResponseURL: 'http://in.process',
      StackId: 's',
      RequestId: 'r',
      LogicalResourceId: 'l',
    } as const;
    await handleRevocations(event, world.worker({ waf: true }), {
      send: async (_url, body) => void answers.push(body),
    });
    expect(JSON.parse(answers[0] ?? '')).toMatchObject({
      Status: 'SUCCESS',
      PhysicalResourceId: 'edgepass-revocations',
    });
    expect(world.edge()).toEqual([key(1)]);
    expect(world.rules()).toEqual([id(1)]);
    world.calls.splice(0);
    await handleRevocations({ ...event, RequestType: 'Delete' }, world.worker(), { send: async () => undefined });
    expect(world.calls).toEqual([]);
  });

  it('rules are written again after CloudFormation has emptied them', async () => {
    world.put({ session: id(1) });
    const worker = world.worker({ waf: true });
    await follow(worker);
    world.ruleGroups.wipe('acme-dev-revocations-1400');
    await reconcile(worker);
    expect(world.rules()).toEqual([id(1)]);
  });

  it('100,000 sessions fit, and take no more requests than the service asks for', async () => {
    for (let n = 0; n < 100_000; n++) world.put({ session: id(n) });
    world.stream();
    const counts = await reconcile(world.worker());
    expect(counts).toMatchObject({ RevocationsHeld: 100_000, RevocationsLeftOut: 0 });
    expect(counts?.StoreFill).toBeLessThan(54);
    expect(world.keyValues.content(STORE).size).toBe(100_000);
    // 50 keys a write, and a page of the list.
    expect(count('UpdateKeys')).toBe(2_000);
    world.calls.splice(0);
    await reconcile(world.worker());
    expect(count('ListKeys')).toBe(2_000);
    expect(count('UpdateKeys')).toBe(0);
  }, 120_000);
});

describe('what there is no room for', () => {
  it('in the rules are the oldest of the detection, then the oldest manual ones', async () => {
    world = revocationsWorld({ capacity: 3 });
    const worker = world.worker({ waf: true });
    // Nothing in common, so that each takes its 22 characters of a pattern.
    const id = (n: number): string => String.fromCharCode(97 + n).repeat(22);
    for (let n = 0; n < 12; n++)
      world.put({ session: id(n), created: world.now + n, ...(n >= 4 ? { type: 'automatic' } : {}) });
    const counts = await follow(worker);
    expect(counts?.RuleGroupLeftOut).toBeGreaterThan(0);
    // All manual ones, and the newest of the others.
    expect(world.rules().slice(0, 4)).toEqual([0, 1, 2, 3].map(id));
    expect(world.rules()).toContain(id(11));
    expect(world.rules()).not.toContain(id(4));
    expect(world.edge()).toHaveLength(12);
  });
});

describe('what cannot be understood', () => {
  it('is put aside, and the rest goes on', async () => {
    world.put({ session: id(1) });
    const table = world.tables.table(TABLE);
    table.set(id(2), { id: { S: id(2) }, state: { S: 'revoked' }, expires: { S: 'soon' } });
    table.set('short', { id: { S: 'short' } });
    table.set('control', { id: { S: 'control' }, voidBefore: { N: '1' } });
    const records = [...world.stream(), {}, { eventID: 'x', dynamodb: { Keys: { id: { N: '1' } } } }];
    const counts = await handleRevocations({ Records: records as never }, world.worker());
    expect(counts?.Quarantined).toBe(4);
    expect(world.queues.messages).toHaveLength(4);
    expect(world.edge()).toEqual([key(1)]);
  });

  it('of a row that was right stays at the edge as it was', async () => {
    for (const n of [1, 2]) world.put({ session: id(n) });
    await follow();
    const { items } = world.tables.table(TABLE);
    world.tables.table(TABLE).set(id(1), { ...items.get(id(1)), state: { S: 'Revoked' } });
    await follow();
    await handleRevocations({ task: 'reconcile' }, world.worker());
    expect(world.edge()).toEqual([key(1), key(2)]);
  });

  it.each([{}, { task: 'other' }, { Records: 1 }, null])('as an event is an error: %j', async (event) => {
    await expect(handleRevocations(event as never, world.worker())).rejects.toThrow();
    expect(world.calls).toEqual([]);
  });
});

it('throttling is waited out by the next try, and nothing is lost', async () => {
  world.put({ session: id(1) });
  const records = world.stream();
  let left = 5;
  const weather = {
    before: () => {
      if (left-- > 0) throw new AwsError('ThrottlingException', 'slow down');
    },
  };
  const worker = world.worker({ weather });
  await expect(handleRevocations({ Records: records }, worker)).rejects.toMatchObject({ name: 'ThrottlingException' });
  await handleRevocations({ Records: records }, worker);
  expect(world.edge()).toEqual([key(1)]);
});
