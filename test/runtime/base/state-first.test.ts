/** Who writes keys, "void before" or a mode gets to write, however many revocations there are. */
import { setTimeout as pause } from 'node:timers/promises';
import { expect, it } from 'vitest';
import type { KeyValueStore } from '../../../runtime/aws/key-value-store.ts';
import type { RevocationTable } from '../../../runtime/aws/revocation-table.ts';
import { bring, rebuild, type StoreWorker } from '../../../runtime/base/revoked-store.ts';
import type { RevocationRow } from '../../../runtime/sessions/revocation-row.ts';

const NOW = 1_800_000_000;
const SESSIONS = Array.from({ length: 10_000 }, (_, i) => `session-${String(i).padStart(14, '0')}`);
const row = (session: string): RevocationRow =>
  ({ session, expires: NOW + 3_600, kind: 'manual', revoked: NOW }) as never;

/** A store that takes some milliseconds, and refuses what builds on an older ETag. */
function slowStore() {
  const state = { etag: 0 };
  const status = () => ({ etag: String(state.etag), size: 0, items: 0 });
  const store = {
    async describe() {
      await pause(8);
      return status();
    },
    async write({ etag }: { etag: string }) {
      await pause(8);
      if (etag !== String(state.etag)) return 'conflict' as const;
      state.etag += 1;
      return status();
    },
    async *list() {},
  } as unknown as KeyValueStore;
  const rows = new Map(SESSIONS.map((session) => [session, row(session)]));
  const table = {
    read: async (sessions: readonly string[]) => new Map(sessions.map((session) => [session, rows.get(session)])),
    async *all() {
      yield [...rows].map(([session, held]) => ({ session, row: held }));
    },
  } as unknown as RevocationTable;
  const worker: StoreWorker = { store, table, now: () => NOW, known: {} };
  return { store, worker };
}

it.each([
  ['that come through the stream', (worker: StoreWorker) => bring(worker, { sessions: SESSIONS })],
  ['that are written anew', (worker: StoreWorker) => rebuild(worker, SESSIONS)],
])(
  'beside revocations %s',
  async (_name, write) => {
    const { store, worker } = slowStore();
    let isOver = false;
    const written = write(worker).finally(() => {
      isOver = true;
    });
    // Longer between ETag and write than the other one takes for a whole write.
    const first = async (): Promise<boolean> => {
      for (;;) {
        const { etag } = await store.describe();
        await pause(40);
        if ((await store.write({ etag, puts: { state: 'x' } })) !== 'conflict') return !isOver;
      }
    };
    expect(await first()).toBe(true);
    await written;
  },
  30_000,
);
