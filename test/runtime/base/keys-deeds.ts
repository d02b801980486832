/** What may happen to a deployment, at random: deeds of workers, operators, AWS and time. */
import fc from 'fast-check';
import type { Operated } from './keys-operated.ts';
import { DAY } from './keys-world.ts';

export type Deed = (one: Operated) => Promise<void> | void;
export type World = ConstructorParameters<typeof Operated>[0];

const HOUR = 3_600;
/** Clocks are off by up to two minutes, and mostly by all of them: where a rule has no time to spare, it shows there. */
const skew = fc.oneof(fc.constantFrom(-120, 120), fc.integer({ min: -120, max: 120 }));
const lag = fc.oneof(fc.constantFrom(0, 300), fc.integer({ min: 0, max: 300 }));
const fate = fc.constantFrom('on', 'on', 'on', 'on', 'on', 'on', 'crash', 'throttle', 'conflict', 'lost');
const seconds = fc.constantFrom(1, 60, 120, 300, 540, 541, 900, HOUR, 4 * HOUR, 4 * HOUR, 8 * HOUR, DAY, 31 * DAY);
/** A step by name; `rotate` names the key that it replaces when its time comes. */
const step = fc.constantFrom('prepare', 'prepare', 'remove', 'sign', 'rotate', 'rotate', 'begin');

export const worlds: fc.Arbitrary<World> = fc.record({
  locations: fc.array(fc.record({ lag, skew }), { minLength: 2, maxLength: 4 }),
  issuers: fc.array(skew, { minLength: 1, maxLength: 3 }),
});

function named(name: string, run: Deed): Deed {
  return Object.assign(run, { [fc.toStringMethod]: () => name });
}

function eventOf(name: string, one: Operated): Parameters<Operated['work']>[0] {
  const { signing } = one;
  if (name === 'rotate') return signing === undefined ? { step: 'prepare' } : { step: 'sign', kid: signing };
  return name === 'begin' ? name : { step: name };
}

/** All of a rotation, at the first moment that is allowed: by somebody whose clock is off by `by`, then the other way. */
async function rotation(one: Operated, by: number): Promise<void> {
  await one.whole({ step: 'prepare' }, by);
  await one.pass(await one.wait(-by));
  await one.whole(eventOf('rotate', one), -by);
  await one.pass(301);
}

/** Removes the next retired key at the first moment that is allowed, by somebody whose clock is early. */
async function removal(one: Operated): Promise<void> {
  const times = one.world.record().keys.flatMap((key) => (key.state === 'retiring' ? key.keepUntil : []));
  await one.pass(Math.max(0, Math.min(...times, one.world.now + DAY) - 120 - one.world.now));
  await one.whole({ step: 'remove' }, 120);
  await one.pass(301);
}

/** The function hears of longer lifetimes before the edge lets such tokens pass. */
async function lengthen(one: Operated, lifetime: number): Promise<void> {
  const { settings } = one.world;
  if (lifetime <= settings.longestLifetime) return;
  settings.longestLifetime = lifetime;
  await one.whole('begin', 0);
  one.lifetime = lifetime;
}

/** Call by call, mixed with whatever else is under way. */
const mixed: fc.Arbitrary<Deed> = fc.oneof(
  {
    weight: 30,
    arbitrary: fc
      .tuple(fc.nat(20), fate)
      .map(([pick, how]) => named(`go(${pick}, ${how})`, (one) => one.go(pick, how))),
  },
  {
    weight: 8,
    arbitrary: fc
      .tuple(step, skew)
      .map(([name, by]) => named(`${name} by ${by}`, (one) => void one.work(eventOf(name, one), by))),
  },
  {
    weight: 1,
    arbitrary: fc
      .nat(1_000)
      .map((ago) => named(`void ${ago}`, (one) => void one.work({ step: 'void', before: one.world.now - ago }, 0))),
  },
  {
    weight: 1,
    arbitrary: fc
      .integer({ min: 1, max: 4 * HOUR })
      .map((more) =>
        named(`mode ${more}`, (one) => void one.work({ step: 'mode', mode: 'report', until: one.world.now + more }, 0)),
      ),
  },
);

