/** Importing: a stack takes over what exists. It makes, changes and removes nothing but the tags that name the stack. */
import type { CreateChangeSetInput, ResourceChange, ResourceToImport } from '@aws-sdk/client-cloudformation';
import { validationError } from '../errors.ts';
import { equal, type JsonObject } from '../json.ts';
import type { LiveResource, ResourceAddress } from '../world.ts';
import { planChanges } from './changes.ts';
import { addressOf, type Engine, executionScope, systemTags } from './engine.ts';
import type { CloudFormation } from './model.ts';
import type { Change } from './operations.ts';
import type { Deployment, ResourceRecord, StackRecord, Steps } from './records.ts';
import { evaluateProperties } from './scope.ts';
import { resourceSpec } from './spec.ts';
import type { ResourceDefinition } from './template.ts';

export type OwnerOf = (address: Pick<ResourceAddress, 'type' | 'physicalId'>) => string | undefined;

export const IMPORT_REVIEW =
  'Verify that resources and their properties defined in the template match the intended configuration of the resource import to avoid unexpected changes.';

/** What CreateChangeSet refuses at once. */
export function checkImport(
  cf: CloudFormation,
  { input, deployment, stack }: { input: CreateChangeSetInput; deployment: Deployment; stack: StackRecord | undefined },
): void {
  const resources = input.ResourcesToImport ?? [];
  if (input.ChangeSetType !== 'IMPORT') {
    if (resources.length > 0)
      throw validationError('ResourcesToImport may only be specified for a change set of type IMPORT');
    return;
  }
  if (resources.length === 0) throw validationError('Must Provide at least one resource to import');
  const before = stack?.deployment;
  const frozen = [
    ...(before?.roleArn !== deployment.roleArn ? ['RoleArn'] : []),
    ...(equal(asJson(before?.tags), asJson(deployment.tags)) ? [] : ['Tags']),
    ...(equal((before?.template.outputs ?? {}) as JsonObject, deployment.template.outputs as JsonObject)
      ? []
      : ['Outputs']),
  ];
  if (frozen.length > 0)
    throw validationError(`As part of the import operation, you cannot modify or add [${frozen.join(', ')}]`);
  for (const resource of resources) checkIdentifier(resource, deployment);
  checkRest(cf, { resources, deployment, stack });
}

function asJson(tags: Deployment['tags'] = []): JsonObject {
  return Object.fromEntries(tags.map(({ Key, Value }) => [String(Key), String(Value)]));
}

function checkIdentifier(resource: ResourceToImport, { template }: Deployment): void {
  const { ResourceType: type = '', LogicalResourceId: id = '', ResourceIdentifier: identifier = {} } = resource;
  const definition = template.resources[id];
  if (definition === undefined)
    throw validationError(
      `The logical resource ids [${id}] provided in ResourceToImport do not exist in the template.`,
    );
  const keys = resourceSpec(type)?.primaryIdentifier ?? [];
  if (!equal([...keys].sort(), Object.keys(identifier).sort()))
    throw validationError(`Invalid resource identifier for resource type ${type}. Expected [${keys.join(', ')}]`);
  if (definition.type !== type)
    throw validationError(
      `Resource type of [${id}] passed in ResourceToImport does not match with resource type defined in the template.`,
    );
  for (const [key, value] of Object.entries(identifier)) {
    const stated = definition.properties[key];
    if (typeof stated === 'string' && stated !== value)
      throw validationError(
        `The Identifier [${key}] for resource [${id}] does not match the identifier value for the resource in the template.`,
      );
  }
}

/** Nothing else may be new, other or gone. */
function checkRest(
  cf: CloudFormation,
  {
    resources,
    deployment,
    stack,
  }: { resources: ResourceToImport[]; deployment: Deployment; stack: StackRecord | undefined },
): void {
  const ids = resources.map(({ LogicalResourceId }) => String(LogicalResourceId));
  const planned = planOf(cf, { deployment, stack });
  const named = (...actions: string[]): string[] =>
    planned.flatMap(({ Action, LogicalResourceId }) =>
      actions.includes(String(Action)) ? [String(LogicalResourceId)] : [],
    );
  const added = named('Add');
  const present = ids.filter((id) => !added.includes(id));
  if (present.length > 0)
    throw validationError(
      `Resources [${present.join(', ')}] passed in ResourceToImport are already in a stack and cannot be imported.`,
    );
  const missing = added.filter((id) => !ids.includes(id));
  if (missing.length > 0)
    throw validationError(`Resources [${missing.join(', ')}] is missing from ResourceToImport list`);
  const others = named('Modify', 'Remove');
  if (others.length > 0)
    throw validationError(
      `You have modified resources [${others.join(', ')}] in your template that are not being imported. Update, create or delete operations cannot be executed during import operations.`,
    );
  const fickle = ids.filter((id) => deployment.template.resources[id]?.attributes.DeletionPolicy === undefined);
  if (fickle.length > 0)
    throw validationError(
      `The following resources to import [${fickle.join(', ')}] must have DeletionPolicy attribute specified in the template.`,
    );
}

function planOf(
  { engine }: CloudFormation,
  { deployment, stack }: { deployment: Deployment; stack: StackRecord | undefined },
): ResourceChange[] {
  if (stack?.deployment !== undefined) return planChanges({ engine, stack, deployment, revertDrift: false }).changes;
  return Object.entries(deployment.template.resources).map(([LogicalResourceId, { type }]) => ({
    Action: 'Add',
    LogicalResourceId,
    ResourceType: type,
  }));
}

