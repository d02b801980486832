/** The KeyValueStore: the worker and the keys write it as in AWS, the function reads it. */
import { type KeyValueStore, MAX_WRITE, type StoreStatus } from '../../../runtime/aws/key-value-store.ts';
import type { EdgeStore } from '../engine.ts';
import { isRecord, jsonFile } from './json-file.ts';

interface Content {
  etag: number;
  entries: Record<string, string>;
}

/** Quotas of key value stores (CloudFront Developer Guide). */
const MAX_KEY = 512;
const MAX_VALUE = 1024;
const MAX_STORE = 5 * 1024 * 1024;

export interface LocalStore {
  store: KeyValueStore;
  edge: EdgeStore;
}

/** Throws `CorruptState`. */
export function keyValueFile(path: string): LocalStore {
  const file = jsonFile<Content>(path, {
    empty: { etag: 0, entries: {} },
    fault(value) {
      if (!isRecord(value) || !Number.isInteger(value.etag) || !isRecord(value.entries)) return 'it is no store';
      return Object.values(value.entries).every((one) => typeof one === 'string') ? undefined : 'a value is no text';
    },
  });
  // A map, so that a key called `__proto__` is just a key.
  let entries = new Map(Object.entries(file.value.entries));
  let size = sizeOf(entries);
  const status = (): StoreStatus => ({ etag: String(file.value.etag), size, items: entries.size });
  return {
    store: {
      describe: async () => status(),
      get: async (key) => entries.get(key),
      async *list() {
        yield [...entries].map(([key, value]) => ({ key, value }));
      },
      async write({ etag, puts = {}, deletes = [] }) {
        if (etag !== String(file.value.etag)) return 'conflict';
        const changed = new Map(entries);
        for (const key of deletes) changed.delete(key);
        for (const [key, value] of Object.entries(puts)) changed.set(key, value);
        checkLimits({ puts, deletes, after: sizeOf(changed) });
        file.replace({ etag: file.value.etag + 1, entries: Object.fromEntries(changed) });
        entries = changed;
        size = sizeOf(changed);
        return status();
      },
    },
    edge: {
      get: (key) => entries.get(key),
      has: (key) => entries.has(key),
      entries: () => entries,
      get version() {
        return file.value.etag;
      },
    },
  };
}

function sizeOf(entries: ReadonlyMap<string, string>): number {
  let size = 0;
  for (const [key, value] of entries) size += Buffer.byteLength(key) + Buffer.byteLength(value);
  return size;
}

/** What AWS would not take is not taken here: or it would be found out only there. */
function checkLimits(write: {
  puts: Readonly<Record<string, string>>;
  deletes: readonly string[];
  after: number;
}): void {
  const { puts, deletes, after } = write;
  const large = ([key, value]: [string, string]): boolean =>
    Buffer.byteLength(key) > MAX_KEY || Buffer.byteLength(value) > MAX_VALUE;
  const tooMuch =
    Object.keys(puts).length + deletes.length > MAX_WRITE || after > MAX_STORE || Object.entries(puts).some(large);
  if (tooMuch) throw Object.assign(new Error('over a quota of key value stores'), { name: 'ValidationException' });
}
