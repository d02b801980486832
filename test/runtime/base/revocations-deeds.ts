/** What may happen to revocations, at random: deeds of operators, the detection, workers, AWS and time. */
import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { liftRow, putRow, type RevocationRow } from '../../../runtime/sessions/revocation-row.ts';
import type { StreamRecord } from '../../helpers/aws/data/tables.ts';
import { deeds as keysDeeds, worlds as keysWorlds } from './keys-deeds.ts';
import { TABLE } from './keys-world.ts';
import type { Fate, Task } from './revocations-instances.ts';
import type { Revocations, Setting } from './revocations-model.ts';
import { JUNK } from './revocations-quarantine.ts';
import { rest, tell } from './revocations-rest.ts';

export type Deed = (one: Revocations) => Promise<void> | void;

const HOUR = 3_600;

/** Ids as we make them, and as others may: shorter ones, and longer ones, whose keys are hashes. */
const SESSIONS = [22, 22, 64, 22, 22, 16, 40, 64, 22, 22].map((length, n) =>
  createHash('sha512').update(String(n)).digest('base64url').slice(0, length),
);

const skew = fc.oneof(fc.constantFrom(-120, 0, 120), fc.integer({ min: -120, max: 120 }));
const lag = fc.oneof(fc.constantFrom(0, 300), fc.integer({ min: 0, max: 300 }));
const fate: fc.Arbitrary<Fate> = fc.constantFrom(
  'on',
  'on',
  'on',
  'on',
  'on',
  'on',
  'on',
  'crash',
  'throttle',
  'conflict',
  'lost',
);
const session = fc.oneof(fc.constantFrom(...SESSIONS), fc.constantFrom(...SESSIONS.slice(0, 3)));
const lasting = fc.constantFrom(1, 60, 119, 120, 121, 240, 300, 600, HOUR, 4 * HOUR, 4 * HOUR);
const seconds = fc.constantFrom(0, 1, 60, 119, 120, 121, 240, 241, 300, 301, 600, HOUR, 5 * HOUR);

export const settings: fc.Arbitrary<Setting> = fc
  .record({
    lags: fc.array(lag, { minLength: 1, maxLength: 3 }),
    skews: fc.array(skew, { minLength: 2, maxLength: 4 }),
    waf: fc.constantFrom(true, true, false),
    capacity: fc.constantFrom(1_400, 1_400, 2, 3, 5),
    room: fc.constantFrom(undefined, undefined, 60, 85, 110),
    strict: fc.constantFrom(false, false, true),
    keys: fc.oneof({ weight: 5, arbitrary: fc.constant(undefined) }, { weight: 1, arbitrary: keysWorlds }),
  })
  // The edge state of real keys is as large as a small store; a location without a lag shows everything that was ever written.
  .map(({ keys, room, lags, ...setting }) => ({
    ...setting,
    keys,
    lags: [0, ...lags],
    room: keys === undefined ? room : undefined,
  }));

function named(name: string, run: Deed): Deed {
  return Object.assign(run, { [fc.toStringMethod]: () => name });
}

/** A row as a person or the detection writes it. What its writers promise holds at once. */
function put(one: Revocations, row: Pick<RevocationRow, 'session' | 'type' | 'expires' | 'created'>): void {
  const before = one.row(row.session);
  const input = putRow(TABLE, { state: 'revoked', reason: 'leaked', ...row });
  let isDone = true;
  try {
    one.world.tables.call('PutItem', input as never);
  } catch (error) {
    if ((error as { code?: string }).code !== 'ConditionalCheckFailedException') throw error;
    isDone = false;
  }
  const isPersons =
    before !== undefined && (before === 'malformed' || before.type === 'manual' || before.state === 'lifted');
  if (row.type === 'automatic' && isPersons && isDone && before !== 'malformed')
    throw new Error('the detection wrote over what a person said');
  if (row.type === 'manual' && !isDone) throw new Error('a person was refused');
  one.count(isDone ? `${row.type} rows` : 'automatic rows refused');
  one.check();
}

