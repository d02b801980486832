/** Revocations at the limits of what the services take. */
import { beforeEach, describe, expect, it } from 'vitest';
import type { Worker } from '../../../runtime/base/revocation-work.ts';
import { handleRevocations } from '../../../runtime/base/revocations.ts';
import { liftRow } from '../../../runtime/sessions/revocation-row.ts';
import type { Weather } from '../../helpers/aws/data/in-process.ts';
import { AwsError } from '../../helpers/aws/errors.ts';
import { STORE, TABLE } from './keys-world.ts';
import { type RevocationsWorld, revocationsWorld } from './revocations-world.ts';

const id = (n: number): string => `session-${String(n).padStart(14, '0')}`;
const key = (n: number): string => `r.${id(n)}`;
/** Bytes of one of them at the edge. */
const ONE = 25;

let world: RevocationsWorld;

const follow = (worker: Worker = world.worker()) => handleRevocations({ Records: world.stream() }, worker);
const sweep = (worker = world.worker()) => handleRevocations({ task: 'sweep' }, worker);
const lift = (n: number): void => void world.tables.call('UpdateItem', liftRow(TABLE, id(n)) as never);
const count = (operation: string): number => world.calls.filter((call) => call.operation === operation).length;

/** Writes a key as somebody else. */
function other(Key: string, Value: string): void {
  const { ETag } = world.keyValues.call('DescribeKeyValueStore', { KvsARN: STORE }) as { ETag: string };
  world.keyValues.call('PutKey', { KvsARN: STORE, Key, Value, IfMatch: ETag });
}

describe('a store without room for all', () => {
  beforeEach(() => {
    // For four.
    world = revocationsWorld({ room: 4 * ONE + 20 });
  });

  it('has the newest manual revocations, then the newest automatic ones, and an alarm hears how many are left out', async () => {
    for (let n = 0; n < 9; n++)
      world.put({ session: id(n), created: world.now + n, type: n < 3 ? 'manual' : 'automatic' });
    expect(await follow()).toMatchObject({ RevocationsHeld: 4, RevocationsLeftOut: 5 });
    expect(world.edge()).toEqual([0, 1, 2, 8].map(key));
    world.put({ session: id(9), created: world.now - 1 });
    expect(await follow()).toMatchObject({ RevocationsHeld: 4, RevocationsLeftOut: 6 });
    expect(world.edge()).toEqual([0, 1, 2, 9].map(key));
  });

  it('has those of operators, however many viewers revoke their own since', async () => {
    for (let n = 0; n < 2; n++) world.put({ session: id(n) });
    for (let n = 2; n < 9; n++) world.put({ session: id(n), created: world.now + n, by: 'viewer' });
    world.put({ session: id(9), created: world.now + 100, type: 'automatic' });
    expect(await follow()).toMatchObject({ RevocationsHeld: 4, RevocationsLeftOut: 6 });
    expect(world.edge()).toEqual([0, 1, 7, 8].map(key));
  });

  it('takes in whom there was no room for when one is lifted, and the alarm hears when there is room for all', async () => {
    for (let n = 0; n < 6; n++) world.put({ session: id(n), created: world.now + n });
    const worker = world.worker();
    await follow(worker);
    lift(5);
    expect(await follow(worker)).toMatchObject({ RevocationsLeftOut: 1 });
    expect(world.edge()).toEqual([1, 2, 3, 4].map(key));
    for (const n of [3, 4]) lift(n);
    expect(await follow(worker)).toMatchObject({ RevocationsLeftOut: 0 });
    expect(world.edge()).toEqual([0, 1, 2].map(key));
  });

  it('takes in whom there was no room for when some expire, all at once', async () => {
    for (let n = 0; n < 4; n++) world.put({ session: id(n), expires: world.now + 10, created: world.now + 10 });
    for (let n = 4; n < 7; n++) world.put({ session: id(n) });
    await follow();
    expect(world.edge()).toEqual([0, 1, 2, 3].map(key));
    world.now += 130;
    expect(await sweep()).toMatchObject({ Swept: 4, RevocationsLeftOut: 0 });
    expect(world.edge()).toEqual([4, 5, 6].map(key));
    expect(world.tables.table(TABLE).items.size).toBe(3);
  });

  it('decides who stays once for a batch, and once for a sweep', async () => {
    for (let n = 0; n < 200; n++) world.put({ session: id(n), expires: world.now + 10 });
    await follow();
    expect(count('Scan')).toBe(1);
    for (let n = 200; n < 210; n++) world.put({ session: id(n) });
    await follow();
    world.now += 130;
    world.calls.splice(0);
    expect(await sweep()).toMatchObject({ Swept: 200 });
    expect(count('Scan')).toBe(1);
  });

  it('counts what else there is, so that it is not full at once again', async () => {
    other('state', 'x'.repeat(ONE));
    for (let n = 0; n < 9; n++) world.put({ session: id(n), created: world.now + n });
    await follow();
    expect(world.edge()).toEqual([...[6, 7, 8].map(key), 'state']);
    const { TotalSizeInBytes } = world.keyValues.call('DescribeKeyValueStore', { KvsARN: STORE }) as {
      TotalSizeInBytes: number;
    };
    expect(TotalSizeInBytes).toBeLessThanOrEqual(4 * ONE + 20);
  });

  it('does not get back a session that is lifted while somebody slow is about to write it', async () => {
    for (let n = 0; n < 3; n++) world.put({ session: id(n), created: world.now + n });
    await follow();
    world.put({ session: id(9), created: world.now - 1, type: 'automatic' });
    const record = world.stream();
    let isFirst = true;
    const slow: Weather = {
      before: async ({ operation }) => {
        if (operation !== 'UpdateKeys' || !isFirst) return;
        isFirst = false;
        lift(9);
        // With others that are there already, for which there would be no room again.
        for (const n of [0, 1]) world.put({ session: id(n), created: world.now + n, reason: 'again' });
        await follow();
      },
    };
    await handleRevocations({ Records: record }, world.worker({ weather: slow }));
    expect(world.edge()).toEqual([0, 1, 2].map(key));
  });

  it('has no more than it may where another has written it while somebody slow was about to', async () => {
    for (let n = 0; n < 4; n++) world.put({ session: id(n) });
    const records = world.stream();
    let isFirst = true;
    const slow: Weather = {
      before: async ({ operation }) => {
        if (operation !== 'UpdateKeys' || !isFirst) return;
        isFirst = false;
        await handleRevocations({ Records: records }, world.worker());
        for (let n = 4; n < 8; n++) world.put({ session: id(n), created: world.now + 1 });
      },
    };
    await handleRevocations({ task: 'reconcile' }, world.worker({ weather: slow }));
    expect(world.edge()).toEqual([4, 5, 6, 7].map(key));
  });

  it('keeps no record waiting for rules that cannot be written', async () => {
    for (let n = 0; n < 6; n++) world.put({ session: id(n), created: world.now + n });
    const weather: Weather = {
      before: ({ service }) => {
        if (service === 'wafv2') throw new AwsError('WAFInternalErrorException', 'try later', { status: 500 });
      },
    };
    expect(await follow(world.worker({ waf: true, weather }))).toMatchObject({ RevocationsLeftOut: 2, RulesFailed: 1 });
  });
});

