/** All rows of the revocation table that hold, as they are now. */
import type { Found, RevocationTable } from '../aws/revocation-table.ts';
import { byWeight, isHeld, type RevocationRow } from '../sessions/revocation-row.ts';

export interface HeldRows {
  /** Weightiest first. */
  rows: RevocationRow[];
  /** Ids of rows that are no revocations. */
  malformed: string[];
  /** The rows, held or not, of sessions that were asked for; nothing for a session that has none. */
  asked: Map<string, Found>;
}

export async function heldRows(
  { table, now }: { table: RevocationTable; now(): number },
  sessions: Iterable<string> = [],
): Promise<HeldRows> {
  const wanted = new Set(sessions);
  // Of before they are read: an answer may take long, and what was over by then may have been extended.
  const time = now();
  const rows: RevocationRow[] = [];
  const malformed: string[] = [];
  const asked = new Map<string, Found>();
  for await (const page of table.all())
    for (const { session, row } of page) {
      if (wanted.has(session)) asked.set(session, row);
      if (row === 'malformed') malformed.push(session);
      else if (isHeld(row, time)) rows.push(row);
    }
  return { rows: rows.sort(byWeight), malformed, asked };
}