function lift(one: Revocations, which: string): void {
  try {
    one.world.tables.call('UpdateItem', liftRow(TABLE, which) as never);
    one.count('lifted');
  } catch (error) {
    if ((error as { code?: string }).code !== 'ConditionalCheckFailedException') throw error;
  }
  one.check();
}

type Item = Record<string, object>;

const MESSES: readonly ((item: Item) => Item)[] = [
  (item) => ({ ...item, state: { S: 'Revoked' } }),
  (item) => ({ ...item, expires: { N: '1.5' } }),
  ({ type: _, ...item }) => item,
  ({ created: _, ...item }) => item,
  ({ expires: _, ...item }) => item,
];

/** Somebody edits a row into what is none. */
function mess(one: Revocations, which: string, how: number): void {
  const item = one.table.items.get(which);
  if (item === undefined) return;
  one.table.set(which, MESSES[how % MESSES.length]?.(item) as never);
  one.count('rows messed up');
  one.check();
}

/** DynamoDB removes rows some time after they have expired: revoked ones too. */
function live(one: Revocations, every: number): void {
  let n = 0;
  for (const [id, { expires }] of [...one.table.items])
    if (Number(expires?.N) <= one.world.now && n++ % every === 0) {
      one.table.set(id, undefined);
      one.count('removed by time to live');
    }
  one.check();
}

/** Some of the waiting records: not the first ones, some of them twice, in another order, with what is none in between. */
interface Batch {
  from: number;
  count: number;
  order: 'as written' | 'backwards';
  again: boolean;
  junk: number;
}

const batch: fc.Arbitrary<Batch> = fc.record({
  from: fc.oneof(fc.constant(0), fc.nat(30)),
  count: fc.constantFrom(1, 1, 2, 5, 100),
  order: fc.constantFrom('as written', 'as written', 'backwards'),
  again: fc.constantFrom(false, false, true),
  junk: fc.constantFrom(0, 0, 0, 0, 1, 2),
});

let junkNumber = 0;
function junk(n: number): StreamRecord {
  junkNumber += 1;
  const Keys = [{}, { id: { N: '1' } }, { id: { S: 'short' } }][n % 3];
  return {
    eventID: `${JUNK}-${junkNumber}`,
    eventName: 'MODIFY',
    dynamodb: { Keys: Keys as never, SequenceNumber: '1' },
  };
}

function recordsOf(one: Revocations, { from, count, order, again, junk: none }: Batch): StreamRecord[] {
  const { waiting } = one;
  const taken = waiting.splice(from % Math.max(1, waiting.length), count);
  if (order === 'backwards') taken.reverse();
  const twice = again ? [...taken, ...taken.slice(0, 1)] : taken;
  if (again) waiting.push(...taken.slice(0, 1));
  return [...Array.from({ length: none }, (_, n) => junk(n + from)), ...twice];
}

const task: fc.Arbitrary<Task> = fc.constantFrom(
  'follow',
  'follow',
  'follow',
  'follow',
  'follow',
  'follow',
  'sweep',
  'sweep',
  'reconcile',
  'deploy',
);
const event = fc.record({ task, batch, pick: fc.nat(4) });
type Event = typeof event extends fc.Arbitrary<infer T> ? T : never;

function beginOf(one: Revocations, { task: what, batch: some, pick }: Event): Parameters<Revocations['whole']> {
  return [what, { pick, records: what === 'follow' ? recordsOf(one, some) : [] }];
}

const text = ({ task: what, batch: some, pick }: Event): string =>
  `${what} by ${pick}${what === 'follow' ? ` of ${JSON.stringify(some)}` : ''}`;

