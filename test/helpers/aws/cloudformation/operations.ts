/** The life of a stack as steps: creating, updating and deleting it. */
import type { Output } from '@aws-sdk/client-cloudformation';
import { equal, isObject } from '../json.ts';
import { cleanUp, remaining, remove } from './delete.ts';
import { type Engine, executionScope, isProvisioned, liveProperties } from './engine.ts';
import { evaluate } from './evaluate.ts';
import { type Outcome, provision, type Touched } from './provision.ts';
import type { Deployment, Operation, ResourceRecord, StackRecord, Steps } from './records.ts';
import { rollBack } from './rollback.ts';

export type OnFailure = 'ROLLBACK' | 'DO_NOTHING' | 'DELETE';

export interface Change {
  engine: Engine;
  stack: StackRecord;
  deployment: Deployment;
  operation: Operation;
  onFailure: OnFailure;
  revertDrift: boolean;
}

export function beginCreate({ engine, stack, deployment }: Change): void {
  stack.deployment = deployment;
  engine.journal.stack(stack, 'CREATE_IN_PROGRESS', 'User Initiated');
}

export function* create(change: Change): Steps {
  const { engine, stack, deployment, operation, onFailure } = change;
  yield;
  const keepGoing = onFailure === 'DO_NOTHING';
  const outcome = yield* provision({ engine, stack, deployment, tagsChanged: false, revertDrift: false, keepGoing });
  if (outcome.createFailed.length === 0 && !stack.cancelled) {
    stack.outputs = outputsOf(engine, stack, deployment);
    engine.journal.stack(stack, 'CREATE_COMPLETE');
    return engine.journal.end(operation, 'SUCCEEDED');
  }
  engine.journal.end(operation, 'FAILED');
  const reason = failureReason(outcome);
  if (onFailure === 'DO_NOTHING') return engine.journal.stack(stack, 'CREATE_FAILED', reason);
  if (onFailure === 'DELETE') {
    engine.journal.stack(stack, 'DELETE_IN_PROGRESS', `${reason} Delete requested by user.`);
    return yield* destroy({ engine, stack, operation, retain: new Set(), justCreated: true });
  }
  engine.journal.stack(stack, 'ROLLBACK_IN_PROGRESS', `${reason} Rollback requested by user.`);
  yield;
  const records = remaining(stack);
  const failed = yield* remove({ engine, stack, records, phase: 'rollback', retain: new Set(), justCreated: true });
  if (failed.length === 0) engine.journal.stack(stack, 'ROLLBACK_COMPLETE');
  else
    engine.journal.stack(
      stack,
      'ROLLBACK_FAILED',
      `The following resource(s) failed to delete: [${failed.join(', ')}].`,
    );
}

/** What an update can be undone to: taken when it begins, kept while a failed one is paused. */
export interface Baseline {
  deployment: Deployment;
  outputs: Output[];
  touched: Touched[];
}

const baselines = new WeakMap<StackRecord, Baseline>();

export function baselineOf(stack: StackRecord): Baseline | undefined {
  return baselines.get(stack);
}

export function beginUpdate({ engine, stack, deployment }: Change): Deployment {
  const previous = stack.deployment as Deployment;
  if (!stack.status.endsWith('_FAILED'))
    baselines.set(stack, { deployment: previous, outputs: stack.outputs, touched: [] });
  stack.deployment = deployment;
  stack.updated = engine.clock.now();
  stack.cancelled = false;
  engine.journal.stack(stack, 'UPDATE_IN_PROGRESS', 'User Initiated');
  return previous;
}

