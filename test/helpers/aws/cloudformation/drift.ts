/** Drift detection: what CloudFormation deployed last, against what is live. */
import type { PropertyDifference, StackResourceDrift } from '@aws-sdk/client-cloudformation';
import { printed } from '../json.ts';
import { type Engine, isProvisioned, liveProperties } from './engine.ts';
import { liveDifferences } from './live.ts';
import type { ResourceRecord, StackRecord } from './records.ts';
import { isCustom, resourceSpec } from './spec.ts';

export interface Detection {
  id: string;
  stackId: string;
  logicalIds: ReadonlySet<string> | undefined;
  status: 'DETECTION_IN_PROGRESS' | 'DETECTION_COMPLETE';
  drifted: number;
  started: Date;
  /** How often its status was asked for. */
  looks: number;
}

/** Looks at every resource, or those named, and notes the result at the resource. */
export function detect(engine: Engine, stack: StackRecord, detection: Detection): void {
  detection.drifted = 0;
  for (const record of stack.resources.values()) {
    if (!isProvisioned(record) || (detection.logicalIds && !detection.logicalIds.has(record.logicalId))) continue;
    record.drift = driftOf(engine, stack, record);
    const status = record.drift.StackResourceDriftStatus;
    if (status === 'MODIFIED' || status === 'DELETED') detection.drifted += 1;
  }
  stack.driftChecked = detection.started;
  stack.driftStatus = detection.drifted > 0 ? 'DRIFTED' : 'IN_SYNC';
  detection.status = 'DETECTION_COMPLETE';
}

function driftOf(engine: Engine, stack: StackRecord, record: ResourceRecord): StackResourceDrift {
  const { type, logicalId, physicalId, properties } = record;
  const live = liveProperties(engine, record);
  const common = {
    StackId: stack.id,
    LogicalResourceId: logicalId,
    PhysicalResourceId: physicalId,
    ResourceType: type,
    Timestamp: engine.clock.now(),
  };
  if (isCustom(type) || !resourceSpec(type)) return { ...common, StackResourceDriftStatus: 'NOT_CHECKED' };
  const ExpectedProperties = JSON.stringify(properties);
  if (!live) return { ...common, ExpectedProperties, PropertyDifferences: [], StackResourceDriftStatus: 'DELETED' };
  const differences = liveDifferences(type, properties, live, true).map(
    ({ path, before, after }): PropertyDifference => ({
      PropertyPath: path,
      ExpectedValue: before === undefined ? 'null' : printed(before),
      ActualValue: after === undefined ? 'null' : printed(after),
      DifferenceType: before === undefined ? 'ADD' : after === undefined ? 'REMOVE' : 'NOT_EQUAL',
    }),
  );
  const seen = Object.fromEntries(
    Object.keys(properties).flatMap((key) => (live[key] === undefined ? [] : [[key, live[key]]])),
  );
  return {
    ...common,
    ExpectedProperties,
    ActualProperties: JSON.stringify(seen),
    PropertyDifferences: differences,
    StackResourceDriftStatus: differences.length > 0 ? 'MODIFIED' : 'IN_SYNC',
  };
}
