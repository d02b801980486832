/** Operations that change a stack without a change set. */
import type {
  CancelUpdateStackInput,
  ContinueUpdateRollbackInput,
  CreateStackInput,
  CreateStackOutput,
  DeleteStackInput,
  RollbackStackInput,
  SetStackPolicyInput,
  UpdateStackInput,
  UpdateStackOutput,
  UpdateTerminationProtectionInput,
} from '@aws-sdk/client-cloudformation';
import { validationError } from '../errors.ts';
import { nothingToDo } from './change-set-creation.ts';
import { begin, start } from './change-set-operations.ts';
import { planChanges } from './changes.ts';
import { readDeployment } from './inputs.ts';
import type { CloudFormation } from './model.ts';
import { baselineOf, destroy, type OnFailure, undo } from './operations.ts';
import type { Operation, StackRecord, Steps } from './records.ts';
import { alreadyExists, checkRollbackDisabled, checkUpdatable, isDeletable, outdateChangeSets } from './states.ts';

const missing = (name: string) => `Stack [${name}] does not exist`;

export function createStack(cf: CloudFormation, input: CreateStackInput): CreateStackOutput {
  const name = String(input.StackName);
  if (cf.find(name)) throw alreadyExists(name);
  const deployment = readDeployment(cf, input, undefined);
  const stack = begin(cf, name);
  stack.events.length = 0;
  stack.operationEvents.length = 0;
  stack.terminationProtection = input.EnableTerminationProtection ?? false;
  stack.disableRollback = input.DisableRollback ?? false;
  const onFailure: OnFailure = input.DisableRollback ? 'DO_NOTHING' : (input.OnFailure ?? 'ROLLBACK');
  const { engine } = cf;
  const operation = engine.journal.begin(stack, 'CREATE_STACK', input.ClientRequestToken);
  stack.running = start({ engine, stack, deployment, operation, onFailure, revertDrift: false }, true);
  return { StackId: stack.id, OperationId: operation.id };
}

export function updateStack(cf: CloudFormation, input: UpdateStackInput): UpdateStackOutput {
  const stack = cf.get(input.StackName, missing);
  checkUpdatable(stack);
  checkRollbackDisabled(stack, input.DisableRollback === true);
  const deployment = readDeployment(cf, input, stack);
  const { engine } = cf;
  const { changes } = planChanges({ engine, stack, deployment, revertDrift: false });
  const failedBefore = stack.status.endsWith('_FAILED');
  if (!failedBefore && changes.length === 0 && nothingToDo(stack.deployment, deployment) !== undefined) {
    throw validationError('No updates are to be performed.');
  }
  outdateChangeSets(stack);
  stack.disableRollback = input.DisableRollback ?? false;
  const onFailure: OnFailure = input.DisableRollback ? 'DO_NOTHING' : 'ROLLBACK';
  const operation = engine.journal.begin(stack, 'UPDATE_STACK', input.ClientRequestToken);
  stack.running = start({ engine, stack, deployment, operation, onFailure, revertDrift: false }, false);
  return { StackId: stack.id, OperationId: operation.id };
}

export function deleteStack(cf: CloudFormation, input: DeleteStackInput): object {
  const stack = cf.find(input.StackName);
  if (!stack || stack.status === 'DELETE_COMPLETE' || stack.status === 'DELETE_IN_PROGRESS') return {};
  if (stack.terminationProtection) {
    throw validationError(`Stack [${stack.name}] cannot be deleted while TerminationProtection is enabled`);
  }
  if (!isDeletable(stack)) {
    throw validationError(`Stack [${stack.id}] cannot be deleted while in status ${stack.status}`);
  }
  const retain = new Set(input.RetainResources ?? []);
  if (retain.size > 0 && stack.status !== 'DELETE_FAILED') {
    throw validationError(
      `Invalid operation on stack [${stack.id}]. When you delete a stack, specify which resources to retain only when the stack is in the DELETE_FAILED state.`,
    );
  }
  const gone = [...retain].filter((id) => stack.resources.get(id)?.status === 'DELETE_COMPLETE');
  if (gone.length > 0) {
    throw validationError(
      'The specified resources to retain must be in a valid state. Do not specify resources that are in the DELETE_COMPLETE state.',
    );
  }
  const { engine } = cf;
  const operation = engine.journal.begin(stack, 'DELETE_STACK', input.ClientRequestToken);
  outdateChangeSets(stack);
  engine.journal.stack(stack, 'DELETE_IN_PROGRESS', 'User Initiated');
  const force = input.DeletionMode === 'FORCE_DELETE_STACK';
  stack.running = destroy({ engine, stack, operation, retain, justCreated: false, force });
  return {};
}

