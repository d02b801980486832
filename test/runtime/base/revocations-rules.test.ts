/** Revocations in the rule group of AWS WAF, beside others who write it too. */
import { beforeEach, describe, expect, it } from 'vitest';
import type { Worker } from '../../../runtime/base/revocation-work.ts';
import { handleRevocations } from '../../../runtime/base/revocations.ts';
import { liftRow } from '../../../runtime/sessions/revocation-row.ts';
import type { Weather } from '../../helpers/aws/data/in-process.ts';
import { AwsError } from '../../helpers/aws/errors.ts';
import { listen } from '../../helpers/secrets/log-watch.ts';
import { TABLE } from './keys-world.ts';
import { GROUP, type RevocationsWorld, revocationsWorld } from './revocations-world.ts';

const id = (n: number): string => `session-${String(n).padStart(14, '0')}`;

let world: RevocationsWorld;
beforeEach(() => {
  world = revocationsWorld();
});

const instance = (weather?: Weather): Worker =>
  world.worker({ waf: true, ...(weather === undefined ? {} : { weather }) });
const follow = (worker = instance()) => handleRevocations({ Records: world.stream() }, worker);
const lift = (n: number): void => void world.tables.call('UpdateItem', liftRow(TABLE, id(n)) as never);

/** Does something once, before a call of that name. */
function meanwhile(operation: string, what: () => Promise<unknown>): Weather {
  let isDone = false;
  return {
    before: async (call) => {
      if (call.operation !== operation || isDone) return;
      isDone = true;
      await what();
    },
  };
}

describe('rules', () => {
  it('that cannot be written do not hide what a sweep has done before', async () => {
    world.put({ session: id(1), expires: world.now + 60 });
    await follow();
    world.now += 600;
    const lines = listen();
    const broken = instance({
      before: ({ service }) => {
        if (service === 'wafv2') throw new AwsError('WAFInternalErrorException', 'not now', { status: 500 });
      },
    });
    await expect(handleRevocations({ task: 'sweep' }, broken)).rejects.toThrow();
    expect(world.edge()).not.toContain(`r.${id(1)}`);
    expect(lines.filter((line) => line.includes('"Swept":1'))).toHaveLength(1);
  });

  it('get a session that an instance believes to be in them, and that another one has taken out', async () => {
    const [one, other] = [instance(), instance()];
    world.put({ session: id(1) });
    world.put({ session: id(2) });
    await follow(one);
    lift(1);
    await follow(other);
    world.put({ session: id(1) });
    await follow(one);
    expect(world.rules()).toEqual([id(1), id(2)]);
  });

  it('do not get back a session that is lifted while somebody slow is about to write it', async () => {
    world.put({ session: id(2) });
    await follow();
    world.put({ session: id(1) });
    world.stream();
    const slow = instance(
      meanwhile('UpdateRuleGroup', async () => {
        lift(1);
        await follow();
      }),
    );
    await handleRevocations({ task: 'reconcile' }, slow);
    expect(world.rules()).toEqual([id(2)]);
  });

  it('do not lose a session that is revoked again while somebody slow is about to take it out', async () => {
    for (const n of [1, 2]) world.put({ session: id(n) });
    await follow();
    lift(1);
    const late = world.stream();
    const slow = instance(
      meanwhile('UpdateRuleGroup', async () => {
        world.put({ session: id(1) });
        await follow();
      }),
    );
    await handleRevocations({ Records: late }, slow);
    expect(world.rules()).toEqual([id(1), id(2)]);
  });

  it('that CloudFormation has emptied are written again by an instance that knows of nothing', async () => {
    const one = instance();
    world.put({ session: id(1) });
    await follow(one);
    world.ruleGroups.wipe(GROUP);
    world.put({ session: id(1), reason: 'again' });
    await follow(one);
    expect(world.rules()).toEqual([id(1)]);
  });

  it('keep a session whose row somebody has made a mess of, as the store does', async () => {
    for (const n of [1, 2]) world.put({ session: id(n) });
    await follow();
    const { type: _, ...mess } = world.tables.table(TABLE).items.get(id(1)) ?? {};
    world.tables.table(TABLE).set(id(1), mess);
    await handleRevocations({ task: 'reconcile' }, instance());
    expect(world.rules()).toEqual([id(1), id(2)]);
    expect(world.edge()).toHaveLength(2);
  });
});

describe('rules that CloudFormation has emptied', () => {
  beforeEach(async () => {
    for (const n of [1, 2]) world.put({ session: id(n) });
    await follow();
    world.ruleGroups.wipe(GROUP);
  });

  it('are written again by the next sweep', async () => {
    await handleRevocations({ task: 'sweep' }, instance());
    expect(world.rules()).toEqual([id(1), id(2)]);
  });

  it('are all written again with the next revocation', async () => {
    world.put({ session: id(3) });
    await follow();
    expect(world.rules()).toEqual([id(1), id(2), id(3)]);
  });

  it('are left alone where nothing is revoked', async () => {
    for (const n of [1, 2]) lift(n);
    await handleRevocations({ task: 'sweep' }, instance());
    expect(world.calls.filter(({ operation }) => operation === 'UpdateRuleGroup').length).toBe(1);
  });
});

