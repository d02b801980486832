/** CreateChangeSet and what follows from it. */
import type {
  CreateChangeSetInput,
  CreateChangeSetOutput,
  DeleteChangeSetInput,
  DescribeChangeSetInput,
  DescribeChangeSetOutput,
  ExecuteChangeSetInput,
  ListChangeSetsInput,
  ListChangeSetsOutput,
} from '@aws-sdk/client-cloudformation';
import { AwsError, validationError } from '../errors.ts';
import { equal, type JsonObject } from '../json.ts';
import { creating } from './change-set-creation.ts';
import { describeChange } from './describe-change.ts';
import { checkImport, importing, type OwnerOf } from './imports.ts';
import { readDeployment } from './inputs.ts';
import type { CloudFormation } from './model.ts';
import { beginCreate, beginUpdate, type Change, create, update } from './operations.ts';
import { describeParameters } from './parameters.ts';
import type { ChangeSetRecord, Deployment, StackRecord, Steps } from './records.ts';
import { checkRollbackDisabled, checkUpdatable, newStack, outdateChangeSets } from './states.ts';

export function createChangeSet(cf: CloudFormation, input: CreateChangeSetInput): CreateChangeSetOutput {
  const { engine } = cf;
  const name = String(input.ChangeSetName);
  if (!/^[a-zA-Z][-a-zA-Z0-9]{0,127}$/.test(name)) {
    throw validationError(
      `1 validation error detected: Value '${name}' at 'changeSetName' failed to satisfy constraint: Member must satisfy regular expression pattern: [a-zA-Z][-a-zA-Z0-9]*`,
    );
  }
  const type = input.ChangeSetType ?? 'UPDATE';
  const existing = cf.find(input.StackName);
  if (type === 'CREATE' && existing && existing.status !== 'REVIEW_IN_PROGRESS') {
    throw validationError(
      `Stack [${existing.name}] already exists and cannot be created again with the changeSet [${name}].`,
    );
  }
  const isNew = !existing || existing.status === 'REVIEW_IN_PROGRESS';
  if (type === 'UPDATE' || (type === 'IMPORT' && !isNew)) {
    if (!existing) throw validationError(`Stack [${input.StackName}] does not exist`);
    checkUpdatable(existing);
  }
  const deployment = readDeployment(cf, input, existing);
  checkImport(cf, { input, deployment, stack: existing });
  const same = existing?.changeSets.find((other) => other.name === name);
  if (existing && same) return { Id: repeated(same, deployment, input).id, StackId: existing.id };
  const stack = existing ?? begin(cf, String(input.StackName));
  const changeSet: ChangeSetRecord = {
    id: arn(cf, `changeSet/${name}`),
    name,
    type,
    status: 'CREATE_PENDING',
    statusReason: undefined,
    executionStatus: 'UNAVAILABLE',
    created: engine.clock.now(),
    description: input.Description,
    clientToken: input.ClientToken,
    onStackFailure: input.OnStackFailure,
    deploymentMode: input.DeploymentMode,
    includeNestedStacks: input.IncludeNestedStacks,
    importExistingResources: input.ImportExistingResources,
    resourcesToImport: input.ResourcesToImport ?? [],
    deployment,
    changes: [],
    stackDriftStatus: undefined,
    operation: engine.journal.begin(stack, 'CREATE_CHANGESET', input.ClientToken),
    executedBy: undefined,
    running: undefined,
  };
  stack.changeSets.push(changeSet);
  const findings = input.DisableValidation ? [] : engine.failures.takeFindings(stack.name);
  const ownerOf: OwnerOf = (address) => cf.ownerOf(address)?.id;
  changeSet.running = creating(cf.engine, { stack, changeSet, findings, ownerOf });
  return { Id: changeSet.id, StackId: stack.id };
}

export function begin(cf: CloudFormation, name: string): StackRecord {
  if (!/^[a-zA-Z][-a-zA-Z0-9]{0,127}$/.test(name)) {
    throw validationError(
      `1 validation error detected: Value '${name}' at 'stackName' failed to satisfy constraint: Member must satisfy regular expression pattern: [a-zA-Z][-a-zA-Z0-9]*`,
    );
  }
  const stack = newStack({ name, id: arn(cf, `stack/${name}`), now: cf.engine.clock.now() });
  cf.stacks.push(stack);
  cf.engine.journal.stack(stack, 'REVIEW_IN_PROGRESS', 'User Initiated');
  return stack;
}

export function describeChangeSet(cf: CloudFormation, input: DescribeChangeSetInput): DescribeChangeSetOutput {
  const { stack, changeSet } = cf.getChangeSet(input.ChangeSetName, input.StackName);
  cf.lookAtChangeSet(changeSet);
  const { items, next } = cf.page(changeSet.changes, input.NextToken);
  const { deployment } = changeSet;
  return {
    ChangeSetName: changeSet.name,
    ChangeSetId: changeSet.id,
    StackId: stack.id,
    StackName: stack.name,
    Description: changeSet.description,
    Parameters: describeParameters(deployment.parameters),
    CreationTime: changeSet.created,
    ExecutionStatus: changeSet.executionStatus,
    Status: changeSet.status,
    StatusReason: changeSet.statusReason,
    StackDriftStatus: changeSet.stackDriftStatus,
    NotificationARNs: deployment.notificationArns,
    RollbackConfiguration: {},
    Capabilities: deployment.capabilities,
    Tags: deployment.tags,
    Changes: items.map((change) =>
      describeChange(change, { values: input.IncludePropertyValues === true, deployment }),
    ),
    NextToken: next,
    IncludeNestedStacks: changeSet.includeNestedStacks ?? false,
    OnStackFailure: changeSet.onStackFailure,
    ImportExistingResources: changeSet.importExistingResources,
    DeploymentMode: changeSet.deploymentMode,
  };
}

