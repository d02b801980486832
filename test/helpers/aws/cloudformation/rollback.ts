/** Takes an update back. */

import { cleanUp } from './delete.ts';
import { addressOf, type Engine, liveProperties } from './engine.ts';
import { applied } from './live.ts';
import type { Baseline } from './operations.ts';
import type { Touched } from './provision.ts';
import type { ResourceRecord, StackRecord, Steps } from './records.ts';

export interface RollingBack {
  engine: Engine;
  stack: StackRecord;
  baseline: Baseline;
  reason: string;
  /** Back to what was live, as drift-aware change sets promise, instead of to the previous template. */
  restoreLive: boolean;
  done(): void;
}

export function* rollBack(task: RollingBack): Steps {
  const { engine, stack, baseline, reason } = task;
  engine.journal.stack(stack, 'UPDATE_ROLLBACK_IN_PROGRESS', reason);
  stack.deployment = baseline.deployment;
  yield;
  const updated = baseline.touched.filter(({ before }) => before !== undefined).reverse();
  yield* restoreAll(task, { left: updated, leftover: [], skip: new Set() });
}

interface Restoring {
  left: Touched[];
  /** Replacements that are no longer needed. */
  leftover: ResourceRecord[];
  skip: ReadonlySet<string>;
}

function* restoreAll(task: RollingBack, { left, leftover, skip }: Restoring): Steps {
  const { engine, stack, baseline } = task;
  const failed: Touched[] = [];
  for (const one of left) {
    const record = stack.resources.get(one.logicalId) as ResourceRecord;
    if (skip.has(one.logicalId)) {
      stack.resources.set(one.logicalId, { ...(one.before as ResourceRecord) });
      engine.journal.resource(stack, stack.resources.get(one.logicalId) as ResourceRecord, 'UPDATE_COMPLETE');
      yield;
      continue;
    }
    engine.journal.resource(stack, record, 'UPDATE_IN_PROGRESS');
    yield;
    const reason = engine.failures.take(stack.name, one.logicalId, 'rollback');
    if (reason === undefined) restore(task, one, { record, leftover });
    else {
      engine.journal.resource(stack, record, 'UPDATE_FAILED', reason);
      failed.push(one);
    }
    yield;
  }
  if (failed.length > 0) {
    const names = failed.map(({ logicalId }) => logicalId);
    stack.pendingRollback = {
      failed: new Set(names),
      steps: (more) => resume(task, { left: failed, leftover, skip: more }),
    };
    return engine.journal.stack(
      stack,
      'UPDATE_ROLLBACK_FAILED',
      `The following resource(s) failed to update: [${names.join(', ')}].`,
    );
  }
  stack.pendingRollback = undefined;
  engine.journal.stack(stack, 'UPDATE_ROLLBACK_COMPLETE_CLEANUP_IN_PROGRESS');
  yield;
  stack.outputs = baseline.outputs;
  const made = baseline.touched.filter(({ before }) => before === undefined);
  const records = made.map(({ logicalId }) => stack.resources.get(logicalId) as ResourceRecord).reverse();
  yield* cleanUp({ engine, stack, records: leftover, justCreated: true });
  yield* cleanUp({ engine, stack, records, policy: 'DeletionPolicy', justCreated: true });
  for (const { logicalId } of records) stack.resources.delete(logicalId);
  for (const record of stack.resources.values()) {
    record.definition = baseline.deployment.template.resources[record.logicalId] ?? record.definition;
  }
  task.done();
  engine.journal.stack(stack, 'UPDATE_ROLLBACK_COMPLETE');
}

function* resume(task: RollingBack, restoring: Restoring): Steps {
  yield;
  yield* restoreAll(task, restoring);
}

function restore(
  task: RollingBack,
  one: Touched,
  { record, leftover }: { record: ResourceRecord; leftover: ResourceRecord[] },
): void {
  const { engine, stack, restoreLive } = task;
  const before = one.before as ResourceRecord;
  if (record.physicalId !== before.physicalId) leftover.push({ ...record });
  else {
    const live = liveProperties(engine, record);
    const keys = Object.keys({ ...record.properties, ...before.properties }).filter(
      (key) => JSON.stringify(record.properties[key]) !== JSON.stringify(before.properties[key]),
    );
    const back = live && applied(record.type, live, { next: before.properties, previous: record.properties, keys });
    const target = restoreLive ? one.liveBefore : back;
    if (target) engine.world.update(addressOf(engine, record), target);
  }
  stack.resources.set(one.logicalId, { ...before });
  engine.journal.resource(stack, stack.resources.get(one.logicalId) as ResourceRecord, 'UPDATE_COMPLETE');
}
