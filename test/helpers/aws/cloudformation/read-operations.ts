/** Looking at stacks. Every look lets time pass. */
import type {
  DescribeEventsInput,
  DescribeEventsOutput,
  DescribeStackEventsInput,
  DescribeStackEventsOutput,
  DescribeStackResourceInput,
  DescribeStackResourceOutput,
  DescribeStackResourcesInput,
  DescribeStackResourcesOutput,
  DescribeStacksInput,
  DescribeStacksOutput,
  ListStackResourcesInput,
  ListStackResourcesOutput,
  ListStacksInput,
  ListStacksOutput,
  OperationEvent,
  Stack,
  StackResource,
} from '@aws-sdk/client-cloudformation';
import { validationError } from '../errors.ts';
import type { CloudFormation } from './model.ts';
import { describeParameters } from './parameters.ts';
import type { ResourceRecord, StackRecord } from './records.ts';

export function describeStacks(cf: CloudFormation, input: DescribeStacksInput): DescribeStacksOutput {
  if (input.StackName === undefined) for (const stack of cf.stacks) cf.look(stack);
  const stacks =
    input.StackName === undefined
      ? cf.stacks.filter(({ status }) => status !== 'DELETE_COMPLETE')
      : [cf.see(input.StackName)];
  const { items, next } = cf.page(stacks, input.NextToken);
  return { Stacks: items.map(describe), NextToken: next };
}

export function listStacks(cf: CloudFormation, input: ListStacksInput): ListStacksOutput {
  for (const stack of cf.stacks) cf.look(stack);
  const filter = input.StackStatusFilter ?? [];
  const { items, next } = cf.page(
    cf.stacks.filter(({ status }) => filter.length === 0 || filter.includes(status)),
    input.NextToken,
  );
  const StackSummaries = items.map((stack) => ({
    StackId: stack.id,
    StackName: stack.name,
    TemplateDescription: stack.deployment?.template.description,
    CreationTime: stack.created,
    LastUpdatedTime: stack.updated,
    DeletionTime: stack.deleted,
    StackStatus: stack.status,
    StackStatusReason: stack.statusReason,
    DriftInformation: driftOf(stack),
  }));
  return { StackSummaries, NextToken: next };
}

export function describeStackEvents(cf: CloudFormation, input: DescribeStackEventsInput): DescribeStackEventsOutput {
  const stack = cf.see(input.StackName, (name) => `Stack [${name}] does not exist`);
  const { items, next } = cf.page([...stack.events].reverse(), input.NextToken);
  return { StackEvents: items, NextToken: next };
}

export function describeEvents(cf: CloudFormation, input: DescribeEventsInput): DescribeEventsOutput {
  const { StackName, OperationId } = input;
  // A change set is found by its ARN only, although the reference allows names.
  const changeSetArn = input.ChangeSetName?.startsWith('arn:') ? input.ChangeSetName : undefined;
  if (StackName === undefined && OperationId === undefined && changeSetArn === undefined) {
    throw validationError('One of ChangeSetName, OperationId or StackName must be specified');
  }
  const { stack, operation } = target(cf, { ...input, ChangeSetName: changeSetArn });
  cf.look(stack);
  const events: OperationEvent[] = [
    ...stack.operationEvents,
    ...stack.operations.map((one) => ({
      EventId: one.id,
      StackId: stack.id,
      OperationId: one.id,
      OperationType: one.type,
      OperationStatus: one.status,
      EventType: 'STACK_EVENT' as const,
      Timestamp: one.ended ?? one.started,
      StartTime: one.started,
      ...(one.ended ? { EndTime: one.ended } : {}),
    })),
  ];
  const wanted = events
    .filter((event) => operation === undefined || event.OperationId === operation)
    .filter((event) => !input.Filters?.FailedEvents || hasFailed(event))
    .sort((a, b) => Number(b.Timestamp) - Number(a.Timestamp));
  const { items, next } = cf.page(wanted, input.NextToken);
  return { OperationEvents: items, NextToken: next };
}

export function describeStackResources(
  cf: CloudFormation,
  input: DescribeStackResourcesInput,
): DescribeStackResourcesOutput {
  const stack =
    input.PhysicalResourceId === undefined ? cf.get(input.StackName) : byPhysicalId(cf, input.PhysicalResourceId);
  cf.look(stack);
  const wanted = [...stack.resources.values()].filter(
    ({ logicalId }) => input.LogicalResourceId === undefined || input.LogicalResourceId === logicalId,
  );
  return { StackResources: wanted.map((record) => resource(stack, record)) };
}

