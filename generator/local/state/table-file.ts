/** The revocation table with its control item. Whoever writes a row sees to it that the worker hears of it (`changed`). */
import { isDeepStrictEqual } from 'node:util';
import type { ControlItem } from '../../../runtime/aws/control-item.ts';
import type { Found, RevocationTable } from '../../../runtime/aws/revocation-table.ts';
import type { SessionRevocations } from '../../../runtime/aws/session-revocations.ts';
import type { Control } from '../../../runtime/keys/follow.ts';
import { itemOf, type RevocationRow, rowOf } from '../../../runtime/sessions/revocation-row.ts';
import { isRecord, jsonFile } from './json-file.ts';

interface Content {
  control: Control;
  rows: Record<string, RevocationRow>;
}

export interface LocalTable {
  table: RevocationTable;
  control: ControlItem;
  /** What the token API does with a session. */
  sessions: SessionRevocations;
}

export interface TableOptions {
  /** Called when the row of a session was written, as the stream of the table would. */
  changed(session: string): Promise<void>;
}

/** Throws `CorruptState`. */
export function tableFile(path: string, { changed }: TableOptions): LocalTable {
  const file = jsonFile<Content>(path, {
    empty: { control: { voidBefore: 0 }, rows: {} },
    fault(value) {
      if (!isRecord(value) || !isRecord(value.rows)) return 'it is no table';
      return isRecord(value.control) && Number.isInteger(value.control.voidBefore)
        ? undefined
        : 'it has no control item';
    },
  });
  const rowAt = (session: string): Found | undefined =>
    Object.hasOwn(file.value.rows, session) ? checked(file.value.rows[session] as RevocationRow) : undefined;
  const writeRow = async (row: RevocationRow): Promise<void> => {
    file.replace({ ...file.value, rows: { ...file.value.rows, [row.session]: row } });
    await changed(row.session);
  };
  return {
    table: {
      async read(sessions) {
        const found = sessions.flatMap((session) => {
          const row = rowAt(session);
          return row === undefined ? [] : [[session, row] as const];
        });
        return new Map<string, Found>(found);
      },
      async *expiredBy(time) {
        const rows = Object.values(file.value.rows);
        yield rows.filter(({ state, expires }) => state === 'revoked' && expires <= time).map(({ session }) => session);
      },
      async *all() {
        yield Object.entries(file.value.rows).map(([session, row]) => ({ session, row: checked(row) }));
      },
      async remove({ session, expires }) {
        const { [session]: row, ...rows } = file.value.rows;
        if (row === undefined || row.expires !== expires) return false;
        file.replace({ ...file.value, rows });
        return true;
      },
    },
    control: {
      read: async () => file.value.control,
      async raiseVoidBefore(time) {
        const { control } = file.value;
        if (control.voidBefore >= time) return false;
        file.replace({ ...file.value, control: { ...control, voidBefore: time } });
        return true;
      },
      async setOverride(override) {
        const { voidBefore } = file.value.control;
        file.replace({ ...file.value, control: { voidBefore, ...(override === undefined ? {} : { override }) } });
      },
    },
    sessions: {
      find: async (session) => rowAt(session),
      async put(row, found) {
        if (!isDeepStrictEqual(rowAt(row.session), found)) return false;
        await writeRow(row);
        return true;
      },
      async lift(session) {
        const row = rowAt(session);
        if (row === undefined || row === 'malformed' || row.state !== 'revoked') return false;
        await writeRow({ ...row, state: 'lifted' });
        return true;
      },
    },
  };
}

/** By the same rule as in AWS. */
function checked(row: RevocationRow): Found {
  return (isRecord(row) && rowOf(itemOf(row))) || 'malformed';
}
