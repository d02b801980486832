/**
 * What leaves the functions beside their work: log lines, answers, messages put aside, and errors, which Lambda writes into the log
 * with message, stack and cause, and Step Functions keeps with the execution. None of it holds a secret, whatever goes wrong.
 */
import { inspect } from 'node:util';
import { beforeEach, describe, expect, it } from 'vitest';
import type { CustomResourceEvent } from '../../../runtime/base/custom-resource.ts';
import { handleKeys } from '../../../runtime/base/keys.ts';
import { handleRevocations } from '../../../runtime/base/revocations.ts';
import type { DataCall, Weather } from '../../helpers/aws/data/in-process.ts';
import { AwsError } from '../../helpers/aws/errors.ts';
import { secret, secretIn } from '../../helpers/secrets/known-secrets.ts';
import { listen } from '../../helpers/secrets/log-watch.ts';
import { signToken, testKey } from '../../helpers/sign.ts';
import { DAY, ISSUER_RECORD, KEY_RECORD, type KeysWorld, keysWorld, STORE, TABLE } from './keys-world.ts';
import { revocationsWorld } from './revocations-world.ts';

const KEY = testKey('told');
const TOKEN = signToken({ key: KEY, claims: { aud: 'acme/dev', iat: 1_800_000_000, exp: 1_800_003_600 } });
/** The address at which CloudFormation waits for an answer: whoever has it may answer. */
const SIGNATURE = secret('0f1e2d3c4b5a69788796a5b4c3d2e1f00f1e2d3c4b5a69788796a5b4c3d2e1f0');

/** Everything that was told in a test. */
let told: string[];
let errors: Error[];
beforeEach(() => {
  told = listen();
  errors = [];
});

const deployment = (RequestType: CustomResourceEvent['RequestType']): CustomResourceEvent => ({
  RequestType,
  ResponseURL: `https://answers.example.com/?X-Amz-Signature=${SIGNATURE}`,
  StackId: 'stack',
  RequestId: 'request',
  LogicalResourceId: 'First',
});

const send = async (_url: string, body: string): Promise<void> => void told.push(body);

/** Runs a handler as Lambda does: what it throws is written down with all that hangs on it. */
async function lambda(run: () => Promise<unknown>): Promise<void> {
  try {
    told.push(JSON.stringify((await run()) ?? null));
  } catch (thrown) {
    const error = thrown as Error;
    errors.push(error);
    told.push(inspect(error, { depth: 20, showHidden: true }), error.stack ?? '');
    told.push(JSON.stringify({ errorType: error.name, errorMessage: error.message, cause: error.cause, ...error }));
  }
}

/** What was told and should not have been; by its beginning, so that the tests do not tell it either. */
function leaked(): string[] {
  return told.flatMap((text) => {
    const what = secretIn(text);
    return what === undefined ? [] : [`${what} in ${text.slice(0, 80)}`];
  });
}

/** Errors as services and libraries may make them: with the request in the message, the name, the cause, beside it. */
const QUOTES: [string, (call: DataCall) => Error][] = [
  ['a message of AWS', (call) => new AwsError('ValidationException', `Value '${quoted(call)}' at 'x' is not valid`)],
  ['a message of IAM', (call) => new AwsError('AccessDeniedException', `User: x may not do ${quoted(call)}`)],
  ['a message of a service in trouble', (call) => new AwsError('InternalServiceError', quoted(call), { status: 500 })],
  ['a name', (call) => new AwsError(quoted(call).slice(0, 200), 'failed')],
  ['a message of a library', (call) => new TypeError(`not a function: ${quoted(call)}`)],
  ['a cause', (call) => new Error('failed', { cause: new Error(quoted(call)) })],
  ['a member', (call) => Object.assign(new Error('failed'), { request: call, code: quoted(call) })],
  [
    'a stack',
    (call) => Object.assign(new Error('failed'), { stack: `Error: ${quoted(call)}\n    at x (${quoted(call)}:1:1)` }),
  ],
];

function quoted({ input }: DataCall): string {
  return `${JSON.stringify(input)} ${KEY.sign} ${TOKEN}`;
}

