/**
 * Brings the resources of a stack to what a deployment says: creating and updating, in waves of resources that do not wait
 * for each other. Removing comes afterwards (`delete.ts`), going back if it fails is `rollback.ts`.
 */
import type { ResourceStatus } from '@aws-sdk/client-cloudformation';
import { diffPaths, equal, type JsonObject } from '../json.ts';
import { addressOf, type Engine, executionScope, isProvisioned, liveProperties, systemTags } from './engine.ts';
import { dependencies, waves } from './graph.ts';
import { applied, revertedKeys } from './live.ts';
import type { Deployment, ResourceRecord, StackRecord } from './records.ts';
import { customName, identify } from './resource-values.ts';
import { activeResources, evaluateProperties } from './scope.ts';
import { isCustom, recreation, tagProperty } from './spec.ts';
import type { ResourceDefinition } from './template.ts';

export interface Provisioning {
  engine: Engine;
  stack: StackRecord;
  deployment: Deployment;
  /** Tags of the stack reach every resource that can have tags. */
  tagsChanged: boolean;
  revertDrift: boolean;
  /** After a failure: finish what does not depend on it. */
  keepGoing: boolean;
}

/** What happened to one resource, with what is needed to undo it. */
export interface Touched {
  logicalId: string;
  /** Unset if there was none. */
  before: ResourceRecord | undefined;
  liveBefore: JsonObject | undefined;
  replaced: boolean;
}

export interface Outcome {
  createFailed: string[];
  updateFailed: string[];
  touched: Touched[];
}

interface Work extends Touched {
  record: ResourceRecord;
  properties: JsonObject;
  keys: string[];
}

export function* provision(task: Provisioning): Generator<void, Outcome> {
  const { engine, stack, deployment } = task;
  const scope = executionScope(engine, stack, deployment);
  const wanted = activeResources(deployment.template, scope);
  const definitions = new Map(wanted.map((id) => [id, deployment.template.resources[id] as ResourceDefinition]));
  const graph = dependencies(definitions);
  const outcome: Outcome = { createFailed: [], updateFailed: [], touched: [] };
  const failed = new Set<string>();
  for (const wave of waves(graph)) {
    const ready: Work[] = [];
    for (const logicalId of wave) {
      if ([...(graph.get(logicalId) ?? [])].some((other) => failed.has(other))) {
        failed.add(logicalId);
        continue;
      }
      const definition = definitions.get(logicalId) as ResourceDefinition;
      const properties = evaluateProperties(definition.properties, executionScope(engine, stack, deployment));
      const work = plan(task, { logicalId, definition, properties });
      if (!work) continue;
      outcome.touched.push(work);
      ready.push(work);
      start(task, work);
      yield;
    }
    let stop = false;
    for (const work of ready) {
      stop ||= stack.cancelled;
      const reason = stop ? `Resource ${work.before ? 'update' : 'creation'} cancelled` : yield* finish(task, work);
      if (reason === undefined) continue;
      fail(task, work, reason);
      if (!stop) (work.before ? outcome.updateFailed : outcome.createFailed).push(work.logicalId);
      failed.add(work.logicalId);
      stop ||= !task.keepGoing;
      yield;
    }
    if (stop) break;
  }
  return outcome;
}

/** What has to be done for one resource, or nothing. Resources that stay get the new definition either way. */
function plan(
  task: Provisioning,
  { logicalId, definition, properties }: { logicalId: string; definition: ResourceDefinition; properties: JsonObject },
): Work | undefined {
  const { engine, stack } = task;
  const existing = stack.resources.get(logicalId);
  const { type } = definition;
  const live = isProvisioned(existing) ? liveProperties(engine, existing) : undefined;
  if (!isProvisioned(existing) || (task.revertDrift && !live)) {
    const record: ResourceRecord = {
      logicalId,
      type,
      physicalId: '',
      status: 'CREATE_IN_PROGRESS',
      reason: undefined,
      updated: engine.clock.now(),
      definition,
      properties,
      drift: undefined,
    };
    stack.resources.set(logicalId, record);
    const before = isProvisioned(existing) ? { ...existing } : undefined;
    return { logicalId, before, liveBefore: undefined, replaced: before !== undefined, record, properties, keys: [] };
  }
  const previous = existing.properties;
  const keys =
    task.revertDrift && live
      ? revertedKeys(type, { live, previous, next: properties })
      : [...new Set([...Object.keys(previous), ...Object.keys(properties)])].filter(
          (key) => !equal(previous[key], properties[key]),
        );
  const always = diffPaths(previous, properties).some(({ path }) => recreation(type, path) === 'Always');
  const attributes = !equal(existing.definition.attributes, definition.attributes);
  const tags = task.tagsChanged && tagProperty(type) !== undefined;
  const before = { ...existing };
  if (keys.length === 0 && !always && !attributes && !tags) {
    Object.assign(existing, { definition, properties });
    return undefined;
  }
  return {
    logicalId,
    before,
    liveBefore: live && structuredClone(live),
    replaced: always,
    record: existing,
    properties,
    keys,
  };
}

