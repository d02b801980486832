/** Revocations while something else is in trouble. */
import { beforeEach, describe, expect, it } from 'vitest';
import { handleRevocations } from '../../../runtime/base/revocations.ts';
import { liftRow } from '../../../runtime/sessions/revocation-row.ts';
import type { Weather } from '../../helpers/aws/data/in-process.ts';
import { AwsError } from '../../helpers/aws/errors.ts';
import { STORE, TABLE } from './keys-world.ts';
import { type RevocationsWorld, revocationsWorld } from './revocations-world.ts';

const id = (n: number): string => `session-${String(n).padStart(14, '0')}`;
const key = (n: number): string => `r.${id(n)}`;

let world: RevocationsWorld;
beforeEach(() => {
  world = revocationsWorld();
});

describe('a queue that takes nothing', () => {
  const worker = () =>
    world.worker({
      waf: true,
      weather: {
        before: ({ service }) => {
          if (service === 'sqs') throw new AwsError('RequestThrottled', 'slow down');
        },
      },
    });

  it.each(['a record', 'a row'])('keeps no revocation waiting behind %s that is none', async (what) => {
    world.put({ session: id(1) });
    if (what === 'a row') world.tables.table(TABLE).set(id(0), { id: { S: id(0) } });
    const Records = [...(what === 'a record' ? [{}] : []), ...world.stream().reverse()];
    await expect(handleRevocations({ Records }, worker())).rejects.toThrow('HTTP 400');
    expect(world.edge()).toEqual([key(1)]);
    expect(world.rules()).toEqual([id(1)]);
  });

  it('keeps no reconciliation from the rules', async () => {
    world.put({ session: id(1) });
    world.tables.table(TABLE).set(id(2), { id: { S: id(2) } });
    await expect(handleRevocations({ task: 'reconcile' }, worker())).rejects.toThrow('HTTP 400');
    expect(world.rules()).toEqual([id(1)]);
  });
});

describe('a store that minds the deletion of a key that is not there', () => {
  const follow = (worker = world.worker()) => handleRevocations({ Records: world.stream() }, worker);
  const lift = (n: number): void => void world.tables.call('UpdateItem', liftRow(TABLE, id(n)) as never);
  const meanwhile = (operation: string, what: () => Promise<unknown>): Weather => {
    let isDone = false;
    return {
      before: async (call) => {
        if (call.operation !== operation || isDone) return;
        isDone = true;
        await what();
      },
    };
  };
  beforeEach(() => {
    world.keyValues.strict = true;
  });

  it('loses those that are there, and gets those that are new', async () => {
    for (const n of [1, 2]) world.put({ session: id(n) });
    await follow();
    for (const n of [2, 3]) world.put({ session: id(n), state: 'lifted' });
    world.put({ session: id(4) });
    await follow();
    expect(world.edge()).toEqual([1, 4].map(key));
  });

  it('does not get back a session that is lifted while somebody slow is about to write it', async () => {
    world.put({ session: id(1) });
    const record = world.stream();
    const slow = meanwhile('UpdateKeys', async () => {
      lift(1);
      await follow();
    });
    await handleRevocations({ Records: record }, world.worker({ weather: slow }));
    expect(world.edge()).not.toContain(key(1));
    await handleRevocations({ task: 'reconcile' }, world.worker());
    expect(world.edge()).toEqual([]);
  });

  it('is looked at again when the key has come meanwhile', async () => {
    world.put({ session: id(1), state: 'lifted' });
    const record = world.stream();
    const slow = meanwhile('GetKey', async () => {
      world.put({ session: id(1) });
      await follow();
    });
    await handleRevocations({ Records: record }, world.worker({ weather: slow }));
    expect(world.edge()).toEqual([key(1)]);
  });
});

