/** Starts the workflow of the keys, and follows it to its end. */
import { randomUUID } from 'node:crypto';
import type { DescribeExecutionCommandOutput } from '@aws-sdk/client-sfn';
import type { Manifest } from '../output/manifest.ts';
import { failed, type Outcome, outcome } from '../report/diagnostic.ts';
import type { StatesApi } from './api/states.ts';
import type { Aws } from './context.ts';
import { faultOf, isThrottled, isUnreachable } from './faults.ts';
import { type KeysAnswer, readKeysAnswer } from './keys-answer.ts';
import { type KeysPlace, keysFailure, lostConnection, stoppedLooking, strangeAnswer } from './keys-faults.ts';
import { Refusal } from './refusal.ts';
import { stackOutputs } from './stack-outputs.ts';

/** Input of the workflow. Times are seconds since 1970. */
export type KeysCommand =
  | { command: 'list' | 'run' | 'rotate' }
  | { command: 'kill'; kid: string }
  | { command: 'void'; before: number }
  | { command: 'mode'; mode: 'report' | 'enforce'; until: number }
  | { command: 'mode'; mode: 'off' };

/** The workflow of an environment. */
export interface KeysWorkflow {
  arn: string;
  region: string;
  environment: string;
}

export interface KeysRun {
  /** ARN of the execution. */
  execution: string;
  answer: KeysAnswer;
  /** When it ended, by the clock of AWS, seconds since 1970. */
  ended: number;
}

/** Faults: EP7013, EP7901. */
export async function keysWorkflow(aws: Aws, manifest: Manifest): Promise<Outcome<KeysWorkflow>> {
  const found = await stackOutputs(aws, manifest, { id: 'KeysMachineArn', what: 'workflow of the keys' });
  if (!found.ok) return found;
  const { values, region } = found.value;
  return outcome({ arn: values.KeysMachineArn ?? '', region, environment: manifest.environment });
}

/** Starts an execution; asked twice because an answer was lost, it is started once. */
export async function startKeys(aws: Aws, { arn, region }: KeysWorkflow, command: KeysCommand): Promise<string> {
  const api = await aws.clients.states(region);
  const at = aws
    .now()
    .toISOString()
    .replace(/[-:]|\.\d+/g, '');
  const name = `cli-${command.command}-${at}-${randomUUID().slice(0, 8)}`;
  try {
    const { executionArn } = await api.startExecution({ stateMachineArn: arn, name, input: JSON.stringify(command) });
    if (executionArn !== undefined) return executionArn;
  } catch (error) {
    // Our own name: the first try has started it, and it has ended before the second.
    if ((error as Error).name !== 'ExecutionAlreadyExists') throw error;
  }
  return `${arn.replace(':stateMachine:', ':execution:')}:${name}`;
}

/** Milliseconds between looks. */
const FIRST_WAIT = 500;
const LONGEST_WAIT = 5_000;
/** Looks in a row that may fail, each after the SDK's own retries. */
const LOST_AFTER = 6;

/** Waits for the end; `look` is called whenever it still runs. Faults: EP7902, EP7903, EP7905; throws a Refusal (EP7904, EP7023). */
export async function followKeys(
  aws: Aws,
  { region, environment }: KeysWorkflow,
  { execution, look = () => undefined }: { execution: string; look?: () => void },
): Promise<Outcome<KeysRun>> {
  const api = await aws.clients.states(region);
  const place: KeysPlace = { environment, region, execution };
  let wait = FIRST_WAIT;
  let lost = 0;
  for (;;) {
    const found = await described(api, execution).catch((error: unknown) => {
      lost++;
      if (mayPass(error) && lost < LOST_AFTER) return undefined;
      const fault = faultOf(error);
      if (fault === undefined) throw error;
      throw new Refusal(...lostConnection(place, fault));
    });
    if (found !== undefined) {
      lost = 0;
      if (found.status !== 'RUNNING') return endOf(place, { ...found, now: aws.now() });
      look();
    }
    await aws.sleep(wait);
    if (aws.interrupted.aborted) throw new Refusal(stoppedLooking(place));
    wait = Math.min(wait * 1.5, LONGEST_WAIT);
  }
}

/** An execution that has just begun may not be known yet: "This operation is eventually consistent" (API, DescribeExecution). */
function mayPass(error: unknown): boolean {
  return isUnreachable(error) || isThrottled(error) || (error as Error).name === 'ExecutionDoesNotExist';
}

function described(api: StatesApi, executionArn: string): Promise<DescribeExecutionCommandOutput> {
  return api.describeExecution({ executionArn });
}

function endOf(place: KeysPlace, found: DescribeExecutionCommandOutput & { now: Date }): Outcome<KeysRun> {
  const { status, error, cause, output, now, stopDate = now } = found;
  if (status !== 'SUCCEEDED') return failed(keysFailure(place, { error: error ?? status, cause }));
  const answer = readKeysAnswer(output);
  if (answer === undefined) return failed(strangeAnswer(place));
  const ended = Math.floor(stopDate.getTime() / 1000);
  return outcome({ execution: place.execution, answer, ended });
}