function start({ engine, stack }: Provisioning, { record, before, replaced }: Work): void {
  const reason = 'Requested update requires the creation of a new physical resource; hence creating one.';
  if (before) engine.journal.resource(stack, record, 'UPDATE_IN_PROGRESS', replaced ? reason : undefined);
  else engine.journal.resource(stack, record, 'CREATE_IN_PROGRESS');
}

/** Gives the reason if it fails. */
function* finish(task: Provisioning, work: Work): Generator<void, string | undefined> {
  const { engine, stack } = task;
  const { record, before, replaced, properties } = work;
  const ordered = engine.failures.take(stack.name, record.logicalId, before ? 'update' : 'create');
  if (ordered !== undefined) return ordered;
  if (before && !replaced) {
    const live = liveProperties(engine, record);
    if (!live) {
      return `Resource of type '${record.type}' with identifier '${record.physicalId}' was not found. (HandlerErrorCode: NotFound)`;
    }
    const change = { next: properties, previous: before.properties, keys: work.keys };
    engine.world.update(addressOf(engine, record), applied(record.type, live, change));
    Object.assign(record, { definition: definitionOf(task, record.logicalId), properties });
    engine.journal.resource(stack, record, 'UPDATE_COMPLETE');
    yield;
    return undefined;
  }
  const problem = make(task, work);
  if (problem !== undefined) return problem;
  const [doing, done]: [ResourceStatus, ResourceStatus] = before
    ? ['UPDATE_IN_PROGRESS', 'UPDATE_COMPLETE']
    : ['CREATE_IN_PROGRESS', 'CREATE_COMPLETE'];
  engine.journal.resource(stack, record, doing, 'Resource creation Initiated');
  yield;
  engine.journal.resource(stack, record, done);
  yield;
  return undefined;
}

/** Makes the physical resource; gives the reason if it cannot be made. */
function make(task: Provisioning, { record, before, liveBefore, properties }: Work): string | undefined {
  const { engine, stack } = task;
  const { type, logicalId } = record;
  const { account, region } = engine;
  const name = customName(type, properties);
  if (before && liveBefore && name !== undefined && name === customName(type, before.properties) && !isCustom(type)) {
    return `CloudFormation cannot update a stack when a custom-named resource requires replacing. Rename ${name} and update the stack again.`;
  }
  const serial = engine.ids.serial();
  const identity = identify({ account, region, stackName: stack.name, logicalId, type, properties, serial });
  const address = addressOf(engine, { type, physicalId: identity.physicalId });
  if (engine.world.exists(address)) {
    return `Resource of type '${type}' with identifier '${identity.physicalId}' already exists. (HandlerErrorCode: AlreadyExists)`;
  }
  const { physicalId, attributes } = identity;
  const tags = systemTags(stack, logicalId);
  const live = { account, region, type, physicalId, properties: structuredClone(properties), attributes };
  engine.world.create({ ...live, systemTags: tags });
  Object.assign(record, { physicalId, properties, definition: definitionOf(task, logicalId), drift: undefined });
  return undefined;
}

function fail({ engine, stack }: Provisioning, { record, before, replaced }: Work, reason: string): void {
  if (before && replaced && record.physicalId === '') Object.assign(record, { physicalId: before.physicalId });
  engine.journal.resource(stack, record, before ? 'UPDATE_FAILED' : 'CREATE_FAILED', reason);
}

function definitionOf({ deployment }: Provisioning, logicalId: string): ResourceDefinition {
  return deployment.template.resources[logicalId] as ResourceDefinition;
}
