/** Which operation a stack takes in which state. */
import type { StackStatus } from '@aws-sdk/client-cloudformation';
import { AwsError, validationError } from '../errors.ts';
import type { StackRecord } from './records.ts';

const STABLE: ReadonlySet<StackStatus> = new Set([
  'CREATE_COMPLETE',
  'UPDATE_COMPLETE',
  'UPDATE_ROLLBACK_COMPLETE',
  'IMPORT_COMPLETE',
  'IMPORT_ROLLBACK_COMPLETE',
]);
/** Paused by `DisableRollback`: can be updated, but only with it. */
const PAUSED: ReadonlySet<StackStatus> = new Set(['CREATE_FAILED', 'UPDATE_FAILED']);

export function checkUpdatable(stack: StackRecord): void {
  if (STABLE.has(stack.status) || PAUSED.has(stack.status)) return;
  throw validationError(`Stack:${stack.id} is in ${stack.status} state and can not be updated.`);
}

export function checkRollbackDisabled(stack: StackRecord, disabled: boolean): void {
  if (!PAUSED.has(stack.status) || disabled) return;
  throw validationError(
    `This stack is currently in a non-terminal [${stack.status}] state. To update the stack from this state, please use the disable-rollback parameter with update-stack API. To rollback to the last known good state, use the rollback-stack API`,
  );
}

export function isDeletable(stack: StackRecord): boolean {
  return !stack.status.endsWith('_IN_PROGRESS') || ['CREATE_IN_PROGRESS', 'REVIEW_IN_PROGRESS'].includes(stack.status);
}

const DRIFT_STATES: ReadonlySet<StackStatus> = new Set([
  'CREATE_COMPLETE',
  'UPDATE_COMPLETE',
  'UPDATE_ROLLBACK_COMPLETE',
  'UPDATE_ROLLBACK_FAILED',
  'IMPORT_COMPLETE',
]);

export function checkDriftDetectable(stack: StackRecord): void {
  if (DRIFT_STATES.has(stack.status)) return;
  throw validationError(`Drift detection cannot be performed on stack [${stack.id}] in ${stack.status} state.`);
}

export function alreadyExists(name: string): AwsError {
  return new AwsError('AlreadyExistsException', `Stack [${name}] already exists`);
}

/** A stack that has nothing yet. */
export function newStack({ name, id, now }: { name: string; id: string; now: Date }): StackRecord {
  return {
    id,
    name,
    status: 'REVIEW_IN_PROGRESS',
    statusReason: undefined,
    created: now,
    updated: undefined,
    deleted: undefined,
    deployment: undefined,
    changeSetId: undefined,
    disableRollback: false,
    terminationProtection: false,
    policy: undefined,
    outputs: [],
    resources: new Map(),
    changeSets: [],
    events: [],
    operationEvents: [],
    operations: [],
    running: undefined,
    cancelled: false,
    pendingRollback: undefined,
    driftStatus: 'NOT_CHECKED',
    driftChecked: undefined,
  };
}

/** The other change sets are about a stack that no longer is like that. */
export function outdateChangeSets(stack: StackRecord, except?: string): void {
  for (const other of stack.changeSets) {
    if (other.id !== except && other.executionStatus === 'AVAILABLE') other.executionStatus = 'OBSOLETE';
  }
}