/** What people and the detection do. */
const operated: fc.Arbitrary<Deed> = fc.oneof(
  {
    weight: 8,
    arbitrary: fc
      .record({
        session,
        lasting,
        skew,
        type: fc.constantFrom('manual' as const, 'manual' as const, 'automatic' as const),
      })
      .map(({ session: which, lasting: long, skew: by, type }) =>
        named(`${type} ${which} for ${long} by ${by}`, (one) => {
          const { now } = one.world;
          put(one, { session: which, type, created: now + by, expires: now + long });
        }),
      ),
  },
  { weight: 4, arbitrary: session.map((which) => named(`lift ${which}`, (one) => lift(one, which))) },
);

const accidents: fc.Arbitrary<Deed> = fc.oneof(
  { weight: 3, arbitrary: fc.constant(named('wipe', (one) => one.wipe([]))) },
  { weight: 1, arbitrary: fc.constant(named('edit rules', (one) => one.wipe([FOREIGN]))) },
  {
    weight: 3,
    arbitrary: fc
      .tuple(session, fc.nat(4))
      .map(([which, how]) => named(`mess ${which} ${how}`, (one) => mess(one, which, how))),
  },
  {
    weight: 3,
    arbitrary: fc.integer({ min: 1, max: 3 }).map((every) => named(`time to live ${every}`, (one) => live(one, every))),
  },
  { weight: 1, arbitrary: fc.constant(named('lose', (one) => one.lose())) },
  { weight: 2, arbitrary: fc.constant(named('cold', (one) => one.instances.cold())) },
  { weight: 1, arbitrary: session.map((which) => named(`litter ${which}`, (one) => one.litter(which))) },
  {
    weight: 3,
    arbitrary: fc.boolean().map((lags) =>
      named(`index ${lags ? 'lags' : 'is up to date'}`, (one) => {
        one.table.catchUp();
        one.table.lagging = lags;
      }),
    ),
  },
  {
    weight: 1,
    arbitrary: fc.integer({ min: 1, max: 3 }).map((keys) =>
      named(`${keys} keys unprocessed`, (one) => {
        one.world.tables.unprocessed = keys;
      }),
    ),
  },
  {
    weight: 1,
    arbitrary: fc.constant(
      named('a new store', (one) => {
        if (one.keys !== undefined) return;
        one.newStore();
        one.instances.begin('deploy', { pick: 0 });
      }),
    ),
  },
);

const FOREIGN = { Name: 'other', Priority: 0, Statement: { GeoMatchStatement: { CountryCodes: ['FR'] } } };

/** Somebody stands still or dies at any call, while rows change and others are at work. */
const interrupted: fc.Arbitrary<Deed> = fc
  .record({
    first: event,
    halves: fc.nat(24),
    end: fc.constantFrom('stand' as const, 'stand' as const, 'die' as const),
    between: fc.array(fc.oneof(operated, operated, accidents), { minLength: 1, maxLength: 3 }),
    others: fc.array(event, { maxLength: 2 }),
    told: fc.boolean(),
    gap: fc.constantFrom(0, 0, 1, 121, 301),
    rowFirst: fc.boolean(),
    row: operated,
  })
  .map(({ first, halves, end, between, others, told, gap, rowFirst, row }) =>
    named(
      `${rowFirst ? `${text(first)} after ${fc.stringify(row)}` : text(first)} ${end}s after ${halves}, ${fc.stringify(between)}, ${others.map(text).join()}, ${told}, ${gap} s`,
      async (one) => {
        if (rowFirst) await row(one);
        const run = one.instances.begin(...beginOf(one, first));
        await one.let(run, { halves });
        if (end === 'die' && (await one.instances.placeOf(run)) !== -1)
          await one.let(run, { halves: 1, fate: 'crash' });
        for (const deed of between) await deed(one);
        await one.pass(gap);
        for (const other of others) await one.whole(...beginOf(one, other));
        if (told)
          for (let i = 0; one.waiting.length > 0 && i < 20; i++)
            await one.whole('follow', { records: one.waiting.splice(0), pick: i });
        await one.drain();
      },
    ),
  );