/** What the change set says, or why it fails: AWS looks for the resources while it makes it. */
export function importChanges(
  engine: Engine,
  { resources, ownerOf }: { resources: ResourceToImport[]; ownerOf: OwnerOf },
): { changes: ResourceChange[] } | { problem: string } {
  const changes: ResourceChange[] = [];
  for (const resource of resources) {
    const live = find(engine, resource);
    if (live === undefined) return { problem: notFound(resource) };
    const owner = ownerOf(live);
    if (owner !== undefined) return { problem: `${live.physicalId} already exists in stack ${owner}` };
    changes.push({
      Action: 'Import',
      LogicalResourceId: resource.LogicalResourceId,
      PhysicalResourceId: live.physicalId,
      ResourceType: resource.ResourceType,
      Scope: [],
      Details: [],
    });
  }
  return { changes };
}

function find({ world, account, region }: Engine, resource: ResourceToImport): LiveResource | undefined {
  const { ResourceType: type = '', ResourceIdentifier: identifier = {} } = resource;
  return world
    .all(type, account)
    .filter((one) => one.region === region)
    .find(({ properties, attributes, physicalId }) =>
      Object.entries(identifier).every(
        ([key, value]) => properties[key] === value || attributes[key] === value || physicalId === value,
      ),
    );
}

/** In the words of the service for a table, and in those of CloudFormation for others. */
function notFound({ ResourceType, ResourceIdentifier = {} }: ResourceToImport): string {
  const identifier = Object.values(ResourceIdentifier).join('|');
  if (ResourceType === 'AWS::DynamoDB::Table') return `Table: ${identifier} does not exist.`;
  return `Resource of type '${ResourceType}' with identifier '${identifier}' was not found.`;
}

export function* importing(change: Change, resources: readonly ResourceToImport[]): Steps {
  const { engine, stack, deployment, operation } = change;
  const previous = stack.deployment;
  engine.journal.stack(stack, 'IMPORT_IN_PROGRESS', 'User Initiated');
  yield;
  const begun: ResourceRecord[] = [];
  const reason = yield* takeOver(change, { resources, begun });
  if (reason !== undefined) {
    engine.journal.end(operation, 'FAILED');
    return yield* giveBack(change, { begun, reason, previous });
  }
  stack.deployment = deployment;
  engine.journal.stack(stack, 'IMPORT_COMPLETE');
  engine.journal.end(operation, 'SUCCEEDED');
}

/** Gives the reason if it fails. */
function* takeOver(
  { engine, stack, deployment }: Change,
  { resources, begun }: { resources: readonly ResourceToImport[]; begun: ResourceRecord[] },
): Generator<void, string | undefined> {
  for (const resource of resources) {
    const logicalId = String(resource.LogicalResourceId);
    const definition = deployment.template.resources[logicalId] as ResourceDefinition;
    const record: ResourceRecord = {
      logicalId,
      type: definition.type,
      physicalId: '',
      status: 'IMPORT_IN_PROGRESS',
      reason: undefined,
      updated: engine.clock.now(),
      definition,
      properties: {},
      drift: undefined,
    };
    begun.push(record);
    stack.resources.set(logicalId, record);
    engine.journal.resource(stack, record, 'IMPORT_IN_PROGRESS', 'Resource import started.');
    yield;
    const live = find(engine, resource);
    const ordered = engine.failures.take(stack.name, logicalId, 'import');
    const reason = ordered ?? (live === undefined ? notFound(resource) : undefined);
    if (reason !== undefined) {
      engine.journal.resource(stack, record, 'IMPORT_FAILED', reason);
      return reason;
    }
    record.physicalId = live?.physicalId ?? '';
    engine.journal.resource(stack, record, 'IMPORT_COMPLETE', 'Resource import completed.');
    yield;
  }
  for (const record of begun) {
    const scope = executionScope(engine, stack, deployment);
    record.properties = evaluateProperties(record.definition.properties, scope) as JsonObject;
    engine.journal.resource(
      stack,
      record,
      'UPDATE_IN_PROGRESS',
      'Apply stack-level tags to imported resource if applicable.',
    );
    yield;
    engine.world.adopt(addressOf(engine, record), systemTags(stack, record.logicalId));
    const reason = engine.failures.take(stack.name, record.logicalId, 'update');
    if (reason !== undefined) {
      engine.journal.resource(stack, record, 'UPDATE_FAILED', reason);
      return reason;
    }
    engine.journal.resource(stack, record, 'UPDATE_COMPLETE');
    yield;
  }
  return undefined;
}

/** The resources stay as they are, outside of the stack; what tagging did to them is not taken back. */
function* giveBack(
  { engine, stack }: Change,
  { begun, reason, previous }: { begun: readonly ResourceRecord[]; reason: string; previous: Deployment | undefined },
): Steps {
  engine.journal.stack(stack, 'IMPORT_ROLLBACK_IN_PROGRESS', reason);
  yield;
  for (const record of [...begun].reverse()) {
    engine.journal.resource(stack, record, 'IMPORT_ROLLBACK_IN_PROGRESS');
    yield;
    engine.journal.resource(stack, record, 'IMPORT_ROLLBACK_COMPLETE');
    stack.resources.delete(record.logicalId);
    yield;
  }
  stack.deployment = previous;
  engine.journal.stack(stack, previous === undefined ? 'ROLLBACK_COMPLETE' : 'IMPORT_ROLLBACK_COMPLETE');
}
