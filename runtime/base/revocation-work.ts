/** What the worker does: with records of the table's stream, with what has expired, and from nothing. */
import { CONTROL_ID } from '../aws/control-item.ts';
import type { Quarantine } from '../aws/quarantine.ts';
import type { RuleGroupContent } from '../aws/rule-group.ts';
import { isOver, isSession, type RevocationRow, SKEW } from '../sessions/revocation-row.ts';
import {
  bringRules,
  lookAtRules,
  type RulesResult,
  type RulesWorker,
  rebuildRules,
  type ToBring,
} from './revoked-rules.ts';
import { type Brought, bring, type Rebuilt, rebuild, roomOf, type StoreWorker } from './revoked-store.ts';

export interface Worker {
  store: StoreWorker;
  /** Absent where AWS WAF is off. */
  rules?: RulesWorker | undefined;
  quarantine: Quarantine;
  /** Hears of what went wrong where the work went on. */
  failed?(what: string, error: unknown): void;
}

/** A record of the stream, as far as it is read: rows are read again, so that order and repetition do not matter. */
export interface StreamRecord {
  eventID?: string;
  dynamodb?: { Keys?: Record<string, { S?: string }> };
}

/** Values of metrics, by name. */
export type Counts = Record<string, number>;

/** Rows that are removed side by side: a mass revocation ends all at once. */
const AT_ONCE = 50;

/** Brings what has changed to the edge. What cannot be understood is put aside, after everything else is done. */
export async function follow(worker: Worker, records: readonly StreamRecord[]): Promise<Counts> {
  const sessions = new Set<string>();
  const strange: string[] = [];
  for (const { eventID = '', dynamodb } of records) {
    const id = dynamodb?.Keys?.id?.S;
    if (isSession(id)) sessions.add(id);
    else if (id !== CONTROL_ID) strange.push(eventID);
  }
  const { rows, counts } = await settle(worker, [...sessions]);
  for (const eventID of strange) await worker.quarantine.put(`stream record ${eventID}`, 'It names no session.');
  const malformed = [...rows].flatMap(([session, row]) => (row === 'malformed' ? [session] : []));
  await putAside(worker, malformed);
  return { ...counts, Quarantined: strange.length + malformed.length };
}

interface Settled {
  rows: Brought['rows'];
  counts: Counts;
}

/**
 * The store first. Rows that are read for it serve the rules too, if these are known by then: so a revocation takes as few calls
 * as it can, and the store never waits for AWS WAF.
 */
async function settle(worker: Worker, sessions: readonly string[]): Promise<Settled> {
  if (sessions.length === 0) return { rows: new Map(), counts: {} };
  const { rules } = worker;
  const looked = rules === undefined ? undefined : lookAtRules(rules);
  let known: { after: RuleGroupContent | undefined; time: number } | undefined;
  const beforeRows = (): void => {
    known ??= { after: rules?.known.content, time: worker.store.now() };
  };
  const brought = await bring(worker.store, { sessions, beforeRows });
  const { rows } = brought;
  await looked;
  const { after, time } = known ?? {};
  const read = after === undefined || time === undefined ? undefined : { rows, after, time };
  const counts = storeCounts(worker, brought.rebuilt ?? {});
  return { rows, counts: { ...counts, ...(await settleRules(worker, { sessions, read })) } };
}

async function putAside({ quarantine }: Worker, malformed: readonly string[]): Promise<void> {
  for (const id of malformed)
    await quarantine.put(`row ${id}`, 'It is no revocation: a member is missing or has another type.');
}

/**
 * Rules are in front of the edge check, which refuses the same sessions: that they cannot be written keeps no record of the
 * stream, and no later revocation, from the edge. The next sweep writes them, or fails.
 */
async function settleRules({ rules, failed }: Worker, wanted: ToBring): Promise<Counts> {
  if (rules === undefined) return {};
  try {
    return rulesCounts(await bringRules(rules, wanted));
  } catch (error) {
    failed?.('rules', error);
    return { RulesFailed: 1 };
  }
}

/**
 * Takes away what has expired: from the edge, then from the table. Rules are made what the table says: CloudFormation empties
 * them whenever it updates the rule group, and what a record of the stream asked for may not have been done. Where rules cannot
 * be written, `tell` hears of what was done before.
 */
export async function sweep(worker: Worker, tell: (counts: Counts) => void = () => {}): Promise<Counts> {
  const { table, now } = worker.store;
  const counts: Counts = {};
  let swept = 0;
  for await (const sessions of table.expiredBy(now() - SKEW)) {
    // Of before the edge is written: what was over then is not there any more.
    const time = now();
    const brought = await bring(worker.store, { sessions });
    Object.assign(counts, storeCounts(worker, brought.rebuilt ?? {}));
    const over = [...brought.rows.values()].filter(
      (row): row is RevocationRow => row !== 'malformed' && isOver(row, time),
    );
    for (let i = 0; i < over.length; i += AT_ONCE) {
      const gone = await Promise.all(over.slice(i, i + AT_ONCE).map((row) => table.remove(row)));
      swept += gone.filter(Boolean).length;
    }
  }
  const done = { ...counts, Swept: swept };
  try {
    const rules = worker.rules === undefined ? undefined : await rebuildRules(worker.rules);
    return { ...done, ...rulesCounts(rules) };
  } catch (error) {
    tell(done);
    throw error;
  }
}

/** Makes edge and rules what the table says, from whatever they are. */
export async function reconcile(worker: Worker): Promise<Counts> {
  const rebuilt = await rebuild(worker.store);
  const rules = worker.rules === undefined ? undefined : await rebuildRules(worker.rules);
  await putAside(worker, rebuilt.malformed);
  const counts = { ...storeCounts(worker, rebuilt), ...rulesCounts(rules) };
  return { ...counts, Quarantined: rebuilt.malformed.length };
}

function storeCounts({ store }: Worker, { held, leftOut }: Partial<Rebuilt>): Counts {
  const size = store.known.status?.size;
  return {
    ...(size === undefined ? {} : { StoreFill: (100 * size) / roomOf(store) }),
    ...(held === undefined ? {} : { RevocationsHeld: held }),
    ...(leftOut === undefined ? {} : { RevocationsLeftOut: leftOut }),
  };
}

function rulesCounts(result: RulesResult | undefined): Counts {
  if (result === undefined) return {};
  return { RuleGroupSessions: result.held, RuleGroupLeftOut: result.leftOut };
}
