/** Follows a stack operation to its end: each event is told once, and a cut of the network is waited out. */
import type { StackEvent } from '@aws-sdk/client-cloudformation';
import type { Diagnostic } from '../report/diagnostic.ts';
import type { CloudFormationApi } from './api/cloudformation.ts';
import { type Aws, pause } from './context.ts';
import { faultOf, isThrottled, isUnreachable } from './faults.ts';
import type { ResourceStep } from './progress.ts';
import { Refusal } from './refusal.ts';
import { finalStatus, firstFailure, operationEvents, stepOf } from './stack-events.ts';

export interface Followed {
  /** StackStatus at the end; `DELETE_COMPLETE` also when the stack is gone. */
  status: string;
  /** What failed first, if anything did. */
  failure?: ResourceStep;
}

export interface FollowOptions {
  /** Id of the stack, for progress. */
  id: string;
  /** Name or ARN. A deleted stack is only found by its ARN. */
  stack: string;
  region: string;
  /** Given with the operation; without it the latest one is followed. */
  token?: string;
  /** Command that goes on after a cut. */
  resume: string;
}

/** Milliseconds between looks: short at first and after news, long while nothing happens. */
const FIRST_WAIT = 700;
const LONGEST_WAIT = 10_000;

/** Looks in a row that may fail, each after the SDK's own retries. */
const LOST_AFTER = 6;

/** Throws a Refusal (EP7304, or EP7023 when interrupted). */
export async function follow(aws: Aws, options: FollowOptions): Promise<Followed> {
  const api = await aws.clients.cloudFormation(options.region);
  const told = new Set<string>();
  let wait = FIRST_WAIT;
  let lost = 0;
  for (;;) {
    const found = await look(api, options).catch((error: unknown) => {
      lost++;
      const mayPass = isUnreachable(error) || isThrottled(error);
      if (!mayPass || lost >= LOST_AFTER) throw new Refusal(...connectionLost(error, options));
      return undefined;
    });
    if (found !== undefined) {
      lost = 0;
      const news = found.filter((event) => !told.has(event.EventId ?? ''));
      for (const event of news) {
        told.add(event.EventId ?? '');
        aws.progress.step(options.id, stepOf(event));
      }
      const status = finalStatus(found);
      const failure = firstFailure(found);
      if (status !== undefined) return { status, ...(failure === undefined ? {} : { failure }) };
      if (news.length > 0) wait = FIRST_WAIT;
    }
    await pause(aws, wait);
    wait = Math.min(wait * 1.5, LONGEST_WAIT);
  }
}

/** Events of the operation, oldest first. */
async function look(api: CloudFormationApi, { stack, token }: FollowOptions): Promise<StackEvent[]> {
  const newestFirst: StackEvent[] = [];
  let next: string | undefined;
  do {
    const page = await api.describeStackEvents({
      StackName: stack,
      ...(next === undefined ? {} : { NextToken: next }),
    });
    newestFirst.push(...(page.StackEvents ?? []));
    next = isComplete(newestFirst, token) ? undefined : page.NextToken;
  } while (next !== undefined);
  return operationEvents(newestFirst, token);
}

/** Whether everything of the operation is on the pages read so far. */
function isComplete(newestFirst: readonly StackEvent[], token: string | undefined): boolean {
  if (token === undefined) return operationEvents(newestFirst).length < newestFirst.length;
  const others = newestFirst.at(-1)?.ClientRequestToken !== token;
  return others && newestFirst.some((event) => event.ClientRequestToken === token);
}

function connectionLost(error: unknown, { stack, resume }: FollowOptions): Diagnostic[] {
  const fault = faultOf(error);
  if (fault === undefined) throw error;
  const goesOn: Diagnostic = {
    code: 'EP7304',
    severity: 'error',
    message: `The connection to AWS was lost while ${stack.split('/').at(-2) ?? stack} was changing. The operation goes on in AWS.`,
    hint: `Run \`${resume}\` again: it waits for the operation, and then goes on.`,
  };
  return [goesOn, fault];
}
