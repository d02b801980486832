/**
 * An environment that is deployed, as an operator has it: the workflow of the keys with the function that ships, the
 * revocation table with its worker, what the edge would read, and the commands against all of it over HTTP.
 */
import { createHash } from 'node:crypto';
import { vi } from 'vitest';
import type { Io } from '../../generator/commands/command.ts';
import { begin, type Keeper } from '../../runtime/base/key-steps.ts';
import { handleKeys } from '../../runtime/base/keys.ts';
import { handleRevocations } from '../../runtime/base/revocations.ts';
import type { NewKey } from '../../runtime/keys/rotation.ts';
import { keysMachine } from '../../templates/base/keys-machine.ts';
import { type KeysWorld, keysWorld, TABLE } from '../runtime/base/keys-world.ts';
import { type RevocationsWorld, revocationsWorld } from '../runtime/base/revocations-world.ts';
import { runKeysMachine } from '../templates/base/run-keys-machine.ts';
import { clients } from './aws/clients.ts';
import type { MachineModel } from './aws/data/executions.ts';
import type { Table } from './aws/data/tables.ts';
import { driver, template, topic } from './aws/stack-driver.ts';
import { ACCOUNT, type Deployment, deployment, HOME } from './deployment.ts';
import { outputTreeOf } from './output-tree.ts';
import { testKey } from './sign.ts';

// Logger and metrics of the functions then write to the console, where they are not wanted here.
vi.stubEnv('POWERTOOLS_DEV', 'true');
for (const method of ['info', 'error', 'log', 'warn'] as const) vi.spyOn(console, method).mockReturnValue();

const STACK = 'acme-dev-base-home';
const FUNCTION = `arn:aws:lambda:${HOME}:${ACCOUNT}:function:acme-dev-keys`;
export const MACHINE = `arn:aws:states:${HOME}:${ACCOUNT}:stateMachine:acme-dev-keys`;
export const LIFETIME = 14_400;

export const OUTPUTS: Readonly<Record<string, string>> = {
  KeysMachineArn: MACHINE,
  RevocationTable: TABLE,
  LongestLifetime: String(LIFETIME),
};

export interface Operations extends Deployment {
  /** Records, edge state, and their clock, which is that of the commands. */
  keys: KeysWorld;
  /** The revocation table. */
  table: Table;
  /** Seconds since 1970. */
  now(): number;
  /** Lets time pass, in seconds. */
  wait(seconds: number): void;
  /** What the workflow is asked for, in order. */
  asked: object[];
  /** Puts something else in place of the workflow. */
  replace(machine: MachineModel): void;
  /** Lets the worker follow the stream; keys of revoked sessions at the edge after it. */
  follow(): Promise<string[]>;
  /** Ids of the keys with these states, oldest first. */
  kids(state: 'spare' | 'signing' | 'retiring' | 'gone'): string[];
}

export interface OperationsOptions {
  /** Of the stack `base.home`; `undefined`: it is not deployed. */
  outputs?: Readonly<Record<string, string>> | undefined;
  /** Names of outputs that the manifest has. */
  declared?: readonly string[];
  /** Whether the first keys are there, and a day old. */
  begun?: boolean;
  /** How often an execution is looked at before it has ended. */
  looks?: number;
}

