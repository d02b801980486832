/**
 * What an operator works on, in an AWS of the tests: the workflow of the keys with the function that ships, the revocation
 * table with its worker, the stores, and the outputs by which the commands find them.
 */
import { createHash } from 'node:crypto';
import { begin, type Keeper } from '../../runtime/base/key-steps.ts';
import { handleKeys } from '../../runtime/base/keys.ts';
import { handleRevocations, type RevocationsEvent } from '../../runtime/base/revocations.ts';
import type { NewKey } from '../../runtime/keys/rotation.ts';
import { keysMachine } from '../../templates/base/keys-machine.ts';
import { type KeysWorld, keysWorld, TABLE } from '../runtime/base/keys-world.ts';
import { type RevocationsWorld, revocationsWorld } from '../runtime/base/revocations-world.ts';
import { runKeysMachine } from '../templates/base/run-keys-machine.ts';
import { clients } from './aws/clients.ts';
import type { MachineModel } from './aws/data/executions.ts';
import type { Table } from './aws/data/tables.ts';
import { driver, template, topic } from './aws/stack-driver.ts';
import type { Aws } from './aws/start.ts';
import { ACCOUNT, HOME } from './deployment-variants.ts';
import { testKey } from './sign.ts';

const STACK = 'acme-dev-base-home';
const FUNCTION = `arn:aws:lambda:${HOME}:${ACCOUNT}:function:acme-dev-keys`;
export const MACHINE = `arn:aws:states:${HOME}:${ACCOUNT}:stateMachine:acme-dev-keys`;
export const LIFETIME = 14_400;

export const OUTPUTS: Readonly<Record<string, string>> = {
  KeysMachineArn: MACHINE,
  RevocationTable: TABLE,
  LongestLifetime: String(LIFETIME),
};

export interface OperatedEnvironment {
  /** Records, edge state, and their clock. */
  keys: KeysWorld;
  worker: RevocationsWorld;
  /** The revocation table. */
  table: Table;
  /** What the workflow is asked for, in order. */
  asked: object[];
  /** Puts something else in place of the workflow. */
  replace(machine: MachineModel): void;
  /** Lets the worker follow the stream, or do a task; keys of revoked sessions at the edge after it. */
  follow(event?: RevocationsEvent): Promise<string[]>;
  /** Ids of the keys with these states, oldest first. */
  kids(state: 'spare' | 'signing' | 'retiring' | 'gone'): string[];
}

export interface OperatedOptions {
  /** Seconds since 1970. */
  now(): number;
  /** Lets time pass, in seconds. */
  wait(seconds: number): void;
  /** Of the stack `base.home`; `undefined`: it is not deployed. */
  outputs?: Readonly<Record<string, string>> | undefined;
  /** Whether the first keys are there, and a day old. */
  begun?: boolean;
  /** How often an execution is looked at before it has ended. */
  looks?: number;
}

export async function operatedEnvironment(aws: Aws, options: OperatedOptions): Promise<OperatedEnvironment> {
  const { now, wait, outputs, begun = true, looks = 0 } = options;
  if (outputs !== undefined) {
    const { cloudFormation } = clients({ endpoint: aws.endpoint, region: HOME, account: ACCOUNT });
    const Outputs = Object.fromEntries(Object.entries(outputs).map(([id, Value]) => [id, { Value }]));
    await driver(cloudFormation, STACK).deploy(template({ Topic: topic('home') }, { Outputs }));
  }
  const { keys, worker } = worlds(aws, now);
  let count = 0;
  const makeKey = (): NewKey => nextKey(++count);
  const keeper = (): Keeper => ({ ...keys.keeper(), makeKey });
  if (begun) {
    await begin(keeper());
    wait(86_400);
  }
  const asked: object[] = [];
  const run = async (input: object): ReturnType<typeof runWorkflow> => {
    asked.push(input);
    return runWorkflow(input, { keeper, wait });
  };
  aws.states.create(MACHINE, { looks, run });
  const table = aws.tables.table(TABLE);
  return {
    keys,
    worker,
    table,
    asked,
    replace: (machine) => aws.states.create(MACHINE, machine),
    follow: async (event = { Records: table.stream.splice(0) }) => {
      await handleRevocations(event, worker.worker());
      return worker.edge().filter((key) => key.startsWith('r.'));
    },
    kids: (state) => keys.record().keys.flatMap((key) => (key.state === state ? [key.kid] : [])),
  };
}

/** Both functions' worlds as one: the same store, the table that the commands write, the clock of the commands. */
function worlds(aws: Aws, now: () => number): { keys: KeysWorld; worker: RevocationsWorld } {
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
        return handleKeys(Payload, keeper()).catch(asLambda);
      },
    });
    return { output };
  } catch (error) {
    const { name, message } = error as Error;
    return { error: name, cause: message };
  }
}

function asLambda({ name: errorType, message: errorMessage }: Error): never {
  const trace = [`${errorType}: ${errorMessage}`, '    at sign (/var/task/index.js:1:1)'];
  throw Object.assign(new Error(JSON.stringify({ errorType, errorMessage, trace })), { name: errorType });
}

/** The same keys in every run, with ids of the usual form. */
function nextKey(count: number): NewKey {
  const { sign, bind } = testKey(`operations-${count}`);
  return { kid: createHash('sha256').update(`key ${count}`).digest('hex').slice(0, 8), sign, bind };
}
