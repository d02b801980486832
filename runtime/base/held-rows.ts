/** All rows of the revocation table that hold, as they are now. */
import type { RevocationTable } from '../aws/revocation-table.ts';
import { byWeight, isHeld, type RevocationRow } from '../sessions/revocation-row.ts';

export interface HeldRows {
  /** Weightiest first. */
  rows: RevocationRow[];
  /** Ids of rows that are no revocations. */
  malformed: string[];
}

export async function heldRows({ table, now }: { table: RevocationTable; now(): number }): Promise<HeldRows> {
  const rows: RevocationRow[] = [];
  const malformed: string[] = [];
  for await (const page of table.all())
    for (const { session, row } of page) {
      if (row === 'malformed') malformed.push(session);
      else if (isHeld(row, now())) rows.push(row);
    }
  return { rows: rows.sort(byWeight), malformed };
}
