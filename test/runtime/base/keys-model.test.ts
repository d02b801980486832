/** `STEPS` says how many steps of the model are done at least: 5,000 unless set; `npm run model` does 100,000. */
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { Deployment } from './keys-model.ts';
import { DAY } from './keys-world.ts';

const STEPS = Number(process.env.STEPS ?? 5_000);
const DEEDS = 150;

/** One thing that happens to a deployment. */
type Deed = (deployment: Deployment) => Promise<void> | void;

const skew = fc.integer({ min: -120, max: 120 });
const fate = fc.constantFrom('on', 'on', 'on', 'on', 'on', 'on', 'on', 'on', 'crash', 'throttle', 'conflict', 'lost');

function deed(name: string, run: Deed): Deed {
  return Object.assign(run, { [fc.toStringMethod]: () => name });
}

const started = (name: string) =>
  skew.map((by) => deed(`${name} by ${by}`, (one) => void one.work({ step: name }, by)));
const whole = (name: string) =>
  skew.map((by) => deed(`whole ${name} by ${by}`, (one) => one.whole({ step: name }, by)));

/** A rotation that is wanted: the step that replaces the key which signs now. */
function rotate(one: Deployment): { step: string; kid: string } | undefined {
  const { signing } = one;
  return signing === undefined ? undefined : { step: 'sign', kid: signing };
}

/** All of a rotation, without accidents. */
async function rotation(one: Deployment, { by, wait }: { by: number; wait: number }): Promise<void> {
  await one.whole({ step: 'prepare' }, by);
  await one.pass(wait);
  const event = rotate(one);
  if (event !== undefined) await one.whole(event, -by);
  await one.whole({ step: 'prepare' }, by);
}

/** A deployment with longer lifetimes: the function gets them before the edge lets such tokens pass. */
async function lengthen(one: Deployment, lifetime: number): Promise<void> {
  const { settings } = one.world;
  if (lifetime <= settings.longestLifetime) return;
  settings.longestLifetime = lifetime;
  await one.whole('begin', 0);
  one.lifetime = lifetime;
}

const deeds: fc.Arbitrary<Deed> = fc.oneof(
  {
    weight: 40,
    arbitrary: fc.tuple(fc.nat(20), fate).map(([pick, how]) => deed(`go(${pick}, ${how})`, (one) => one.go(pick, how))),
  },
  { weight: 1, arbitrary: fc.constant(deed('drain', (one) => one.drain())) },
  { weight: 4, arbitrary: started('prepare') },
  { weight: 3, arbitrary: started('remove') },
  { weight: 1, arbitrary: started('sign') },
  { weight: 8, arbitrary: whole('remove') },
  { weight: 4, arbitrary: whole('prepare') },
  {
    weight: 5,
    arbitrary: skew.map((by) =>
      deed(`rotate by ${by}`, (one) => {
        const event = rotate(one);
        if (event !== undefined) one.work(event, by);
      }),
    ),
  },
  {
    weight: 8,
    arbitrary: fc
      .tuple(skew, fc.constantFrom(0, 1, 300, 530, 540, 600))
      .map(([by, wait]) => deed(`whole rotation by ${by} after ${wait}`, (one) => rotation(one, { by, wait }))),
  },
  {
    weight: 5,
    arbitrary: fc
      .record({
        name: fc.constantFrom('prepare', 'remove', 'rotate', 'begin'),
        calls: fc.integer({ min: 1, max: 30 }),
        rotations: fc.integer({ min: 1, max: 3 }),
        by: skew,
      })
      .map(({ name, calls, rotations, by }) =>
        deed(`${name} stands still after ${calls} calls for ${rotations} rotations`, async (one) => {
          const event = name === 'rotate' ? rotate(one) : name === 'begin' ? name : { step: name };
          if (event === undefined) return;
          const worker = one.work(event, by);
          await one.let(worker, calls);
          for (let i = 0; i < rotations; i++) await rotation(one, { by, wait: 600 });
          await one.let(worker, 1_000);
          await one.pass(301);
        }),
      ),
  },
  { weight: 1, arbitrary: fc.constant(deed('deploy', (one) => void one.work('begin', 0))) },
  {
    weight: 1,
    arbitrary: fc.nat(5).map((pick) =>
      deed(`kill ${pick}`, (one) => {
        const key = one.world.record().keys.filter(({ state }) => state !== 'gone')[pick];
        if (key === undefined) return;
        one.killed.add(key.kid);
        one.seen.kills += 1;
        one.work({ step: 'kill', kid: key.kid }, 0);
      }),
    ),
  },
  {
    weight: 1,
    arbitrary: fc
      .nat(1_000)
      .map((ago) => deed(`void ${ago}`, (one) => void one.work({ step: 'void', before: one.world.now - ago }, 0))),
  },
  {
    weight: 2,
    arbitrary: fc
      .constantFrom(5 * 3_600, 8 * 3_600, DAY)
      .map((lifetime) => deed(`lifetime ${lifetime}`, (one) => lengthen(one, lifetime))),
  },
  {
    weight: 16,
    arbitrary: fc
      .constantFrom(1, 10, 60, 120, 299, 301, 540, 600, 900, 3_600, 2 * 3_600, 4 * 3_600, 4 * 3_600, DAY, 31 * DAY)
      .map((seconds) => deed(`pass ${seconds}`, (one) => one.pass(seconds))),
  },
);

