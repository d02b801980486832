/** What tests of the commands about sessions look at. */
import { type RevocationRow, rowOf } from '../../../runtime/sessions/revocation-row.ts';
import type { Ran } from '../../helpers/fake-io.ts';
import type { Operations } from '../../helpers/operations.ts';

/** The row of a session in the table. */
export const row = ({ table }: Operations, session: string): RevocationRow | undefined => {
  const item = table.items.get(session);
  return item === undefined ? undefined : rowOf(item as never);
};
/** Ids of all rows. */
export const rows = ({ table }: Operations): string[] => [...table.items.keys()].filter((id) => id !== 'control');
export const json = ({ stdout }: Ran) => JSON.parse(stdout);
export const codes = (ran: Ran): string[] => json(ran).diagnostics.map(({ code }: { code: string }) => code);
export const many = (count: number): string[] =>
  Array.from({ length: count }, (_, i) => `session-${String(i).padStart(14, '0')}`);
export const writes = (ops: Operations): number =>
  ops.operations().filter((operation) => operation === 'dynamodb:BatchWriteItem').length;
