/**
 * Revocations in the KeyValueStore: one key for each refused session. What is written was read from the table after the ETag
 * that the write builds on, so that whoever comes late brings nothing old; the ETag of an instance's own last write counts.
 */
import { errorName } from '../aws/error-name.ts';
import { type KeyValueStore, MAX_WRITE, type StoreStatus } from '../aws/key-value-store.ts';
import type { Found, RevocationTable } from '../aws/revocation-table.ts';
import { type Patience, tryAgain } from '../aws/try-again.ts';
import { bytesOf, MAX_REVOCATIONS, REVOKED, whatFits } from '../sessions/capacity.ts';
import { isHeld, type RevocationRow } from '../sessions/revocation-row.ts';
import { revocationKey } from '../token/revocation.ts';
import { heldRows } from './held-rows.ts';

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

/** What the edge now has of some sessions, as the table had it. `'full'`: there is no room, and nothing was written. */
export type Brought = Map<string, Found> | 'full';

/** Brings the revocations of sessions, at most 50, to the edge, and takes away those that no longer hold. */
export function bring(worker: StoreWorker, sessions: readonly string[]): Promise<Brought> {
  return patiently<Brought>(worker, async () => {
    const status = await statusOf(worker);
    const rows = await worker.table.read(sessions);
    const puts: Record<string, string> = {};
    const deletes: string[] = [];
    let added = 0;
    for (const session of sessions) {
      const row = rows.get(session);
      // What somebody made a mess of stays at the edge as it is.
      if (row === 'malformed') continue;
      if (row !== undefined && isHeld(row, worker.now())) {
        puts[revocationKey(session)] = REVOKED;
        added += bytesOf(session);
      } else deletes.push(revocationKey(session));
    }
    if (status.size + added > roomOf(worker)) return 'full';
    return (await write(worker, { status, puts, deletes })) === 'conflict' ? 'conflict' : rows;
  });
}

export interface Rebuilt {
  /** Revocations at the edge now, weightiest first. */
  held: RevocationRow[];
  /** How many there was no room for. */
  leftOut: number;
  /** Ids of rows that are none. */
  malformed: string[];
}

/**
 * Makes the store what the table says, from whatever it is. The store is listed before the table is read: a key in the list
 * that has no row then is nobody's. A write by somebody else in between begins it all again.
 */
export function rebuild(worker: StoreWorker): Promise<Rebuilt> {
  return patiently<Rebuilt>(worker, async () => {
    delete worker.known.status;
    let status = await statusOf(worker);
    const there = new Set<string>();
    for await (const page of worker.store.list())
      for (const { key } of page) if (key.startsWith(PREFIX)) there.add(key);
    const { rows, malformed } = await heldRows(worker);
    const bySession = new Map(rows.map((row) => [row.session, row]));
    const fits = whatFits([...bySession.keys()], roomOf(worker));
    const wanted = new Set(fits.map(revocationKey));
    const kept = new Set(malformed.map(revocationKey));
    const changes = [
      // Room first: nothing may fail for a lack of it that will not be there in the end.
      ...[...there].filter((key) => !wanted.has(key) && !kept.has(key)).map((key) => ({ key, put: false })),
      ...[...wanted].filter((key) => !there.has(key)).map((key) => ({ key, put: true })),
    ];
    for (let i = 0; i < changes.length; i += MAX_WRITE) {
      const part = changes.slice(i, i + MAX_WRITE);
      const puts = Object.fromEntries(part.flatMap(({ key, put }) => (put ? [[key, REVOKED]] : [])));
      const deletes = part.flatMap(({ key, put }) => (put ? [] : [key]));
      const done = await write(worker, { status, puts, deletes });
      if (done === 'conflict') return done;
      status = done;
    }
    const held = fits.map((session) => bySession.get(session) as RevocationRow);
    return { held, leftOut: rows.length - held.length, malformed };
  });
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
    const there = await Promise.all(deletes.map(async (key) => ((await store.get(key)) === undefined ? [] : [key])));
    if (there.flat().length === deletes.length) throw error;
    return write(worker, { status, puts, deletes: there.flat() });
  });
  if (done !== 'conflict') known.status = done;
  return done;
}

function patiently<T>(worker: StoreWorker, attempt: () => Promise<T | 'conflict'>): Promise<T> {
  return tryAgain<T>(
    async () => {
      const done = await attempt();
      if (done === 'conflict') delete worker.known.status;
      return done;
    },
    { what: 'revocations', ...(worker.patience === undefined ? {} : { patience: worker.patience }) },
  );
}
