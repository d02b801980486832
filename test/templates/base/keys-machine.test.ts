/** The workflow of keys as a state machine that runs: with the real function, over AWS in memory, in time that is made up. */
import { inspect } from 'node:util';
import aslValidator from 'asl-validator';
import { beforeEach, describe, expect, it } from 'vitest';
import type { Json } from '../../../generator/modules/contract.ts';
import { begin } from '../../../runtime/base/key-steps.ts';
import { handleKeys } from '../../../runtime/base/keys.ts';
import { KEYS_REFUSALS } from '../../../runtime/base/keys-refusal.ts';
import type { KeysView } from '../../../runtime/base/keys-view.ts';
import { RecordError } from '../../../runtime/keys/record-error.ts';
import { keysMachine } from '../../../templates/base/keys-machine.ts';
import type { Weather } from '../../helpers/aws/data/in-process.ts';
import { AwsError } from '../../helpers/aws/errors.ts';
import { secretIn } from '../../helpers/secrets/known-secrets.ts';
import { DAY, KEY_RECORD, type KeysWorld, keysWorld } from '../../runtime/base/keys-world.ts';
import { runKeysMachine } from './run-keys-machine.ts';

const KEYS = 'arn:aws:lambda:eu-west-1:111122223333:function:acme-dev-keys';
const definition = keysMachine({ keysFunction: KEYS });
interface State {
  Type: string;
  Choices?: { Next: string }[];
  Default?: string;
  Retry?: { ErrorEquals: string[]; IntervalSeconds?: number; MaxAttempts: number; BackoffRate?: number }[];
}
const states = definition.States as unknown as Record<string, State>;
const tasks = Object.keys(states).filter((name) => states[name]?.Type === 'Task');

let world: KeysWorld;
/** Step by step, which error a call meets with before it is done; calls that have none are done. */
let errors: Partial<Record<string, Error[]>>;
let visited: string[];
/** Whether the seconds that the workflow waits pass. */
let isPatient: boolean;
/** What happens to the function's calls to AWS. */
let weather: Weather;
/** All that Step Functions keeps of executions: inputs, outputs, errors, causes. */
let kept: string[];
/** Every branch that any test took. */
const taken = new Set<string>();

beforeEach(async () => {
  world = keysWorld();
  errors = {};
  visited = [];
  isPatient = true;
  weather = {};
  kept = [];
  await begin(world.keeper());
  world.now += DAY;
});

const named = (name: string): Error => Object.assign(new Error('of AWS'), { name });
const signing = () => world.record().keys.find(({ state }) => state === 'signing')?.kid;
const stateList = () => world.record().keys.map(({ state }) => state);

/** Runs the workflow; retries come at once. */
async function run(input: object): Promise<KeysView> {
  try {
    const view = await runKeysMachine({
      definition,
      input,
      step: async (name, { FunctionName, Payload, waited }) => {
        visited.push(name);
        expect(FunctionName).toBe(KEYS);
        const error = errors[name]?.shift();
        if (error !== undefined) throw error;
        if (isPatient) world.now += waited;
        return handleKeys(Payload, world.keeper({ weather }));
      },
      events: watch,
    });
    kept.push(JSON.stringify(view));
    return view;
  } catch (error) {
    kept.push(inspect(error, { depth: 20 }));
    throw error;
  }
}

interface Event {
  type: string;
  state?: { name: string };
}

/** Notes which way was taken. */
async function watch(events: AsyncIterable<unknown>): Promise<void> {
  let before = '';
  for await (const event of events as AsyncIterable<Event>) {
    const { type, state } = event;
    kept.push(JSON.stringify(event));
    if (type === 'StateRetried') taken.add(`${state?.name} again`);
    if (type !== 'StateEntered') continue;
    taken.add(`${before} > ${state?.name}`);
    before = state?.name ?? '';
  }
}

/** Lets time pass, in seconds. */
const wait = (seconds: number) => {
  world.now += seconds;
};

