/** What a deployment would do to a stack: the changes of a change set. */
import type {
  ResourceAttribute,
  ResourceChange,
  ResourceChangeDetail,
  StackDriftStatus,
} from '@aws-sdk/client-cloudformation';
import { diffPaths, equal, isObject, type Json, type JsonObject } from '../json.ts';
import { type Cause, causesOf, type Surroundings } from './causes.ts';
import { driftDetails, isDriftAware } from './drift-changes.ts';
import { type Engine, isProvisioned, liveProperties, valueOfResource } from './engine.ts';
import type { Scope } from './evaluate.ts';
import { dependencies, waves } from './graph.ts';
import type { Deployment, ResourceRecord, StackRecord } from './records.ts';
import { activeResources, evaluateProperties, KNOWN_AFTER_APPLY, stackScope } from './scope.ts';
import { recreation, tagProperty } from './spec.ts';
import type { ResourceDefinition } from './template.ts';

export interface Plan {
  changes: ResourceChange[];
  /** Only of drift-aware ones. */
  driftStatus: StackDriftStatus | undefined;
}

export interface Planning {
  engine: Engine;
  stack: StackRecord;
  deployment: Deployment;
  revertDrift: boolean;
}

export function planChanges({ engine, stack, deployment, revertDrift }: Planning): Plan {
  const replaced = new Set<string>();
  const scope = planningScope({ engine, stack, deployment, replaced });
  const wanted = activeResources(deployment.template, scope);
  const definitions = new Map(wanted.map((id) => [id, deployment.template.resources[id] as ResourceDefinition]));
  const around: Surroundings = { replaced, changedParameters: changedParameters(stack.deployment, deployment) };
  const tagsChanged = !equal(tagMap(stack.deployment), tagMap(deployment));
  const changes: ResourceChange[] = [];
  let drifted = false;
  for (const logicalId of waves(dependencies(definitions)).flat()) {
    const definition = definitions.get(logicalId) as ResourceDefinition;
    const properties = evaluateProperties(definition.properties, scope);
    const record = stack.resources.get(logicalId);
    const aware = revertDrift && isDriftAware(definition.type);
    if (!isProvisioned(record)) {
      replaced.add(logicalId);
      changes.push(addition(logicalId, definition, properties));
      continue;
    }
    const live = liveProperties(engine, record);
    if (aware && !live) {
      drifted = true;
      replaced.add(logicalId);
      changes.push({ ...addition(logicalId, definition, properties), ResourceDriftStatus: 'DELETED' });
      continue;
    }
    const next = { definition, properties };
    const details = [
      ...propertyDetails(record, next, around),
      ...attributeDetails(record, definition),
      ...(tagsChanged && tagProperty(definition.type) ? [tagDetail()] : []),
    ];
    const change = modification(record, next, details);
    if (aware && live) {
      const driftedNow = driftDetails({ engine, record, live, next: properties, change });
      drifted ||= driftedNow;
    } else if (revertDrift) change.ResourceDriftStatus = 'UNSUPPORTED';
    if ((change.Details ?? []).length === 0) continue;
    if (change.Replacement !== 'False' && change.Replacement !== undefined) replaced.add(logicalId);
    changes.push(change);
  }
  for (const record of stack.resources.values()) {
    if (!definitions.has(record.logicalId) && isProvisioned(record)) changes.push(removal(record));
  }
  changes.sort((a, b) => String(a.LogicalResourceId).localeCompare(String(b.LogicalResourceId)));
  return { changes, driftStatus: revertDrift ? (drifted ? 'DRIFTED' : 'IN_SYNC') : undefined };
}

function planningScope({
  engine,
  stack,
  deployment,
  replaced,
}: Omit<Planning, 'revertDrift'> & { replaced: ReadonlySet<string> }): Scope {
  return stackScope({
    facts: {
      account: engine.account,
      region: engine.region,
      stackId: stack.id,
      stackName: stack.name,
      notificationArns: deployment.notificationArns,
    },
    template: deployment.template,
    parameters: deployment.parameters,
    resource: (logicalId, attribute) => {
      const record = stack.resources.get(logicalId);
      return isProvisioned(record) && !replaced.has(logicalId)
        ? valueOfResource(engine, record, attribute)
        : KNOWN_AFTER_APPLY;
    },
  });
}

interface Next {
  definition: ResourceDefinition;
  properties: JsonObject;
}

function propertyDetails(
  record: ResourceRecord,
  { definition, properties }: Next,
  around: Surroundings,
): ResourceChangeDetail[] {
  const { type } = definition;
  const tags = tagProperty(type);
  return diffPaths(record.properties, properties).flatMap(({ path, before, after }) => {
    const name = path.split('/')[1] ?? '';
    const isTags = name === tags;
    const raw = { before: record.definition.properties, after: definition.properties };
    return causesOf(path, raw, around).map(
      (cause): ResourceChangeDetail => ({
        Target: {
          Attribute: isTags ? 'Tags' : 'Properties',
          ...(isTags ? {} : { Name: name }),
          Path: `/Properties${path}`,
          RequiresRecreation: recreation(type, path),
          ...values(before, after),
        },
        ...origin(cause),
      }),
    );
  });
}

