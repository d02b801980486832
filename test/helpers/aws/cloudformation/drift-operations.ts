/** Drift detection as an operation that takes its time. */
import type {
  DescribeStackDriftDetectionStatusInput,
  DescribeStackDriftDetectionStatusOutput,
  DescribeStackResourceDriftsInput,
  DescribeStackResourceDriftsOutput,
  DetectStackDriftInput,
  DetectStackDriftOutput,
} from '@aws-sdk/client-cloudformation';
import { validationError } from '../errors.ts';
import { type Detection, detect } from './drift.ts';
import { isProvisioned } from './engine.ts';
import type { CloudFormation } from './model.ts';
import { checkDriftDetectable } from './states.ts';

export function detectStackDrift(cf: CloudFormation, input: DetectStackDriftInput): DetectStackDriftOutput {
  const stack = cf.get(input.StackName, (name) => `Stack [${name}] does not exist`);
  checkDriftDetectable(stack);
  const running = cf.detections.some(
    ({ stackId, status }) => stackId === stack.id && status === 'DETECTION_IN_PROGRESS',
  );
  if (running) throw validationError(`Drift detection is already in progress for stack [${stack.id}]`);
  const ids = input.LogicalResourceIds ?? [];
  const detection: Detection = {
    id: cf.engine.ids.uuid(),
    stackId: stack.id,
    logicalIds: ids.length > 0 ? new Set(ids) : undefined,
    status: 'DETECTION_IN_PROGRESS',
    drifted: 0,
    started: cf.engine.clock.now(),
    looks: 0,
  };
  cf.detections.push(detection);
  return { StackDriftDetectionId: detection.id };
}

export function describeStackDriftDetectionStatus(
  cf: CloudFormation,
  input: DescribeStackDriftDetectionStatusInput,
): DescribeStackDriftDetectionStatusOutput {
  const detection = cf.detections.find(({ id }) => id === input.StackDriftDetectionId);
  const stack = cf.find(detection?.stackId);
  if (!detection || !stack) throw validationError(`Drift detection [${input.StackDriftDetectionId}] does not exist`);
  detection.looks += 1;
  // One look sees it under way, unless everything is done at the first look.
  if (
    detection.status === 'DETECTION_IN_PROGRESS' &&
    (detection.looks > 1 || cf.options.stepsPerPoll === Number.POSITIVE_INFINITY)
  ) {
    detect(cf.engine, stack, detection);
  }
  const done = detection.status === 'DETECTION_COMPLETE';
  return {
    StackId: stack.id,
    StackDriftDetectionId: detection.id,
    DetectionStatus: detection.status,
    Timestamp: detection.started,
    ...(done ? { StackDriftStatus: stack.driftStatus, DriftedStackResourceCount: detection.drifted } : {}),
  };
}

export function describeStackResourceDrifts(
  cf: CloudFormation,
  input: DescribeStackResourceDriftsInput,
): DescribeStackResourceDriftsOutput {
  const stack = cf.get(input.StackName, (name) => `Stack [${name}] does not exist`);
  const filter = input.StackResourceDriftStatusFilters ?? [];
  const drifts = [...stack.resources.values()]
    .filter(isProvisioned)
    .flatMap(({ drift }) => (drift ? [drift] : []))
    .filter(
      ({ StackResourceDriftStatus }) => filter.length === 0 || filter.includes(StackResourceDriftStatus as never),
    );
  const { items, next } = cf.page(drifts, input.NextToken);
  return { StackResourceDrifts: items, NextToken: next };
}