describe('the definition', () => {
  it('is valid', () => {
    const { isValid, errorsText } = aslValidator(definition as never);
    expect(isValid ? '' : errorsText('\n')).toBe('');
  });

  it('takes the function as CloudFormation names it', () => {
    const keysFunction: Json = { 'Fn::GetAtt': ['KeysFunction', 'Arn'] };
    expect(JSON.stringify(keysMachine({ keysFunction })).split(JSON.stringify(keysFunction))).toHaveLength(
      tasks.length + 1,
    );
  });

  it('tries again what may go away, for longer than a minute, and nothing else', () => {
    const waits = KEYS_REFUSALS.filter((code) => code !== 'spare_not_known_everywhere');
    for (const name of tasks) {
      const [final, notYet, again] = states[name]?.Retry ?? [];
      expect(new Set(final?.ErrorEquals)).toEqual(
        new Set([...waits.map((code) => `KeysRefusal.${code}`), new RecordError('').name]),
      );
      expect(final?.MaxAttempts).toBe(0);
      // Clocks of two functions may be 240 s apart.
      expect((notYet?.IntervalSeconds ?? 0) * (notYet?.MaxAttempts ?? 0)).toBeGreaterThan(240);
      const { IntervalSeconds = 1, MaxAttempts = 0, BackoffRate = 1 } = again ?? {};
      expect(IntervalSeconds * (BackoffRate ** MaxAttempts - 1)).toBeGreaterThan(60);
    }
  });
});

describe('run', () => {
  it('does nothing but look while no rotation is due', async () => {
    const before = world.secrets.current(KEY_RECORD);
    expect(await run({ command: 'run' })).toMatchObject({ due: false, signing: signing() });
    expect(visited).toEqual(['Remove', 'Prepare']);
    expect(world.secrets.current(KEY_RECORD)).toBe(before);
  });

  it('rotates when it is due, and removes the old key when its time is over', async () => {
    const old = signing();
    wait(31 * DAY);
    const view = await run({ command: 'run' });
    expect(visited).toEqual(['Remove', 'Prepare', 'Sign', 'PrepareNext']);
    expect(view.signing).not.toBe(old);
    expect(stateList()).toEqual(['retiring', 'signing', 'spare']);
    wait(DAY);
    await run({ command: 'run' });
    expect(stateList()).toEqual(['gone', 'signing', 'spare']);
  });
});

describe('rotate', () => {
  it('rotates at once', async () => {
    const old = signing();
    expect((await run({ command: 'rotate' })).signing).not.toBe(old);
    expect(stateList()).toEqual(['retiring', 'signing', 'spare']);
  });

  it('waits until every edge location knows the spare, as the function that signs sees it', async () => {
    await run({ command: 'rotate' });
    const old = signing();
    // The new spare is 0 s old: the step itself refuses until the time has come.
    isPatient = false;
    const early = async () => (await run({ command: 'rotate' })).signing;
    await expect(early()).rejects.toMatchObject({ name: 'KeysRefusal.spare_not_known_everywhere' });
    expect(visited.filter((name) => name === 'Sign').length).toBeGreaterThan(10);
    expect(signing()).toBe(old);
    wait(540);
    expect(await early()).not.toBe(old);
  });

  it('takes a key away first, which makes room', async () => {
    for (let i = 0; i < 4; i++) await run({ command: 'rotate' });
    expect(stateList()).toEqual(['retiring', 'retiring', 'retiring', 'retiring', 'signing']);
    visited = [];
    await expect(run({ command: 'rotate' })).rejects.toMatchObject({ name: 'KeysRefusal.too_many_keys' });
    expect(visited).toEqual(['Remove', 'Prepare']);
    wait(DAY);
    await run({ command: 'rotate' });
    expect(stateList().filter((state) => state !== 'gone')).toEqual(['retiring', 'signing', 'spare']);
  });

  it('comes to the same end whoever else rotates at the same time', async () => {
    const old = signing();
    await Promise.all([run({ command: 'rotate' }), run({ command: 'rotate' }), run({ command: 'run' })]);
    expect(signing()).not.toBe(old);
    expect(stateList()).toEqual(['retiring', 'signing', 'spare']);
  });
});