export async function operations(options: OperationsOptions = {}): Promise<Operations> {
  const { declared = Object.keys(OUTPUTS), begun = true, looks = 0 } = options;
  const outputs = 'outputs' in options ? options.outputs : OUTPUTS;
  const made = await deployment({}, { buckets: false });
  await made.output(
    outputTreeOf({
      manifest: { account: ACCOUNT, region: HOME },
      stacks: {
        'base.home': {
          template: '{}',
          region: HOME,
          outputs: Object.fromEntries(declared.map((id) => [id, 'What an operator needs'])),
        },
      },
    }),
  );
  const { aws, clock } = made;
  if (outputs !== undefined) {
    const { cloudFormation } = clients({ endpoint: aws.endpoint, region: HOME, account: ACCOUNT });
    const Outputs = Object.fromEntries(Object.entries(outputs).map(([id, Value]) => [id, { Value }]));
    await driver(cloudFormation, STACK).deploy(template({ Topic: topic('home') }, { Outputs }));
  }
  const now = (): number => Math.floor(clock.now().getTime() / 1000);
  const wait = (seconds: number): void => void clock.sleep(seconds * 1000);
  const { keys, worker } = worlds(made, now);
  const keeper = (): Keeper => ({ ...keys.keeper(), makeKey });
  let count = 0;
  const makeKey = (): NewKey => nextKey(++count);
  if (begun) {
    await begin(keeper());
    wait(86_400);
  }
  const asked: object[] = [];
  const workflow: MachineModel = {
    looks,
    run: async (input: object) => {
      asked.push(input);
      return runWorkflow(input, { keeper, wait });
    },
  };
  aws.states.create(MACHINE, workflow);
  aws.calls.length = 0;
  return {
    ...made,
    keys,
    table: aws.tables.table(TABLE),
    now,
    wait,
    asked,
    replace: (machine) => aws.states.create(MACHINE, machine),
    follow: async () => {
      const Records = aws.tables.table(TABLE).stream.splice(0);
      await handleRevocations({ Records }, worker.worker());
      return worker.edge().filter((key) => key.startsWith('r.'));
    },
    kids: (state) => keys.record().keys.flatMap((key) => (key.state === state ? [key.kid] : [])),
  };
}

/** Both functions' worlds as one: the same store, the table that the commands write, the clock of the commands. */
function worlds({ aws }: Deployment, now: () => number): { keys: KeysWorld; worker: RevocationsWorld } {
  const keys = keysWorld();
  const worker = revocationsWorld();
  for (const world of [keys, worker]) {
    Object.defineProperty(world, 'now', { get: now });
    world.tables = aws.tables;
  }
  worker.keyValues = keys.keyValues;
  aws.tables.create(TABLE, {
    byExpiry: { partition: 'held', sort: 'expires' },
    byCreated: { partition: 'type', sort: 'created' },
  });
  return { keys, worker };
}

/** The workflow as it is deployed. Errors come out in the form that Lambda gives them. */
async function runWorkflow(
  input: object,
  { keeper, wait }: { keeper(): Keeper; wait(seconds: number): void },
): Promise<{ output: unknown } | { error: string; cause: string }> {
  try {
    const output = await runKeysMachine({
      definition: keysMachine({ keysFunction: FUNCTION }),
      input,
      step: async (_name, { Payload, waited }) => {
        wait(waited);
        try {
          return await handleKeys(Payload, keeper());
        } catch (error) {
          const { name: errorType, message: errorMessage } = error as Error;
          const cause = {
            errorType,
            errorMessage,
            trace: [`${errorType}: ${errorMessage}`, '    at sign (index.js:1:1)'],
          };
          throw Object.assign(new Error(JSON.stringify(cause)), { name: errorType });
        }
      },
    });
    return { output };
  } catch (error) {
    const { name, message } = error as Error;
    return { error: name, cause: message };
  }
}

/** The same keys in every run, with ids of the usual form. */
function nextKey(count: number): NewKey {
  const { sign, bind } = testKey(`operations-${count}`);
  return { kid: createHash('sha256').update(`key ${count}`).digest('hex').slice(0, 8), sign, bind };
}

/** Somebody at a terminal who answers, and is remembered. */
export function terminal(...answers: string[]): Partial<Io> & { questions: string[] } {
  const questions: string[] = [];
  return {
    questions,
    terminal: {
      columns: 100,
      ask: async (question) => {
        questions.push(question);
        return answers.shift() ?? '';
      },
    },
  };
}

/** Everything that was printed, in one text. */
export function printed({ stdout, stderr }: { stdout: string; stderr: string }): string {
  return stdout + stderr;
}
