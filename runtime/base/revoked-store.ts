/**
 * Revocations in the KeyValueStore: one key for each refused session. What is written was read from the table after the ETag
 * that the write builds on, so that whoever comes late brings nothing old; the ETag of an instance's own last write counts.
 */
import { errorName } from '../aws/error-name.ts';
import { type KeyValueStore, MAX_WRITE, type StoreStatus } from '../aws/key-value-store.ts';
import type { Found, RevocationTable } from '../aws/revocation-table.ts';
import { type Patience, tryAgain } from '../aws/try-again.ts';
import { bytesOf, MAX_REVOCATIONS, MOST, REVOKED, whatFits } from '../sessions/capacity.ts';
import { isHeld } from '../sessions/revocation-row.ts';
import { revocationKey } from '../token/revocation.ts';
import { heldRows } from './held-rows.ts';
import { stateFirst } from './state-first.ts';

const PREFIX = 'r.';

export interface StoreWorker {
  store: KeyValueStore;
  table: RevocationTable;
  /** Seconds since 1970. */
  now(): number;
  /** What this instance knows of the store, from its own last write. */
  known: { status?: StoreStatus };
  /** Bytes that the store may have; what the service allows, less a reserve, if unset. */
  room?: number;
  patience?: Patience;
}

export function roomOf({ room = MAX_REVOCATIONS }: StoreWorker): number {
  return room;
}

export interface Wanted {
  sessions: readonly string[];
  /** Hears when rows are about to be read: whatever is known now is older than they are. */
  beforeRows?: (() => void) | undefined;
}

export interface Brought {
  /** The rows that the edge now follows of the sessions that were asked for; nothing for a session that has none. */
  rows: Map<string, Found>;
  /** What was decided of all revocations, where there was no room for one more. */
  rebuilt?: Rebuilt;
}

/**
 * Brings the revocations of sessions to the edge, and takes away those that no longer hold. Where there is no room for one more,
 * somebody may have been left out: it is decided anew, of all rows of the table, who stays.
 */
export async function bring(worker: StoreWorker, { sessions, beforeRows }: Wanted): Promise<Brought> {
  const rows = new Map<string, Found>();
  for (let i = 0; i < sessions.length; i += MAX_WRITE) {
    if (i > 0) await stateFirst();
    const brought = await bringSome(worker, { sessions: sessions.slice(i, i + MAX_WRITE), beforeRows });
    if (brought === 'full') {
      const rebuilt = await rebuild(worker, sessions);
      return { rows: rebuilt.asked, rebuilt };
    }
    for (const [session, row] of brought) rows.set(session, row);
  }
  return { rows };
}

/** At most 50. `'full'`: there may be no room, and nothing was written. */
function bringSome(worker: StoreWorker, { sessions, beforeRows }: Wanted): Promise<Map<string, Found> | 'full'> {
  return patiently<Map<string, Found> | 'full'>(worker, async () => {
    const status = await statusOf(worker);
    beforeRows?.();
    // Rows are judged by the clock of before they were read: one that is over by the time they come may have been extended.
    const time = worker.now();
    const rows = await worker.table.read(sessions);
    const puts: Record<string, string> = {};
    const deletes: string[] = [];
    let added = 0;
    for (const session of sessions) {
      const row = rows.get(session);
      // What somebody made a mess of stays at the edge as it is.
      if (row === 'malformed') continue;
      if (row !== undefined && isHeld(row, time)) {
        puts[revocationKey(session)] = REVOKED;
        added += bytesOf(session);
      } else deletes.push(revocationKey(session));
    }
    if (status.size + Math.max(added, MOST) > roomOf(worker)) return 'full';
    return (await write(worker, { status, puts, deletes })) === 'conflict' ? 'conflict' : rows;
  });
}

export interface Rebuilt {
  /** How many revocations are at the edge. */
  held: number;
  /** How many there is no room for. */
  leftOut: number;
  /** The rows of sessions that have changed. */
  asked: Map<string, Found>;
  /** Ids of rows that are none. */
  malformed: string[];
}

/**
 * Makes the store what the table says, from whatever it is. The store is listed before the table is read: a key in the list
 * that has no row then is nobody's. When somebody else writes in between, the table is read again, and the store is not listed
 * again, which takes minutes where it is large: what others wrote they had read in the table. Sessions that have changed are
 * written also where they are right already: only then nobody can still write who has read a row as it was.
 */
