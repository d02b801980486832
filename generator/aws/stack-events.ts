/** Reads the events of a stack operation. Pure: events in, facts out. */
import type { StackEvent } from '@aws-sdk/client-cloudformation';
import type { ResourceStep } from './progress.ts';

/** Stack events that begin an operation a person asked for. */
const BEGINS = /^(CREATE|UPDATE|DELETE|IMPORT)_IN_PROGRESS$/;

/** A stack operation is over in these. `CLEANUP` follows an operation whose outcome is known, and blocks the next one. */
const OVER = /_(COMPLETE|FAILED)$/;

/** AWS says so of what it gave up because something else failed. */
const CONSEQUENCE = /cancell?ed|Resource creation Initiated/i;

/** Events of the operation, oldest first. `newestFirst` is how AWS lists them; without a token the latest operation is meant. */
export function operationEvents(newestFirst: readonly StackEvent[], token?: string): StackEvent[] {
  if (token !== undefined) return newestFirst.filter((event) => event.ClientRequestToken === token).reverse();
  const begin = newestFirst.findIndex((event) => isOfStack(event) && BEGINS.test(event.ResourceStatus ?? ''));
  return newestFirst.slice(0, begin < 0 ? undefined : begin + 1).reverse();
}

export function isOfStack({ ResourceType, PhysicalResourceId, StackId }: StackEvent): boolean {
  return ResourceType === 'AWS::CloudFormation::Stack' && PhysicalResourceId === StackId;
}

/** StackStatus in which the operation ended; undefined while it goes on. */
export function finalStatus(events: readonly StackEvent[]): string | undefined {
  const last = events.filter(isOfStack).at(-1)?.ResourceStatus;
  return last !== undefined && OVER.test(last) ? last : undefined;
}

/** The failure that caused the others: the earliest that is not a consequence. */
export function firstFailure(events: readonly StackEvent[]): ResourceStep | undefined {
  const failures = events.filter((event) => /_FAILED$/.test(event.ResourceStatus ?? ''));
  const own = failures.filter((event) => !isOfStack(event) && !CONSEQUENCE.test(event.ResourceStatusReason ?? ''));
  const found = own[0] ?? failures.find((event) => !isOfStack(event)) ?? reasonOfStack(events);
  return found === undefined ? undefined : stepOf(found);
}

/** Without a failed resource, what the stack says when it turns back. */
function reasonOfStack(events: readonly StackEvent[]): StackEvent | undefined {
  return events.find((event) => isOfStack(event) && /ROLLBACK|FAILED/.test(event.ResourceStatus ?? ''));
}

export function stepOf(event: StackEvent): ResourceStep {
  return {
    resource: (isOfStack(event) ? event.StackName : event.LogicalResourceId) ?? '',
    type: event.ResourceType ?? '',
    status: event.ResourceStatus ?? '',
    at: event.Timestamp ?? new Date(0),
    ...(event.ResourceStatusReason ? { reason: event.ResourceStatusReason } : {}),
  };
}
