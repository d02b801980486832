/**
 * Revocations in the rule group of AWS WAF, in front of the edge check, which refuses them as well. The same pattern as with the
 * store: rows are read after the lock token that the write builds on. Whoever is told that a row has changed writes, also what
 * is there already: only then nobody can still write who has read the row as it was.
 */
import type { RevocationTable } from '../aws/revocation-table.ts';
import type { RuleGroup, RuleGroupContent } from '../aws/rule-group.ts';
import { type Patience, tryAgain } from '../aws/try-again.ts';
import { byWeight, isHeld, type RevocationRow } from '../sessions/revocation-row.ts';
import { packRules, packWithin, sessionsOf } from '../sessions/rule-packing.ts';
import { heldRows } from './held-rows.ts';

export interface RulesWorker {
  group: RuleGroup;
  table: RevocationTable;
  /** Seconds since 1970. */
  now(): number;
  /** What this instance knows of the group, from its own last write. */
  known: { content?: RuleGroupContent };
  patience?: Patience;
}

export interface RulesResult {
  /** Sessions that the rules hold. */
  held: number;
  /** How many there was no room for, where that was decided. */
  leftOut?: number;
}

/** Brings some sessions into the rules, and takes out those that no longer hold. */
export function bringRules(worker: RulesWorker, sessions: readonly string[]): Promise<RulesResult> {
  return patiently(worker, async () => {
    const content = await contentOf(worker);
    const there = sessionsIn(content);
    // Emptied by CloudFormation, or edited: what else belongs there is in the table.
    if (there.length === 0) return write(worker, { content, ...(await fromTable(worker, there)) });
    const held = new Set(there);
    const rows = await worker.table.read(sessions);
    for (const session of sessions) {
      const row = rows.get(session);
      if (row === 'malformed') continue;
      if (row !== undefined && isHeld(row, worker.now())) held.add(session);
      else held.delete(session);
    }
    if (packRules([...held]).wcu <= worker.group.capacity) return write(worker, { content, sessions: [...held] });
    // Who stays is decided by rows, of those that are in the group already too.
    const all = await worker.table.read([...held]);
    return write(worker, { content, ...weightiest(worker, [...all.values()]) });
  });
}

/** Makes the rules what the table says, from whatever they are. */
export function rebuildRules(worker: RulesWorker): Promise<RulesResult> {
  return patiently(worker, async () => {
    delete worker.known.content;
    const content = await contentOf(worker);
    const there = sessionsOf(content.rules);
    const { sessions, leftOut } = await fromTable(worker, there ?? []);
    if (there !== undefined && isSame(there, sessions)) return { held: there.length, leftOut };
    return write(worker, { content, sessions, leftOut });
  });
}

/** Makes the rules what the table says where they are empty or not ours; else nothing. */
export async function mendRules(worker: RulesWorker): Promise<RulesResult> {
  delete worker.known.content;
  const there = sessionsIn(await contentOf(worker));
  return there.length === 0 ? rebuildRules(worker) : { held: there.length };
}

interface Chosen {
  sessions: string[];
  /** How many there is no room for. */
  leftOut: number;
}

async function fromTable(worker: RulesWorker, there: readonly string[]): Promise<Chosen> {
  const { rows, malformed } = await heldRows(worker);
  // What somebody made a mess of stays as it is, as in the store.
  const kept = there.filter((session) => malformed.includes(session));
  return weightiest(worker, rows, kept);
}

/** None where the rules are not ours. */
function sessionsIn({ rules }: RuleGroupContent): string[] {
  return sessionsOf(rules) ?? [];
}

function isSame(a: readonly string[], b: readonly string[]): boolean {
  return [...a].sort().join() === [...b].sort().join();
}

function weightiest(
  { group, now }: RulesWorker,
  rows: readonly (RevocationRow | 'malformed')[],
  kept: readonly string[] = [],
): Chosen {
  const held = rows.filter((row): row is RevocationRow => row !== 'malformed' && isHeld(row, now())).sort(byWeight);
  const all = [...kept, ...held.map(({ session }) => session)];
  const sessions = packWithin(all, group.capacity).held;
  return { sessions, leftOut: all.length - sessions.length };
}

async function contentOf({ known, group }: RulesWorker): Promise<RuleGroupContent> {
  known.content ??= await group.read();
  return known.content;
}

async function write(
  { group, known }: RulesWorker,
  { content, sessions, leftOut }: { content: RuleGroupContent; sessions: readonly string[]; leftOut?: number },
): Promise<RulesResult | 'conflict'> {
  const { rules } = packRules(sessions);
  delete known.content;
  const lockToken = await group.write(content.lockToken, rules);
  if (lockToken === 'conflict') return lockToken;
  known.content = { rules, lockToken };
  return { held: sessions.length, ...(leftOut === undefined ? {} : { leftOut }) };
}

function patiently(worker: RulesWorker, attempt: () => Promise<RulesResult | 'conflict'>): Promise<RulesResult> {
  return tryAgain<RulesResult>(
    async () => {
      const done = await attempt();
      if (done === 'conflict') delete worker.known.content;
      return done;
    },
    { what: 'rules of revocations', ...(worker.patience === undefined ? {} : { patience: worker.patience }) },
  );
}