export function rebuild(worker: StoreWorker, changed: readonly string[] = []): Promise<Rebuilt> {
  let list: Listed | undefined;
  return patiently<Rebuilt>(worker, async () => {
    delete worker.known.status;
    let status = await statusOf(worker);
    const isOld = list !== undefined;
    list ??= await listed(worker);
    const { there, others } = list;
    const { rows, malformed, asked } = await heldRows(worker, changed);
    const kept = new Set(malformed.map(revocationKey).filter((key) => there.has(key)));
    const room = roomOf(worker) - others - [...kept].reduce((sum, key) => sum + (there.get(key) ?? 0), 0);
    const wanted = new Set(
      whatFits(
        rows.map(({ session }) => session),
        room,
      ).map(revocationKey),
    );
    const again = changed.filter((session) => asked.get(session) !== 'malformed').map(revocationKey);
    const deletes = [...there.keys(), ...again].filter((key) => !wanted.has(key) && !kept.has(key));
    const puts = [...[...wanted].filter((key) => !there.has(key)), ...again.filter((key) => wanted.has(key))];
    // Room first: nothing may fail for a lack of it that will not be there in the end.
    let writes = 0;
    for (const part of parts(new Set(deletes), new Set(puts))) {
      if (writes++ > 0) await stateFirst();
      const done = await write(worker, { status, ...part });
      if (done === 'conflict') return done;
      status = done;
      for (const key of part.deletes) there.delete(key);
      for (const key of Object.keys(part.puts)) there.set(key, key.length + REVOKED.length);
    }
    const leftOut = rows.length - wanted.size;
    // Where somebody is left out, the store is full and not more than that; else others have written what is not in the list.
    const isFull = status.size <= roomOf(worker) && status.size + MOST > roomOf(worker);
    if (isOld && leftOut > 0 && !isFull) {
      list = undefined;
      return 'conflict';
    }
    return { asked, held: wanted.size, leftOut, malformed };
  });
}

interface Listed {
  /** The keys of revocations that are in the store, with their bytes. */
  there: Map<string, number>;
  /** How many bytes the other ones take. */
  others: number;
}

async function listed({ store }: StoreWorker): Promise<Listed> {
  const there = new Map<string, number>();
  let others = 0;
  for await (const page of store.list())
    for (const { key, value } of page) {
      const bytes = Buffer.byteLength(key) + Buffer.byteLength(value);
      if (key.startsWith(PREFIX)) there.set(key, bytes);
      else others += bytes;
    }
  return { there, others };
}

function* parts(
  deletes: ReadonlySet<string>,
  puts: ReadonlySet<string>,
): Generator<{ puts: Record<string, string>; deletes: string[] }> {
  const keys = [...deletes, ...puts];
  for (let i = 0; i < keys.length; i += MAX_WRITE) {
    const part = keys.slice(i, i + MAX_WRITE);
    yield {
      puts: Object.fromEntries(part.flatMap((key) => (puts.has(key) ? [[key, REVOKED]] : []))),
      deletes: part.filter((key) => deletes.has(key)),
    };
  }
}

async function statusOf({ known, store }: StoreWorker): Promise<StoreStatus> {
  known.status ??= await store.describe();
  return known.status;
}

interface Change {
  status: StoreStatus;
  puts: Record<string, string>;
  deletes: string[];
}

async function write(worker: StoreWorker, { status, puts, deletes }: Change): Promise<StoreStatus | 'conflict'> {
  const { store, known } = worker;
  if (Object.keys(puts).length + deletes.length === 0) return status;
  // Not known any more until the answer is here.
  delete known.status;
  const done = await store.write({ etag: status.etag, puts, deletes }).catch(async (error: unknown) => {
    // Whether AWS minds the deletion of a key that is not there is not documented: if so, only those that are go.
    if (deletes.length === 0 || !/^(ResourceNotFound|Validation)Exception$/.test(errorName(error))) throw error;
    const found = await Promise.all(deletes.map(async (key) => ((await store.get(key)) === undefined ? [] : [key])));
    const there = found.flat();
    if (there.length < deletes.length) return write(worker, { status, puts: somethingOf(puts, there), deletes: there });
    // All of them are there by now: somebody else wrote.
    if (errorName(error) === 'ResourceNotFoundException') return 'conflict';
    throw error;
  });
  if (done !== 'conflict') known.status = done;
  return done;
}

/**
 * What there is to put; a mark where nothing would be written at all. It is no session's, and makes the store another one, so
 * that nobody can still write who has read rows as they were. The next reconciliation takes it away.
 */
function somethingOf(puts: Record<string, string>, deletes: readonly string[]): Record<string, string> {
  return Object.keys(puts).length + deletes.length === 0 ? { [PREFIX]: REVOKED } : puts;
}

function patiently<T>({ patience }: StoreWorker, attempt: () => Promise<T | 'conflict'>): Promise<T> {
  return tryAgain<T>(attempt, { what: 'revocations', ...(patience === undefined ? {} : { patience }) });
}