export function listChangeSets(cf: CloudFormation, input: ListChangeSetsInput): ListChangeSetsOutput {
  const stack = cf.get(input.StackName, (name) => `Stack [${name}] does not exist`);
  const { items, next } = cf.page(stack.changeSets, input.NextToken);
  return {
    Summaries: items.map((one) => ({
      StackId: stack.id,
      StackName: stack.name,
      ChangeSetId: one.id,
      ChangeSetName: one.name,
      ExecutionStatus: one.executionStatus,
      Status: one.status,
      StatusReason: one.statusReason,
      CreationTime: one.created,
      Description: one.description,
      IncludeNestedStacks: one.includeNestedStacks ?? false,
    })),
    NextToken: next,
  };
}

export function deleteChangeSet(cf: CloudFormation, input: DeleteChangeSetInput): object {
  const byName = !input.ChangeSetName?.startsWith('arn:');
  const stack = byName ? cf.get(input.StackName, (name) => `Stack [${name}] does not exist`) : undefined;
  const owner = stack ?? cf.stacks.find(({ changeSets }) => changeSets.some(({ id }) => id === input.ChangeSetName));
  const changeSet = owner?.changeSets.find(({ id, name }) => input.ChangeSetName === (byName ? name : id));
  if (!owner || !changeSet) return {};
  if (changeSet.executionStatus === 'EXECUTE_IN_PROGRESS') {
    throw invalidStatus(changeSet, `deleted in its current execution status of [${changeSet.executionStatus}]`);
  }
  owner.changeSets = owner.changeSets.filter((one) => one !== changeSet);
  return {};
}

export function executeChangeSet(cf: CloudFormation, input: ExecuteChangeSetInput): object {
  const { stack, changeSet } = cf.getChangeSet(input.ChangeSetName, input.StackName);
  if (changeSet.executedBy !== undefined && changeSet.executedBy === input.ClientRequestToken) return {};
  if (changeSet.status !== 'CREATE_COMPLETE') {
    throw invalidStatus(changeSet, `executed in its current status of [${changeSet.status}]`);
  }
  if (changeSet.executionStatus !== 'AVAILABLE') {
    throw invalidStatus(changeSet, `executed in its current execution status of [${changeSet.executionStatus}]`);
  }
  if (changeSet.onStackFailure !== undefined && input.DisableRollback !== undefined) {
    throw validationError('DisableRollback cannot be specified when the change set specifies OnStackFailure');
  }
  const isNew = stack.status === 'REVIEW_IN_PROGRESS';
  if (changeSet.type === 'UPDATE' || (changeSet.type === 'IMPORT' && !isNew)) {
    checkUpdatable(stack);
    checkRollbackDisabled(stack, input.DisableRollback === true);
  }
  changeSet.executedBy = input.ClientRequestToken;
  changeSet.executionStatus = 'EXECUTE_IN_PROGRESS';
  outdateChangeSets(stack, changeSet.id);
  stack.changeSetId = changeSet.id;
  stack.disableRollback = input.DisableRollback ?? false;
  const { engine } = cf;
  const operation = engine.journal.begin(stack, isNew ? 'CREATE_STACK' : 'UPDATE_STACK', input.ClientRequestToken);
  const change: Change = {
    engine,
    stack,
    deployment: changeSet.deployment,
    operation,
    onFailure: input.DisableRollback ? 'DO_NOTHING' : (changeSet.onStackFailure ?? 'ROLLBACK'),
    revertDrift: changeSet.deploymentMode === 'REVERT_DRIFT',
  };
  const steps =
    changeSet.type === 'IMPORT'
      ? importing(change, changeSet.resourcesToImport)
      : start(change, changeSet.type === 'CREATE');
  stack.running = executing(stack, changeSet, steps);
  return {};
}

export function start(change: Change, isNew: boolean): Steps {
  if (!isNew) return update(change, beginUpdate(change));
  beginCreate(change);
  return create(change);
}

function* executing(stack: StackRecord, changeSet: ChangeSetRecord, steps: Steps): Steps {
  yield* steps;
  const good = ['CREATE_COMPLETE', 'UPDATE_COMPLETE', 'IMPORT_COMPLETE'].includes(stack.status);
  changeSet.executionStatus = good ? 'EXECUTE_COMPLETE' : 'EXECUTE_FAILED';
  if (good) stack.changeSets = stack.changeSets.filter(({ executionStatus }) => executionStatus !== 'OBSOLETE');
}

/** The same request once more is answered as before; another one under the same name is a mistake. */
function repeated(same: ChangeSetRecord, deployment: Deployment, input: CreateChangeSetInput): ChangeSetRecord {
  const values = (one: Deployment): JsonObject =>
    Object.fromEntries([...one.parameters].map(([key, { value }]) => [key, value]));
  const mismatch = !equal(same.deployment.template.document, deployment.template.document)
    ? 'Template'
    : !equal(values(same.deployment), values(deployment))
      ? 'Parameters'
      : same.clientToken !== input.ClientToken
        ? 'ClientToken'
        : undefined;
  if (mismatch === undefined) return same;
  throw new AwsError(
    'AlreadyExistsException',
    `ChangeSet ${same.name} cannot be created due to a mismatch with existing attribute ${mismatch}`,
  );
}

function invalidStatus({ id }: ChangeSetRecord, cannot: string): AwsError {
  return new AwsError('InvalidChangeSetStatus', `ChangeSet [${id}] cannot be ${cannot}`);
}

function arn({ engine }: CloudFormation, path: string): string {
  return `arn:aws:cloudformation:${engine.region}:${engine.account}:${path}/${engine.ids.uuid()}`;
}