export function* update(change: Change, previous: Deployment): Steps {
  const { engine, stack, deployment, operation, onFailure, revertDrift } = change;
  yield;
  const tagsChanged = !equal(asJson(previous.tags), asJson(deployment.tags));
  const keepGoing = onFailure === 'DO_NOTHING';
  const outcome = yield* provision({ engine, stack, deployment, tagsChanged, revertDrift, keepGoing });
  const baseline = baselines.get(stack);
  for (const one of outcome.touched) {
    if (!baseline?.touched.some(({ logicalId }) => logicalId === one.logicalId)) baseline?.touched.push(one);
  }
  if (stack.cancelled || outcome.createFailed.length + outcome.updateFailed.length > 0) {
    engine.journal.end(operation, 'FAILED');
    const reason = stack.cancelled ? 'User Initiated' : failureReason(outcome);
    if ((keepGoing && !stack.cancelled) || !baseline) return engine.journal.stack(stack, 'UPDATE_FAILED', reason);
    return yield* undo(change, reason);
  }
  engine.journal.stack(stack, 'UPDATE_COMPLETE_CLEANUP_IN_PROGRESS');
  yield;
  stack.outputs = outputsOf(engine, stack, deployment);
  const replaced = outcome.touched.flatMap(({ before, replaced: was, liveBefore }) =>
    was && before && liveBefore ? [before] : [],
  );
  yield* cleanUp({ engine, stack, records: replaced, policy: 'UpdateReplacePolicy', justCreated: false });
  const gone = unwanted(engine, stack, deployment);
  yield* cleanUp({ engine, stack, records: gone, policy: 'DeletionPolicy', justCreated: false });
  for (const { logicalId } of gone) stack.resources.delete(logicalId);
  baselines.delete(stack);
  engine.journal.stack(stack, 'UPDATE_COMPLETE');
  engine.journal.end(operation, 'SUCCEEDED');
}

/** Back to the baseline. */
export function undo(
  { engine, stack, revertDrift }: Pick<Change, 'engine' | 'stack' | 'revertDrift'>,
  reason: string,
): Steps {
  const baseline = baselines.get(stack);
  if (!baseline) throw new Error(`${stack.name} has nothing to go back to`);
  const done = () => baselines.delete(stack);
  return rollBack({ engine, stack, baseline, reason, restoreLive: revertDrift, done });
}

export interface Destruction {
  engine: Engine;
  stack: StackRecord;
  operation: Operation;
  retain: ReadonlySet<string>;
  justCreated: boolean;
  /** FORCE_DELETE_STACK: what cannot be removed is left behind. */
  force?: boolean;
}

export function* destroy({ engine, stack, operation, retain, justCreated, force = false }: Destruction): Steps {
  yield;
  const records = remaining(stack);
  const failed = yield* remove({ engine, stack, records, phase: 'delete', retain, justCreated });
  if (failed.length > 0 && !force) {
    engine.journal.stack(stack, 'DELETE_FAILED', `The following resource(s) failed to delete: [${failed.join(', ')}].`);
    return engine.journal.end(operation, 'FAILED');
  }
  stack.deleted = engine.clock.now();
  engine.journal.stack(stack, 'DELETE_COMPLETE');
  engine.journal.end(operation, 'SUCCEEDED');
}

function outputsOf(engine: Engine, stack: StackRecord, deployment: Deployment): Output[] {
  const scope = executionScope(engine, stack, deployment);
  return Object.entries(deployment.template.outputs).flatMap(([OutputKey, output]) => {
    if (typeof output.Condition === 'string' && !scope.condition(output.Condition)) return [];
    const value = output.Value === undefined ? undefined : evaluate(output.Value, scope);
    const exported =
      isObject(output.Export) && output.Export.Name !== undefined ? evaluate(output.Export.Name, scope) : undefined;
    return [
      {
        OutputKey,
        OutputValue: value === undefined || typeof value === 'object' ? JSON.stringify(value) : String(value),
        ...(typeof output.Description === 'string' ? { Description: output.Description } : {}),
        ...(exported === undefined ? {} : { ExportName: String(exported) }),
      },
    ];
  });
}

function unwanted(engine: Engine, stack: StackRecord, deployment: Deployment): ResourceRecord[] {
  const scope = executionScope(engine, stack, deployment);
  return [...stack.resources.values()].filter((record) => {
    const definition = deployment.template.resources[record.logicalId];
    const wanted = definition && (definition.condition === undefined || scope.condition(definition.condition));
    return !wanted && (isProvisioned(record) || liveProperties(engine, record) !== undefined);
  });
}

function failureReason({ createFailed, updateFailed }: Outcome): string {
  const parts = [
    createFailed.length > 0 ? `The following resource(s) failed to create: [${createFailed.join(', ')}].` : '',
    updateFailed.length > 0 ? `The following resource(s) failed to update: [${updateFailed.join(', ')}].` : '',
  ];
  return parts.filter((part) => part !== '').join(' ');
}

function asJson(tags: Deployment['tags']): { [key: string]: string } {
  return Object.fromEntries(tags.map(({ Key, Value }) => [String(Key), String(Value)]));
}