describe('commands', () => {
  it('are handed on as they were typed, and answered with what may be told', async () => {
    const kid = signing() ?? '';
    expect(await run({ command: 'void', before: world.now })).toMatchObject({ voidBefore: world.now });
    const until = world.now + 60;
    expect(await run({ command: 'mode', mode: 'report', until })).toMatchObject({ mode: { mode: 'report', until } });
    expect(await run({ command: 'mode', mode: 'off' })).not.toHaveProperty('mode');
    expect((await run({ command: 'kill', kid })).signing).not.toBe(kid);
    expect(stateList()).toEqual(['gone', 'signing', 'spare']);
    expect((await run({ command: 'list' })).keys).toHaveLength(3);
    expect(visited).toEqual(Array(5).fill('Command'));
  });

  it.each([{}, { command: 'sing' }, { command: 7 }, { command: '__proto__' }])(
    'that are unknown are refused: %j',
    (input) => expect(run(input)).rejects.toMatchObject({ name: 'KeysRefusal.command_unknown' }),
  );
});

describe('trouble', () => {
  it.each(tasks)('in %s is tried again, and given up after a while', async (name) => {
    const input = name === 'Command' ? { command: 'list' } : { command: 'rotate' };
    const again = states[name]?.Retry?.at(-1)?.MaxAttempts ?? 0;
    errors[name] = Array.from({ length: again }, () => named('ThrottlingException'));
    await run(input);
    expect(visited.filter((visit) => visit === name)).toHaveLength(again + 1);
    errors[name] = Array.from({ length: again + 1 }, () => named('Lambda.TooManyRequestsException'));
    await expect(run(input)).rejects.toMatchObject({ name: 'Lambda.TooManyRequestsException' });
    // The next one finishes what that one began.
    await run(input);
    if (name !== 'Command') expect(stateList().at(-1)).toBe('spare');
  });

  it.each(tasks)('that does not go away ends %s at once', async (name) => {
    errors[name] = [new RecordError('key record: not JSON')];
    const input = name === 'Command' ? { command: 'list' } : { command: 'rotate' };
    await expect(run(input)).rejects.toMatchObject({ name: 'RecordError', message: 'key record: not JSON' });
    expect(visited.filter((visit) => visit === name)).toHaveLength(1);
  });
});

describe('what an execution keeps', () => {
  /** Without what was typed. */
  const commands = (): object[] => [
    { command: 'list' },
    { command: 'run' },
    { command: 'rotate' },
    { command: 'kill', kid: signing() },
    { command: 'void', before: world.now },
    { command: 'mode', mode: 'report', until: world.now + 60 },
  ];
  const leaked = () => kept.filter((text) => secretIn(text) !== undefined).map((text) => text.slice(0, 80));

  it('is ids, states and times of keys', async () => {
    for (const command of commands()) await run(command);
    expect(kept.length).toBeGreaterThan(50);
    expect(leaked()).toEqual([]);
  });

  it.each(['GetSecretValue', 'PutSecretValue', 'UpdateKeys'])(
    'is no key when %s fails and says with what',
    async (operation) => {
      weather = {
        before: (call) => {
          const asked = `${JSON.stringify(call.input)} ${world.secrets.current(KEY_RECORD)}`;
          if (call.operation === operation) throw new AwsError('ValidationException', `Value '${asked}' is not valid`);
        },
      };
      const failed = { name: 'ValidationException', message: 'HTTP 400' };
      await expect(run({ command: 'rotate' })).rejects.toMatchObject(failed);
      await expect(run({ command: 'kill', kid: signing() })).rejects.toBeDefined();
      expect(leaked()).toEqual([]);
    },
  );

  it('is no key when somebody edited the record into something else', async () => {
    world.secrets.edit(KEY_RECORD, `${world.secrets.current(KEY_RECORD)}x`);
    await expect(run({ command: 'run' })).rejects.toMatchObject({ name: 'RecordError' });
    expect(leaked()).toEqual([]);
  });
});

it('was taken through every branch by the tests above', () => {
  const branches = Object.entries(states).flatMap(([name, { Type, Choices = [], Default = '' }]) => {
    if (Type === 'Choice') return [...Choices.map(({ Next }) => `${name} > ${Next}`), `${name} > ${Default}`];
    return Type === 'Task' ? [`${name} again`, `${name} > Failed`] : [];
  });
  expect(branches.filter((branch) => !taken.has(branch))).toEqual([]);
});