describe('a large store that others write all the time', () => {
  /** Somebody else's write before every n-th call. */
  const busy = (every: number): Weather => {
    let calls = 0;
    return {
      before: () => {
        calls += 1;
        if (calls % every !== 0) return;
        const { ETag } = world.keyValues.call('DescribeKeyValueStore', { KvsARN: STORE }) as { ETag: string };
        world.keyValues.call('PutKey', { KvsARN: STORE, Key: 'other', Value: String(calls), IfMatch: ETag });
      },
    };
  };

  it('is reconciled all the same: what was listed need not be listed again', async () => {
    for (let n = 0; n < 2_000; n++) world.put({ session: id(n) });
    await handleRevocations({ task: 'reconcile' }, world.worker());
    for (let n = 0; n < 500; n++) world.put({ session: id(n), state: 'lifted' });
    for (let n = 2_000; n < 2_500; n++) world.put({ session: id(n) });
    // Listing takes 40 calls.
    await handleRevocations({ task: 'reconcile' }, world.worker({ weather: busy(10) }));
    expect(world.edge()).toEqual(['other', ...Array.from({ length: 2_000 }, (_, n) => key(n + 500))]);
  });
});

it.each([
  ['of a row', 'BatchGetItem', { Records: [] }],
  ['of the table', 'Scan', { task: 'reconcile' }],
])(
  'an answer %s that takes minutes takes away no revocation that is extended meanwhile',
  async (_of, operation, event) => {
    world.put({ session: id(1), expires: world.now + 10 });
    const Records = world.stream();
    await handleRevocations({ Records }, world.worker({ waf: true }));
    const weather: Weather = {
      after: (call) => {
        if (call.operation !== operation || world.now > 1_800_000_000) return;
        world.put({ session: id(1), expires: world.now + 3_600 });
        world.now += 300;
      },
    };
    await handleRevocations('task' in event ? (event as never) : { Records }, world.worker({ waf: true, weather }));
    expect(world.edge()).toEqual([key(1)]);
    expect(world.rules()).toEqual([id(1)]);
  },
);

describe('a minute in which AWS answers nothing but "slow down"', () => {
  const isOver = (): boolean => world.now >= 1_800_000_060;
  const throttled: Weather = {
    before: () => {
      if (!isOver()) throw new AwsError('ThrottlingException', 'slow down');
    },
  };

  it('loses no revocation, brings none before its row, and is over when it is over', async () => {
    const worker = world.worker({ waf: true, weather: throttled });
    world.put({ session: id(0) });
    // As Lambda hands a batch over again that has failed, in halves, while new records come.
    let batches = [world.stream()];
    while (batches.length > 0) {
      const [batch = [], ...others] = batches;
      const isDone = await handleRevocations({ Records: batch }, worker).then(
        () => true,
        () => false,
      );
      expect(isDone).toBe(isOver());
      const half = Math.ceil(batch.length / 2);
      const halves = batch.length > 1 ? [batch.slice(0, half), batch.slice(half)] : [batch];
      if (!isDone) world.put({ session: id(world.now) });
      world.now += 1;
      batches = [...(isDone ? [] : halves), ...others, world.stream()].filter(({ length }) => length > 0);
    }
    const sessions = [0, ...Array.from({ length: 60 }, (_, n) => 1_800_000_000 + n)];
    expect(world.edge()).toEqual(sessions.map(key));
    expect(world.rules()).toEqual(sessions.map(id));
    expect(world.queues.messages).toEqual([]);
  });

  it.each(['sweep', 'reconcile'] as const)('is waited out by the next %s', async (task) => {
    world.put({ session: id(1), expires: world.now - 1_000 });
    const worker = world.worker({ waf: true, weather: throttled });
    await expect(handleRevocations({ task }, worker)).rejects.toThrow('HTTP 400');
    world.now += 60;
    await handleRevocations({ task }, worker);
    expect(world.edge()).toEqual([]);
    expect(world.tables.table(TABLE).items.size).toBe(task === 'sweep' ? 0 : 1);
  });
});