describe('keys', () => {
  let world: KeysWorld;
  beforeEach(async () => {
    world = keysWorld();
    await handleKeys(deployment('Create'), world.keeper(), { send });
    world.now += DAY;
  });

  /** Every step, of which each has something to do, and a deployment. */
  async function everything(weather: Weather = {}): Promise<void> {
    const step = (event: object) => lambda(() => handleKeys(event, world.keeper({ weather, maxAttempts: 2 })));
    await step({ step: 'list' });
    await step({ step: 'void', before: world.now });
    await step({ step: 'mode', mode: 'report', until: world.now + 60 });
    await step({ step: 'kill', kid: /"kid":"([\w-]+)"/.exec(world.secrets.current(KEY_RECORD) ?? '')?.[1] });
    world.now += 31 * DAY;
    await step({ step: 'prepare', command: 'rotate' });
    await step({ step: 'sign' });
    await step({ step: 'remove' });
    world.keyValues.create(STORE);
    world.secrets.edit(ISSUER_RECORD, KEY.sign);
    await lambda(() => handleKeys(deployment('Update'), world.keeper({ weather, maxAttempts: 2 }), { send }));
  }

  it('tells no key where all is well', async () => {
    await everything();
    expect(told.length).toBeGreaterThan(20);
    expect([leaked(), errors]).toEqual([[], []]);
  });

  describe.each(QUOTES)('when an error quotes the request in %s', (_name, error) => {
    it.each([
      'GetSecretValue',
      'PutSecretValue',
      'UpdateSecretVersionStage',
      'DescribeKeyValueStore',
      'GetKey',
      'UpdateKeys',
      'GetItem',
      'UpdateItem',
    ])('to %s', async (operation) => {
      await everything({
        before: (call) => {
          if (call.operation === operation) throw error(call);
        },
      });
      expect(errors).not.toEqual([]);
      expect(leaked()).toEqual([]);
    });
  });

  const record = (changes: object): string => JSON.stringify({ version: 1, audience: 'acme/dev', ...changes });
  const keyed = (changes: object): string =>
    record({ keys: [{ state: 'spare', ...KEY, created: 1_800_000_000, ...changes }] });
  it.each<[string, string]>([
    ['is no JSON', `${record({ keys: [KEY] })}x`],
    ['is a key', JSON.stringify(KEY.sign)],
    ['is a token', TOKEN],
    ['has a key for a member', record({ [KEY.sign]: 1, keys: [] })],
    ['has a key for a version', record({ version: KEY.sign })],
    ['has a key for an audience', keyed({}).replace('acme/dev', KEY.sign)],
    ['has the audience of others, with a key in it', keyed({}).replace('acme/dev', `acme/${KEY.sign.toLowerCase()}`)],
    ['has keys that are none', record({ keys: [KEY.sign] })],
    ['has a key for an id', keyed({ kid: KEY.sign })],
    ['has a key for a state', keyed({ state: KEY.sign })],
    ['has a key for a time', keyed({ created: KEY.sign })],
    ['has half a key', keyed({ sign: KEY.sign.slice(0, 40) })],
    ['has one key twice', keyed({ bind: KEY.sign })],
    ['has a key in a member of a key', keyed({ [KEY.sign]: KEY.bind })],
  ])('when a record that somebody edited %s', async (_name, text) => {
    world.secrets.edit(ISSUER_RECORD, text);
    world.secrets.edit(KEY_RECORD, text);
    await everything();
    expect(errors).not.toEqual([]);
    expect(leaked()).toEqual([]);
  });

  it.each<[string, string]>([
    ['a key', KEY.sign],
    ['a token', TOKEN],
    ['a record', keyed({})],
  ])('when %s was typed in the wrong place', async (_name, text) => {
    for (const event of [
      { step: text },
      { command: text },
      { step: 'kill', kid: text },
      { step: 'sign', kid: text },
      { step: 'void', before: text },
      { step: 'mode', mode: text },
      { step: 'mode', mode: 'report', until: text },
      { step: 'prepare', command: text },
    ])
      await lambda(() => handleKeys(event as never, world.keeper()));
    expect(errors.length).toBeGreaterThan(5);
    expect(leaked()).toEqual([]);
  });

  it.each(['http://127.0.0.1:1/', 'http://[/', 'nowhere'])(
    'when CloudFormation cannot be told at %s, whose address is one to keep',
    async (place) => {
      const event = { ...deployment('Update'), ResponseURL: `${place}?X-Amz-Signature=${SIGNATURE}` };
      await lambda(() => handleKeys(event, world.keeper()));
      expect(errors).toHaveLength(1);
      expect(leaked()).toEqual([]);
    },
  );
});

describe('revocations', () => {
  const id = (n: number): string => `session-${String(n).padStart(14, '0')}`;

  /** Every task, of which each has something to do, and a deployment. */
  async function everything(weather: Weather = {}): Promise<string[]> {
    const world = revocationsWorld();
    const worker = () => world.worker({ waf: true, weather });
    const table = world.tables.table(TABLE);
    for (let n = 0; n < 3; n++) world.put({ session: id(n), expires: world.now });
    // A playback URL or a token where a session should stand.
    for (const text of [TOKEN, `https://media.example.com/${TOKEN}/live/index.m3u8`])
      table.set(text, { id: { S: text }, state: { S: TOKEN }, reason: { S: TOKEN } });
    table.set(id(9), { id: { S: id(9) }, state: { S: TOKEN } });
    await lambda(() => handleRevocations({ Records: world.stream() }, worker()));
    await lambda(() => handleRevocations(deployment('Create'), worker(), { send }));
    world.now += 300;
    await lambda(() => handleRevocations({ task: 'sweep' }, worker()));
    world.put({ session: id(10) });
    await lambda(() => handleRevocations({ task: 'reconcile' }, worker()));
    told.push(...world.queues.messages);
    return world.queues.messages;
  }

  it('tell no token where all is well but the table', async () => {
    expect((await everything()).length).toBeGreaterThan(3);
    expect([leaked(), errors]).toEqual([[], []]);
  });

  describe.each(QUOTES)('when an error quotes the request in %s', (_name, error) => {
    it.each([
      'BatchGetItem',
      'DeleteItem',
      'Query',
      'Scan',
      'DescribeKeyValueStore',
      'ListKeys',
      'UpdateKeys',
      'GetRuleGroup',
      'UpdateRuleGroup',
      'SendMessage',
    ])('to %s', async (operation) => {
      await everything({
        before: (call) => {
          if (call.operation === operation) throw error(call);
        },
      });
      expect(errors).not.toEqual([]);
      expect(leaked()).toEqual([]);
    });
  });

  it.each([{ task: TOKEN }, { Records: TOKEN }, { [TOKEN]: 1 }])(
    'when a token was sent in the wrong place',
    async (event) => {
      await lambda(() => handleRevocations(event as never, revocationsWorld().worker()));
      expect(errors).toHaveLength(1);
      expect(leaked()).toEqual([]);
    },
  );
});