type World = ConstructorParameters<typeof Deployment>[0];

const worlds: fc.Arbitrary<World> = fc.record({
  locations: fc.array(fc.record({ lag: fc.integer({ min: 0, max: 300 }), skew }), { minLength: 2, maxLength: 4 }),
  issuers: fc.array(skew, { minLength: 1, maxLength: 3 }),
});

async function live(world: World, all: readonly Deed[]): Promise<Deployment> {
  const deployment = new Deployment(world);
  await deployment.start();
  for (const one of all) await one(deployment);
  await deployment.finish();
  return deployment;
}

it(`refuses no viewer in ${STEPS.toLocaleString('en')} steps of rotations, crashes, conflicts and late news`, async () => {
  let steps = 0;
  let runs = 0;
  const total: Record<string, number> = {};
  const seed = Number(process.env.SEED ?? 20_261_124);
  while (steps < STEPS) {
    await fc.assert(
      fc.asyncProperty(worlds, fc.array(deeds, { minLength: DEEDS, maxLength: DEEDS }), async (world, all) => {
        const { steps: done, seen } = await live(world, all);
        steps += done;
        runs += 1;
        for (const [name, count] of Object.entries(seen)) total[name] = (total[name] ?? 0) + count;
      }),
      { numRuns: 2, seed: seed + 1_000 * runs, endOnFailure: process.env.SHRINK === undefined },
    );
  }
  process.stdout.write(`keys: ${steps} steps in ${runs} deployments, ${JSON.stringify(total)}, seed ${seed}\n`);
  expect(steps).toBeGreaterThanOrEqual(STEPS);
}, 3_600_000);

it.each(['prepare', 'remove', 'sign', 'rotate'])(
  'lets nobody who stood still in the middle of %s put back what others have moved on',
  async (name) => {
    for (let calls = 1; ; calls++) {
      const one = new Deployment({ locations: [{ lag: 300, skew: 0 }], issuers: [0] });
      await one.start();
      const worker = one.work((name === 'rotate' && rotate(one)) || { step: name }, 0);
      await one.let(worker, calls);
      if (one.waiting === 0) return;
      for (let i = 0; i < 2; i++) await rotation(one, { by: 0, wait: 600 });
      await one.drain();
      one.followed();
      await one.pass(301);
    }
  },
  60_000,
);

it('signs with no spare that is not at the edge because somebody died while making it', async () => {
  for (let calls = 1; ; calls++) {
    const one = new Deployment({ locations: [{ lag: 300, skew: 0 }], issuers: [0] });
    await one.start();
    const first = rotate(one);
    if (first !== undefined) await one.whole(first, 0);
    // There is no spare now, and somebody begins to make one.
    const worker = one.work({ step: 'prepare' }, 0);
    await one.let(worker, calls);
    if (one.waiting === 0) return;
    await one.go(0, 'crash');
    await one.pass(600);
    await rotation(one, { by: 0, wait: 0 });
    await one.pass(301);
    await one.finish();
  }
}, 60_000);