describe('rows read for the store', () => {
  const record = () => {
    world.put({ session: id(1) });
    world.put({ session: id(2) });
    return world.stream();
  };

  it('are read again where the rules were known only after them', async () => {
    const Records = record();
    let isRead = (): void => undefined;
    const read = new Promise<void>((resolve) => {
      isRead = resolve;
    });
    // The rules are slow: meanwhile the store has its rows, and one of them is lifted and told of by another instance.
    const worker = instance({
      before: async ({ operation }) => {
        if (operation === 'GetRuleGroup') await read;
      },
      after: async ({ operation }) => {
        if (operation !== 'UpdateKeys') return;
        lift(1);
        await follow();
        isRead();
      },
    });
    await handleRevocations({ Records }, worker);
    expect(world.rules()).toEqual([id(2)]);
  });

  it('are read again where somebody else has written the rules since', async () => {
    const worker = instance(
      meanwhile('UpdateRuleGroup', async () => {
        lift(1);
        await follow();
      }),
    );
    await handleRevocations({ Records: record() }, worker);
    expect(world.rules()).toEqual([id(2)]);
  });
});

describe('rules without room for all', () => {
  // Nothing in common and 64 long: two of them take a pattern, of which there is room for two.
  const long = (n: number): string => String.fromCharCode(97 + n).repeat(64);
  beforeEach(() => {
    world = revocationsWorld({ capacity: 6 });
  });

  it('take in whom there was no room for when one of them is lifted, and the alarm hears of it', async () => {
    for (let n = 0; n < 6; n++) world.put({ session: long(n), created: world.now + n });
    const worker = instance();
    expect(await follow(worker)).toMatchObject({ RuleGroupSessions: 4, RuleGroupLeftOut: 2 });
    expect(world.rules()).toEqual([2, 3, 4, 5].map(long));
    world.tables.call('UpdateItem', liftRow(TABLE, long(4)) as never);
    expect(await follow(worker)).toMatchObject({ RuleGroupSessions: 4, RuleGroupLeftOut: 1 });
    expect(world.rules()).toEqual([1, 2, 3, 5].map(long));
    for (const n of [1, 2, 3]) world.tables.call('UpdateItem', liftRow(TABLE, long(n)) as never);
    expect(await follow(worker)).toMatchObject({ RuleGroupSessions: 2, RuleGroupLeftOut: 0 });
    expect(world.rules()).toEqual([0, 5].map(long));
    world.put({ session: long(7) });
    expect(await follow(worker)).toMatchObject({ RuleGroupSessions: 3, RuleGroupLeftOut: 0 });
  });

  it('give a place to a manual revocation that was left out before an automatic one gets it', async () => {
    for (let n = 0; n < 5; n++) world.put({ session: long(n), created: world.now + n });
    const worker = instance();
    await follow(worker);
    world.tables.call('UpdateItem', liftRow(TABLE, long(4)) as never);
    world.put({ session: long(5), type: 'automatic', created: world.now + 100 });
    expect(await follow(worker)).toMatchObject({ RuleGroupLeftOut: 1 });
    expect(world.rules()).toEqual([0, 1, 2, 3].map(long));
  });

  it('count all that are left out, not only the last ones', async () => {
    for (let n = 0; n < 9; n++) world.put({ session: long(n), created: world.now + n });
    const worker = instance();
    await follow(worker);
    world.put({ session: long(9), created: world.now + 9 });
    expect(await follow(worker)).toMatchObject({ RuleGroupSessions: 4, RuleGroupLeftOut: 6 });
  });
});

describe('rules that cannot be written', () => {
  const broken: Weather = {
    before: ({ service }) => {
      if (service === 'wafv2') throw new AwsError('WAFInternalErrorException', 'try later', { status: 500 });
    },
  };

  it('keep no revocation from the edge, and no later record waiting', async () => {
    const worker = instance(broken);
    world.put({ session: id(1) });
    expect(await follow(worker)).toMatchObject({ RulesFailed: 1 });
    world.put({ session: id(2) });
    expect(await follow(worker)).toMatchObject({ RulesFailed: 1 });
    expect(world.edge()).toEqual([1, 2].map((n) => `r.${id(n)}`));
  });

  it('are written by the next sweep', async () => {
    for (const n of [1, 2]) world.put({ session: id(n) });
    await follow();
    lift(1);
    world.put({ session: id(3) });
    await follow(instance(broken));
    expect(world.rules()).toEqual([id(1), id(2)]);
    expect(await handleRevocations({ task: 'sweep' }, instance())).toMatchObject({ RuleGroupSessions: 2 });
    expect(world.rules()).toEqual([id(2), id(3)]);
  });

  it('do not keep a sweep from the store, but make it fail, so that somebody hears of it', async () => {
    world.put({ session: id(1), expires: world.now });
    await follow();
    world.now += 121;
    await expect(handleRevocations({ task: 'sweep' }, instance(broken))).rejects.toThrow('HTTP 500');
    expect(world.edge()).toEqual([]);
    expect(world.tables.table(TABLE).items.size).toBe(0);
  });
});