describe('pages of the table', () => {
  beforeEach(() => {
    world = revocationsWorld();
  });

  it('of a scan end at 1 MB, and all of them are read', async () => {
    for (let n = 0; n < 10_000; n++) world.put({ session: id(n), reason: 'x'.repeat(200) });
    expect(await handleRevocations({ task: 'reconcile' }, world.worker())).toMatchObject({ RevocationsHeld: 10_000 });
    expect(count('Scan')).toBeGreaterThan(2);
  });

  it('of a query end at 1 MB, and all of them are swept, though what is read is removed', async () => {
    for (let n = 0; n < 30_000; n++) world.put({ session: id(n), expires: world.now });
    await handleRevocations({ task: 'reconcile' }, world.worker());
    world.now += 120;
    expect(await sweep()).toMatchObject({ Swept: 30_000 });
    expect(count('Query')).toBe(2);
    expect(world.edge()).toEqual([]);
    expect(world.tables.table(TABLE).items.size).toBe(0);
  }, 60_000);

  it('of a batch end at 16 MB, and the rest is asked for again', async () => {
    for (let n = 0; n < 50; n++) world.put({ session: id(n), reason: 'x'.repeat(390_000) });
    await follow();
    expect(count('BatchGetItem')).toBe(2);
    expect(world.edge()).toHaveLength(50);
  });

  it('that are busy leave rows unprocessed, which are asked for again', async () => {
    for (let n = 0; n < 50; n++) world.put({ session: id(n) });
    world.tables.unprocessed = 49;
    await follow();
    expect(count('BatchGetItem')).toBe(2);
    expect(world.edge()).toHaveLength(50);
  });
});

it('200,000 sessions are more than the store takes: it has the newest manual ones, and goes on taking them', async () => {
  world = revocationsWorld();
  other('state', 'x'.repeat(1_000));
  for (let n = 0; n < 200_000; n++)
    world.put({ session: id(n), created: world.now + (n % 1_000), type: n < 50_000 ? 'automatic' : 'manual' });
  world.stream();
  const counts = await handleRevocations({ task: 'reconcile' }, world.worker());
  // 5 MB less a tenth, less the edge state.
  const room = Math.floor(5 * 1024 * 1024 * 0.9) - 'state'.length - 1_000;
  const fit = Math.floor(room / ONE);
  expect(fit).toBe(188_703);
  expect(counts).toMatchObject({ RevocationsHeld: fit, RevocationsLeftOut: 200_000 - fit });
  expect(counts?.StoreFill).toBeGreaterThan(99.99);
  expect(counts?.StoreFill).toBeLessThanOrEqual(100);
  const there = world.keyValues.content(STORE);
  // All manual ones are, and of the automatic ones those that were created last.
  for (let n = 50_000; n < 200_000; n++) if (!there.has(key(n))) throw new Error(`${n} is not there`);
  const automatic = Array.from({ length: 50_000 }, (_, n) => n).filter((n) => there.has(key(n)));
  expect(Math.min(...automatic.map((n) => n % 1_000))).toBe(1_000 - Math.ceil(automatic.length / 50));
  world.put({ session: id(200_000), created: world.now - 1 });
  expect(await follow()).toMatchObject({ RevocationsHeld: fit, RevocationsLeftOut: 200_001 - fit });
  expect(there.has(key(200_000))).toBe(true);
  expect(there.get('state')).toHaveLength(1_000);
}, 300_000);
