/** Removing resources: of a stack that goes, of a creation that failed, and what an update leaves over. */
import type { Json } from '../json.ts';
import { addressOf, type Engine } from './engine.ts';
import type { Phase } from './failures.ts';
import { dependencies, waves } from './graph.ts';
import type { ResourceRecord, StackRecord } from './records.ts';

export interface Removal {
  engine: Engine;
  stack: StackRecord;
  /** What to remove; each is removed before what it depends on. */
  records: ResourceRecord[];
  phase: Phase;
  /** Left alone, whatever their policy. */
  retain: ReadonlySet<string>;
  /** Whether the resources were made by the very operation that is undone now: `RetainExceptOnCreate` tells them apart. */
  justCreated: boolean;
}

/** Gives the logical ids that could not be removed. */
export function* remove(task: Removal): Generator<void, string[]> {
  const { engine, stack, records, phase, retain, justCreated } = task;
  const graph = dependencies(new Map(records.map(({ logicalId, definition }) => [logicalId, definition])));
  const byId = new Map(records.map((record) => [record.logicalId, record]));
  const failed: string[] = [];
  const kept = new Set<string>();
  for (const wave of waves(graph).reverse()) {
    const now = wave.map((id) => byId.get(id) as ResourceRecord).filter((record) => !kept.has(record.logicalId));
    const removing: ResourceRecord[] = [];
    for (const record of now) {
      if (retain.has(record.logicalId) || isRetained(record.definition.attributes.DeletionPolicy, justCreated)) {
        engine.journal.resource(stack, record, 'DELETE_SKIPPED');
      } else if (record.physicalId === '') {
        engine.journal.resource(stack, record, 'DELETE_COMPLETE');
      } else {
        engine.journal.resource(stack, record, 'DELETE_IN_PROGRESS');
        removing.push(record);
      }
      yield;
    }
    for (const record of removing) {
      const reason =
        engine.failures.take(stack.name, record.logicalId, phase) ??
        engine.world.refusesDelete(addressOf(engine, record));
      if (reason === undefined) {
        engine.world.delete(addressOf(engine, record));
        engine.journal.resource(stack, record, 'DELETE_COMPLETE');
      } else {
        engine.journal.resource(stack, record, 'DELETE_FAILED', reason);
        failed.push(record.logicalId);
        for (const needed of closure(record.logicalId, graph)) kept.add(needed);
      }
      yield;
    }
  }
  return failed;
}

export interface CleanUp {
  engine: Engine;
  stack: StackRecord;
  records: ResourceRecord[];
  /** The attribute that may say that it stays; unset for what only a failed update made. */
  policy?: 'DeletionPolicy' | 'UpdateReplacePolicy';
  justCreated: boolean;
}

/** Takes away what an update replaced or no longer wants. A failure leaves the thing behind and the update a success. */
export function* cleanUp(task: CleanUp): Generator<void, void> {
  const { engine, stack, records, policy, justCreated } = task;
  for (const record of records) {
    if (record.physicalId === '') continue;
    if (policy && isRetained(record.definition.attributes[policy], justCreated)) {
      engine.journal.about(stack, record, 'DELETE_SKIPPED');
      yield;
      continue;
    }
    engine.journal.about(stack, record, 'DELETE_IN_PROGRESS');
    yield;
    const reason =
      engine.failures.take(stack.name, record.logicalId, 'delete') ??
      engine.world.refusesDelete(addressOf(engine, record));
    if (reason === undefined) engine.world.delete(addressOf(engine, record));
    engine.journal.about(stack, record, reason === undefined ? 'DELETE_COMPLETE' : 'DELETE_FAILED', reason);
    yield;
  }
}

/** What deleting a stack has to look at: also what failed to be made, which is only an entry. */
export function remaining(stack: StackRecord): ResourceRecord[] {
  return [...stack.resources.values()].filter(({ physicalId, status }) =>
    physicalId === '' ? status === 'CREATE_FAILED' : status !== 'DELETE_COMPLETE',
  );
}

function isRetained(policy: Json | undefined, justCreated: boolean): boolean {
  return policy === 'Retain' || (policy === 'RetainExceptOnCreate' && !justCreated);
}

/** Everything it depends on, which has to stay while it stays. */
function closure(
  logicalId: string,
  graph: ReadonlyMap<string, ReadonlySet<string>>,
  seen = new Set<string>(),
): Set<string> {
  for (const next of graph.get(logicalId) ?? []) {
    if (seen.has(next)) continue;
    seen.add(next);
    closure(next, graph, seen);
  }
  return seen;
}
