/**
 * Revocations in the rule group of AWS WAF, in front of the edge check, which refuses them as well. The same pattern as with the
 * store: rows are read after the lock token that the write builds on. Whoever is told that a row has changed writes, also what
 * is there already: only then nobody can still write who has read the row as it was.
 */
import type { Found, RevocationTable } from '../aws/revocation-table.ts';
import type { RuleGroup, RuleGroupContent } from '../aws/rule-group.ts';
import { type Patience, tryAgain } from '../aws/try-again.ts';
import { isHeld } from '../sessions/revocation-row.ts';
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
  /** How many there is no room for. */
  leftOut: number;
}

export interface ReadRows {
  rows: ReadonlyMap<string, Found>;
  after: RuleGroupContent;
  /** By the clock, before they were read. */
  time: number;
}

export interface ToBring {
  sessions: readonly string[];
  /** Rows of these sessions that were read after the rules had been: they serve as long as nobody has written the rules since. */
  read?: ReadRows | undefined;
}

/**
 * Begins to read the rules, where they are not known. Never throws: who needs them reads them again.
 */
export async function lookAtRules(worker: RulesWorker): Promise<void> {
  await contentOf(worker).catch(() => undefined);
}

/** Capacity units that one more session takes at most, with those that its neighbours in the order then take. */
const ONE_MORE = 6;

/**
 * Brings some sessions into the rules, and takes out those that no longer hold. Where there is no room for one more, somebody
 * may have been left out: it is decided anew, of all rows of the table, who stays.
 */
export function bringRules(worker: RulesWorker, { sessions, read }: ToBring): Promise<RulesResult> {
  return patiently(worker, async () => {
    const content = await contentOf(worker);
    const there = sessionsIn(content);
    const held = new Set(there);
    // Emptied by CloudFormation, or edited: what else belongs there is in the table.
    if (there.length === 0) return write(worker, { content, ...(await fromTable(worker, there)) });
    const isRead = read !== undefined && read.after === content;
    const time = isRead ? read.time : worker.now();
    const rows = isRead ? read.rows : await worker.table.read(sessions);
    for (const session of sessions) {
      const row = rows.get(session);
      if (row === 'malformed') continue;
      if (row !== undefined && isHeld(row, time)) held.add(session);
      else held.delete(session);
    }
    const { wcu } = packRules([...there, ...held]);
    if (wcu + ONE_MORE <= worker.group.capacity) return write(worker, { content, sessions: [...held], leftOut: 0 });
    return write(worker, { content, ...(await fromTable(worker, there)) });
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

interface Chosen {
  sessions: string[];
  /** How many there is no room for. */
  leftOut: number;
}

/** The weightiest of all revocations. What somebody made a mess of stays as it is, as in the store. */
async function fromTable(worker: RulesWorker, there: readonly string[]): Promise<Chosen> {
  const { rows, malformed } = await heldRows(worker);
  const kept = there.filter((session) => malformed.includes(session));
  const all = [...kept, ...rows.map(({ session }) => session)];
  const sessions = packWithin(all, worker.group.capacity).held;
  return { sessions, leftOut: all.length - sessions.length };
}

/** None where the rules are not ours. */
function sessionsIn({ rules }: RuleGroupContent): string[] {
  return sessionsOf(rules) ?? [];
}

function isSame(a: readonly string[], b: readonly string[]): boolean {
  return [...a].sort().join() === [...b].sort().join();
}

async function contentOf({ known, group }: RulesWorker): Promise<RuleGroupContent> {
  known.content ??= await group.read();
  return known.content;
}

async function write(
  { group, known }: RulesWorker,
  { content, sessions, leftOut }: Chosen & { content: RuleGroupContent },
): Promise<RulesResult | 'conflict'> {
  const { rules } = packRules(sessions);
  // Not known any more until the answer is here.
  delete known.content;
  const lockToken = await group.write(content.lockToken, rules);
  if (lockToken === 'conflict') return lockToken;
  known.content = { rules, lockToken };
  return { held: sessions.length, leftOut };
}

function patiently({ patience }: RulesWorker, attempt: () => Promise<RulesResult | 'conflict'>): Promise<RulesResult> {
  return tryAgain(attempt, { what: 'rules of revocations', ...(patience === undefined ? {} : { patience }) });
}