/** Without a break, while everybody else stands still. */
const whole: fc.Arbitrary<Deed> = fc.oneof(
  {
    weight: 8,
    arbitrary: fc
      .tuple(step, skew)
      .map(([name, by]) => named(`whole ${name} by ${by}`, (one) => one.whole(eventOf(name, one), by))),
  },
  { weight: 6, arbitrary: skew.map((by) => named(`rotation by ${by}`, (one) => rotation(one, by))) },
  {
    weight: 2,
    arbitrary: fc.nat(4).map((pick) =>
      named(`kill ${pick}`, async (one) => {
        const key = one.world.record().keys.filter(({ state }) => state !== 'gone')[pick];
        if (key === undefined) return;
        one.seen.kills += 1;
        await one.whole({ step: 'kill', kid: key.kid }, 0);
      }),
    ),
  },
  {
    weight: 1,
    arbitrary: fc
      .nat(500)
      .map((ago) => named(`whole void ${ago}`, (one) => one.whole({ step: 'void', before: one.world.now - ago }, 0))),
  },
  {
    weight: 2,
    arbitrary: fc
      .option(fc.tuple(fc.constantFrom('report' as const, 'enforce' as const), fc.integer({ min: 1, max: DAY })))
      .map((wanted) =>
        named(`whole mode ${wanted}`, (one) =>
          one.mode(wanted === null ? undefined : { mode: wanted[0], until: one.world.now + wanted[1] }),
        ),
      ),
  },
  {
    weight: 2,
    arbitrary: fc
      .constantFrom(5 * HOUR, 8 * HOUR, DAY)
      .map((lifetime) => named(`lifetime ${lifetime}`, (one) => lengthen(one, lifetime))),
  },
);

/** Somebody dies or stands still at any call, with or without a spare, while others go on and time passes. */
const interrupted: fc.Arbitrary<Deed> = fc
  .record({
    used: fc.boolean(),
    name: step,
    end: fc.constantFrom('die' as const, 'stand' as const),
    halves: fc.nat(30),
    by: skew,
    gap: fc.constantFrom(0, 301, 541, 900, HOUR),
    next: fc.array(fc.constantFrom('rotate', 'rotate', 'rotation', 'rotation', 'remove'), {
      minLength: 1,
      maxLength: 3,
    }),
    later: fc.constantFrom(301, 900, 2 * HOUR),
  })
  .map(({ used, name, end, halves, by, gap, next, later }) =>
    named(`${name} by ${by} ${end}s after ${halves}, ${used}, ${gap} s, ${next}, ${later} s`, async (one) => {
      if (used) await rotation(one, by);
      await one.alone(eventOf(name, one), { skew: by, halves, end });
      await one.pass(gap);
      for (const other of next) {
        if (other === 'rotation') await rotation(one, -by);
        else await one.whole(eventOf(other, one), -by);
      }
      await one.drain();
      await one.pass(later);
    }),
  );

/** A minute of throttling, a storm of conflicts, a record edited by hand. */
const troubled: fc.Arbitrary<Deed> = fc.oneof(
  fc.tuple(step, fc.constantFrom('throttle' as const, 'conflict' as const)).map(([name, how]) =>
    named(`${how}s at ${name} for a minute`, async (one) => {
      for (let passed = 0; passed < 60; passed += 20) {
        await one.trouble(eventOf(name, one), how);
        await one.pass(20);
      }
    }),
  ),
  fc.constantFrom('nonsense', '{}', '{"version":1,"audience":"acme/dev","keys":[]}').map((text) =>
    named(`the record is ${text}`, (one) =>
      one.nonsense(
        text,
        ['prepare', 'sign', 'remove', 'kill', 'void', 'list'].map((name) => ({ step: name, kid: 'x', before: 1 })),
      ),
    ),
  ),
);

/** Accidents where they hurt most, and everything at the first moment that is allowed. */
export const pointed: fc.Arbitrary<Deed> = fc.oneof(
  { weight: 8, arbitrary: interrupted },
  { weight: 4, arbitrary: fc.constant(named('removal', removal)) },
  { weight: 4, arbitrary: whole },
  { weight: 1, arbitrary: fc.constant(named('pass 301', (one) => one.pass(301))) },
);

export const deeds: fc.Arbitrary<Deed> = fc.oneof(
  { weight: 30, arbitrary: mixed },
  { weight: 14, arbitrary: whole },
  { weight: 10, arbitrary: pointed },
  { weight: 1, arbitrary: troubled },
  { weight: 10, arbitrary: seconds.map((passed) => named(`pass ${passed}`, (one) => one.pass(passed))) },
  { weight: 1, arbitrary: fc.constant(named('drain', (one) => one.drain())) },
);

/** All that happens to one deployment; its end is checked too. */
export async function live(one: Operated, all: readonly Deed[]): Promise<Operated> {
  await one.start();
  for (const deed of all) await deed(one);
  await one.finish();
  one.promises();
  return one;
}