export function describeStackResource(
  cf: CloudFormation,
  input: DescribeStackResourceInput,
): DescribeStackResourceOutput {
  const stack = cf.see(input.StackName, (name) => `Stack '${name}' does not exist`);
  const record = stack.resources.get(String(input.LogicalResourceId));
  if (!record) throw validationError(`Resource ${input.LogicalResourceId} does not exist for stack ${stack.name}`);
  const { Timestamp, ...rest } = resource(stack, record);
  const Metadata = record.definition.attributes.Metadata;
  return {
    StackResourceDetail: {
      ...rest,
      LastUpdatedTimestamp: Timestamp,
      ...(Metadata === undefined ? {} : { Metadata: JSON.stringify(Metadata) }),
    },
  };
}

export function listStackResources(cf: CloudFormation, input: ListStackResourcesInput): ListStackResourcesOutput {
  const stack = cf.see(input.StackName);
  const { items, next } = cf.page([...stack.resources.values()], input.NextToken);
  const StackResourceSummaries = items.map((record) => {
    const { Timestamp, StackId: _, StackName: __, ...rest } = resource(stack, record);
    return { ...rest, LastUpdatedTimestamp: Timestamp };
  });
  return { StackResourceSummaries, NextToken: next };
}

function describe(stack: StackRecord): Stack {
  const { deployment } = stack;
  return {
    StackId: stack.id,
    StackName: stack.name,
    ChangeSetId: stack.changeSetId,
    Description: deployment?.template.description,
    Parameters: deployment ? describeParameters(deployment.parameters) : [],
    CreationTime: stack.created,
    DeletionTime: stack.deleted,
    LastUpdatedTime: stack.updated,
    RollbackConfiguration: {},
    StackStatus: stack.status,
    StackStatusReason: stack.statusReason,
    DisableRollback: stack.disableRollback,
    NotificationARNs: deployment?.notificationArns ?? [],
    Capabilities: deployment?.capabilities ?? [],
    Outputs: stack.outputs,
    RoleARN: deployment?.roleArn,
    Tags: deployment?.tags ?? [],
    EnableTerminationProtection: stack.terminationProtection,
    DriftInformation: driftOf(stack),
    LastOperations: stack.operations
      .slice(-2)
      .reverse()
      .map(({ id, type }) => ({ OperationId: id, OperationType: type })),
  };
}

function driftOf({ driftStatus, driftChecked }: StackRecord) {
  return { StackDriftStatus: driftStatus, ...(driftChecked ? { LastCheckTimestamp: driftChecked } : {}) };
}

function resource(stack: StackRecord, record: ResourceRecord): StackResource {
  const { drift } = record;
  return {
    StackId: stack.id,
    StackName: stack.name,
    LogicalResourceId: record.logicalId,
    PhysicalResourceId: record.physicalId,
    ResourceType: record.type,
    ResourceStatus: record.status,
    ResourceStatusReason: record.reason,
    Timestamp: record.updated,
    DriftInformation: {
      StackResourceDriftStatus: drift?.StackResourceDriftStatus ?? 'NOT_CHECKED',
      ...(drift ? { LastCheckTimestamp: drift.Timestamp } : {}),
    },
  };
}

function byPhysicalId(cf: CloudFormation, physicalId: string): StackRecord {
  const stack = cf.stacks.find(({ resources }) => [...resources.values()].some((one) => one.physicalId === physicalId));
  if (!stack) throw validationError(`Stack for ${physicalId} does not exist`);
  return stack;
}

function target(cf: CloudFormation, { ChangeSetName, OperationId, StackName }: DescribeEventsInput) {
  if (ChangeSetName !== undefined) {
    const { stack, changeSet } = cf.getChangeSet(ChangeSetName, StackName);
    cf.lookAtChangeSet(changeSet);
    return { stack, operation: changeSet.operation.id };
  }
  const stack =
    StackName === undefined
      ? cf.stacks.find(({ operations }) => operations.some(({ id }) => id === OperationId))
      : cf.get(StackName, (name) => `Stack [${name}] does not exist`);
  if (!stack) throw validationError(`Operation [${OperationId}] does not exist`);
  return { stack, operation: OperationId };
}

function hasFailed({ EventType, OperationStatus }: OperationEvent): boolean {
  return EventType === 'VALIDATION_ERROR' || EventType === 'PROVISIONING_ERROR' || OperationStatus === 'FAILED';
}