function attributeDetails(record: ResourceRecord, definition: ResourceDefinition): ResourceChangeDetail[] {
  const before = record.definition.attributes;
  const after = definition.attributes;
  return Object.keys({ ...before, ...after })
    .filter((key) => !equal(before[key], after[key]))
    .map((key) => ({
      Target: {
        Attribute: key as ResourceAttribute,
        Path: `/${key}`,
        RequiresRecreation: 'Never',
        ...values(before[key], after[key]),
      },
      Evaluation: 'Static',
      ChangeSource: 'DirectModification',
    }));
}

function tagDetail(): ResourceChangeDetail {
  return {
    Target: { Attribute: 'Tags', RequiresRecreation: 'Never' },
    Evaluation: 'Static',
    ChangeSource: 'DirectModification',
  };
}

function modification(
  record: ResourceRecord,
  { definition, properties }: Next,
  details: ResourceChangeDetail[],
): ResourceChange {
  const Replacement = replacementOf(details);
  const policy = definition.attributes.UpdateReplacePolicy === 'Retain' ? 'ReplaceAndRetain' : 'ReplaceAndDelete';
  return {
    Action: 'Modify',
    LogicalResourceId: record.logicalId,
    PhysicalResourceId: record.physicalId,
    ResourceType: record.type,
    Replacement,
    ...(Replacement === 'False' ? {} : { PolicyAction: policy }),
    Scope: scopeOf(details),
    Details: details,
    BeforeContext: context(record.definition, record.properties),
    AfterContext: context(definition, properties),
  };
}

export function scopeOf(details: readonly ResourceChangeDetail[]): ResourceAttribute[] {
  return [...new Set(details.flatMap(({ Target }) => (Target?.Attribute ? [Target.Attribute] : [])))];
}

/** The strongest of its details; what depends on another resource's replacement is only a possibility. */
export function replacementOf(details: readonly ResourceChangeDetail[]): 'True' | 'False' | 'Conditional' {
  const always = details.filter(({ Target }) => Target?.RequiresRecreation === 'Always');
  if (always.some(({ Evaluation }) => Evaluation === 'Static')) return 'True';
  const maybe = details.some(({ Target }) => Target?.RequiresRecreation === 'Conditionally');
  return always.length > 0 || maybe ? 'Conditional' : 'False';
}

function addition(logicalId: string, definition: ResourceDefinition, properties: JsonObject): ResourceChange {
  return {
    Action: 'Add',
    LogicalResourceId: logicalId,
    ResourceType: definition.type,
    Scope: [],
    Details: [],
    AfterContext: context(definition, properties),
  };
}

function removal(record: ResourceRecord): ResourceChange {
  const policy = record.definition.attributes.DeletionPolicy;
  return {
    Action: 'Remove',
    PolicyAction: policy === 'Retain' || policy === 'RetainExceptOnCreate' ? 'Retain' : 'Delete',
    LogicalResourceId: record.logicalId,
    PhysicalResourceId: record.physicalId,
    ResourceType: record.type,
    Scope: [],
    Details: [],
    BeforeContext: context(record.definition, record.properties),
  };
}

export function values(before: Json | undefined, after: Json | undefined) {
  const text = (value: Json) => (typeof value === 'string' ? value : JSON.stringify(value));
  return {
    ...(before === undefined ? {} : { BeforeValue: text(before) }),
    ...(after === undefined ? {} : { AfterValue: text(after) }),
    AttributeChangeType:
      before === undefined ? ('Add' as const) : after === undefined ? ('Remove' as const) : ('Modify' as const),
  };
}

function origin({
  evaluation,
  source,
  entity,
}: Cause): Pick<ResourceChangeDetail, 'Evaluation' | 'ChangeSource' | 'CausingEntity'> {
  return { Evaluation: evaluation, ChangeSource: source, ...(entity === undefined ? {} : { CausingEntity: entity }) };
}

export function context(definition: ResourceDefinition, properties: JsonObject): string {
  return JSON.stringify({ Properties: properties, ...definition.attributes });
}

function changedParameters(before: Deployment | undefined, after: Deployment): Set<string> {
  const names = [...after.parameters].filter(([key, { value }]) => before?.parameters.get(key)?.value !== value);
  return new Set(names.map(([key]) => key));
}

function tagMap(deployment: Deployment | undefined): JsonObject {
  const map = Object.fromEntries((deployment?.tags ?? []).map(({ Key, Value }) => [String(Key), String(Value)]));
  return isObject(map) ? map : {};
}