/** Somebody has read a row, which becomes the opposite and is told of before they go on. */
const overtaken: fc.Arbitrary<Deed> = fc
  .record({
    task: fc.constantFrom<Task>('follow', 'follow', 'sweep', 'reconcile'),
    session,
    wasRevoked: fc.boolean(),
    wasTold: fc.boolean(),
    isCold: fc.boolean(),
    isOver: fc.boolean(),
    halves: fc.nat(14),
    which: fc.constantFrom('first' as const, 'last' as const),
  })
  .map(({ task: what, session: which, wasRevoked, wasTold, isCold, isOver, halves, which: call }) =>
    named(`overtaken ${[which, what, halves, call, wasRevoked, wasTold, isCold, isOver]}`, async (one) => {
      const turn = (isRevoked: boolean): void => {
        const { now: created } = one.world;
        if (isRevoked) put(one, { session: which, type: 'manual', created, expires: created + 4 * HOUR });
        else lift(one, which);
      };
      turn(true);
      if (wasTold) await tell(one);
      turn(wasRevoked);
      if (isOver) await one.pass(5 * HOUR);
      if (isCold) one.instances.cold();
      const run = one.instances.begin(what, { records: what === 'follow' ? one.waiting.splice(0) : [] });
      await one.let(run, { halves, which: call });
      turn(!wasRevoked);
      await one.whole('follow', { records: one.waiting.splice(0), pick: halves });
      await one.drain();
    }),
  );

/** A minute of throttling, a storm of conflicts. */
const troubled: fc.Arbitrary<Deed> = fc
  .tuple(event, fc.constantFrom<Fate>('throttle', 'conflict', 'lost'))
  .map(([what, how]) =>
    named(`${how} for a minute at ${text(what)}`, async (one) => {
      for (let passed = 0; passed < 60; passed += 20) {
        await one.let(one.instances.begin(...beginOf(one, what)), { fate: how });
        await one.pass(20);
      }
    }),
  );

export const deeds: fc.Arbitrary<Deed> = fc.oneof(
  {
    weight: 40,
    arbitrary: fc
      .tuple(fc.nat(20), fate)
      .map(([pick, how]) => named(`go(${pick}, ${how})`, (one) => one.go(pick, how))),
  },
  { weight: 24, arbitrary: operated },
  {
    weight: 10,
    arbitrary: event.map((what) =>
      named(`begin ${text(what)}`, (one) => void one.instances.begin(...beginOf(one, what))),
    ),
  },
  { weight: 8, arbitrary: event.map((what) => named(text(what), (one) => one.whole(...beginOf(one, what)))) },
  { weight: 8, arbitrary: interrupted },
  { weight: 5, arbitrary: overtaken },
  { weight: 4, arbitrary: accidents },
  { weight: 1, arbitrary: troubled },
  { weight: 8, arbitrary: seconds.map((passed) => named(`pass ${passed}`, (one) => one.pass(passed))) },
  { weight: 1, arbitrary: fc.constant(named('drain', (one) => one.drain())) },
  { weight: 2, arbitrary: fc.constant(named('tell', tell)) },
  { weight: 1, arbitrary: fc.constant(named('rest', rest)) },
  {
    weight: 8,
    arbitrary: keysDeeds.map((deed) =>
      named(fc.stringify(deed), async (one) => {
        if (one.keys === undefined) return;
        await deed(one.keys);
        one.check();
      }),
    ),
  },
);

/** All that happens to one deployment; its end is checked too. */
export async function lives(one: Revocations, all: readonly Deed[]): Promise<Revocations> {
  await one.start();
  for (const deed of all) await deed(one);
  await rest(one);
  await one.keys?.finish();
  one.keys?.promises();
  one.check();
  return one;
}