export function cancelUpdateStack(cf: CloudFormation, input: CancelUpdateStackInput): object {
  const stack = cf.get(input.StackName, missing);
  if (stack.status !== 'UPDATE_IN_PROGRESS') {
    throw validationError('CancelUpdateStack cannot be called from current stack status');
  }
  stack.cancelled = true;
  return {};
}

export function continueUpdateRollback(cf: CloudFormation, input: ContinueUpdateRollbackInput): object {
  const stack = cf.get(input.StackName, missing);
  const pending = stack.pendingRollback;
  if (stack.status !== 'UPDATE_ROLLBACK_FAILED' || !pending) {
    throw validationError(`Stack:${stack.id} is in ${stack.status} state and can not continue rolling back.`);
  }
  const skip = new Set(input.ResourcesToSkip ?? []);
  if (input.ForceRollback && skip.size > 0)
    throw validationError('ForceRollback and ResourcesToSkip are mutually exclusive');
  const wrong = [...skip].filter((id) => !pending.failed.has(id));
  if (wrong.length > 0) {
    throw validationError(`Resources to skip [${wrong.join(', ')}] did not fail to roll back`);
  }
  const operation = cf.engine.journal.begin(stack, 'CONTINUE_ROLLBACK', input.ClientRequestToken);
  cf.engine.journal.stack(stack, 'UPDATE_ROLLBACK_IN_PROGRESS', 'User Initiated');
  stack.running = closing(cf, { stack, operation, steps: pending.steps(input.ForceRollback ? pending.failed : skip) });
  return {};
}

export function rollbackStack(cf: CloudFormation, input: RollbackStackInput): { StackId: string; OperationId: string } {
  const stack = cf.get(input.StackName, missing);
  if (stack.status !== 'CREATE_FAILED' && stack.status !== 'UPDATE_FAILED') {
    throw validationError(`Stack:${stack.id} is in ${stack.status} state and can not be rolled back.`);
  }
  const { engine } = cf;
  const operation = engine.journal.begin(stack, 'ROLLBACK', input.ClientRequestToken);
  outdateChangeSets(stack);
  if (baselineOf(stack)) {
    stack.running = closing(cf, {
      stack,
      operation,
      steps: undo({ engine, stack, revertDrift: false }, 'User Initiated'),
    });
  } else {
    // It never was in a stable state: there is nothing to go back to.
    engine.journal.stack(stack, 'DELETE_IN_PROGRESS', 'User Initiated');
    stack.running = destroy({ engine, stack, operation, retain: new Set(), justCreated: true });
  }
  return { StackId: stack.id, OperationId: operation.id };
}

export function updateTerminationProtection(
  cf: CloudFormation,
  input: UpdateTerminationProtectionInput,
): { StackId: string } {
  const stack = cf.get(input.StackName, missing);
  stack.terminationProtection = input.EnableTerminationProtection === true;
  return { StackId: stack.id };
}

export function setStackPolicy(cf: CloudFormation, input: SetStackPolicyInput): object {
  const stack = cf.get(input.StackName, missing);
  stack.policy = input.StackPolicyBody;
  return {};
}

export function getStackPolicy(
  cf: CloudFormation,
  input: { StackName?: string | undefined },
): { StackPolicyBody: string | undefined } {
  return { StackPolicyBody: cf.get(input.StackName, missing).policy };
}

function* closing(
  cf: CloudFormation,
  { stack, operation, steps }: { stack: StackRecord; operation: Operation; steps: Steps },
): Steps {
  yield* steps;
  cf.engine.journal.end(operation, stack.status === 'UPDATE_ROLLBACK_COMPLETE' ? 'SUCCEEDED' : 'FAILED');
}
