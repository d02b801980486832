/**
 * CloudFront KeyValueStore: keys behind one ETag, all of a write or nothing, and what edge locations see of it some time later.
 * Limits and errors: CloudFront Developer Guide, "Quotas", and the comments of the client. That deleting a key that is not
 * there is no error is unverified.
 */
import { AwsError } from '../errors.ts';

const MAX_KEY = 512;
const MAX_VALUE = 1_024;
const MAX_STORE = 5 * 1024 * 1024;
const MAX_KEYS_A_WRITE = 50;
const MAX_BYTES_A_WRITE = 3 * 1024 * 1024;

export interface KvsInput {
  KvsARN: string;
  Key?: string;
  Value?: string;
  IfMatch?: string;
  Puts?: { Key: string; Value: string }[];
  Deletes?: { Key: string }[];
  NextToken?: string;
  MaxResults?: number;
}

class Store {
  readonly keys = new Map<string, string>();
  /** Values of a key over time, for what edge locations see: `[milliseconds, value]`, oldest first. */
  readonly history = new Map<string, [number, string | undefined][]>();
  size = 0;
  version = 1;
  #listed: { version: number; entries: [string, string][] } = { version: 0, entries: [] };

  /** All keys with their values, as an array: made once for a list of two thousand pages. */
  get entries(): readonly [string, string][] {
    if (this.#listed.version !== this.version) this.#listed = { version: this.version, entries: [...this.keys] };
    return this.#listed.entries;
  }

  get etag(): string {
    return `E${String(this.version).padStart(12, '0')}`;
  }
}

export class KeyValues {
  readonly #stores = new Map<string, Store>();
  readonly #now: () => number;
  /** Keys whose history is kept. */
  watched: (key: string) => boolean = () => false;

  constructor(now: () => number = Date.now) {
    this.#now = now;
  }

  create(arn: string): void {
    this.#stores.set(arn, new Store());
  }

  /** All that is in the store now. */
  content(arn: string): ReadonlyMap<string, string> {
    return this.#store(arn).keys;
  }

  /** The value of a watched key that an edge location sees at a time, where the latest writes have not arrived yet. */
  seenAt(arn: string, key: string, time: number): string | undefined {
    return this.#store(arn)
      .history.get(key)
      ?.findLast(([written]) => written <= time)?.[1];
  }

  /** When a watched key was written. */
  writes(arn: string, key: string): number[] {
    return (
      this.#store(arn)
        .history.get(key)
        ?.map(([written]) => written) ?? []
    );
  }

  call(operation: string, input: KvsInput): object {
    const store = this.#store(input.KvsARN);
    switch (operation) {
      case 'DescribeKeyValueStore':
        return { ...status(store), KvsARN: input.KvsARN, Status: 'READY', Created: 0 };
      case 'GetKey': {
        const Value = store.keys.get(input.Key ?? '');
        if (Value === undefined) throw new AwsError('ResourceNotFoundException', 'Key not found', { status: 404 });
        return { Key: input.Key, Value, ItemCount: store.keys.size, TotalSizeInBytes: store.size };
      }
      case 'ListKeys': {
        const from = Number(input.NextToken ?? 0);
        const to = from + Math.min(input.MaxResults ?? 10, 50);
        const Items = store.entries.slice(from, to).map(([Key, Value]) => ({ Key, Value }));
        return { Items, ...(to < store.keys.size ? { NextToken: String(to) } : {}) };
      }
      case 'PutKey':
        return this.#write(store, { ...input, Puts: [{ Key: input.Key ?? '', Value: input.Value ?? '' }] });
      case 'DeleteKey':
        return this.#write(store, { ...input, Deletes: [{ Key: input.Key ?? '' }] });
      case 'UpdateKeys':
        return this.#write(store, input);
      default:
        throw new AwsError('UnknownOperationException', operation, { status: 404 });
    }
  }

  #write(store: Store, { IfMatch, Puts = [], Deletes = [] }: KvsInput): object {
    if (IfMatch === undefined || IfMatch === '') throw new AwsError('ValidationException', 'IfMatch is required');
    if (IfMatch !== store.etag) throw new AwsError('ConflictException', 'The ETag does not match', { status: 409 });
    const count = Puts.length + Deletes.length;
    if (count === 0 || count > MAX_KEYS_A_WRITE)
      throw new AwsError('ValidationException', `1 to ${MAX_KEYS_A_WRITE} keys a request, not ${count}`);
    const names = [...Puts, ...Deletes].map(({ Key }) => Key);
    if (new Set(names).size !== count) throw new AwsError('ValidationException', 'A key is there twice');
    let size = store.size;
    let bytes = 0;
    for (const { Key, Value } of Puts) {
      if (Key === '' || Buffer.byteLength(Key) > MAX_KEY || Buffer.byteLength(Value) > MAX_VALUE)
        throw new AwsError('ValidationException', 'A key or a value is too long');
      bytes += sizeOf(Key, Value);
      size += sizeOf(Key, Value) - sizeOf(Key, store.keys.get(Key));
    }
    for (const { Key } of Deletes) size -= sizeOf(Key, store.keys.get(Key));
    if (bytes > MAX_BYTES_A_WRITE) throw new AwsError('ValidationException', 'More than 3 MB in one request');
    if (size > MAX_STORE) throw new AwsError('ServiceQuotaExceededException', 'The store is full', { status: 402 });
    for (const { Key, Value } of Puts) this.#set(store, Key, Value);
    for (const { Key } of Deletes) this.#set(store, Key, undefined);
    store.size = size;
    store.version += 1;
    return status(store);
  }

  #set(store: Store, key: string, value: string | undefined): void {
    if (value === undefined) store.keys.delete(key);
    else store.keys.set(key, value);
    if (!this.watched(key)) return;
    const history = store.history.get(key) ?? [];
    history.push([this.#now(), value]);
    store.history.set(key, history);
  }

  #store(arn: string): Store {
    const store = this.#stores.get(arn);
    if (store === undefined) throw new AwsError('ResourceNotFoundException', 'No such store', { status: 404 });
    return store;
  }
}

function sizeOf(key: string, value: string | undefined): number {
  return value === undefined ? 0 : Buffer.byteLength(key) + Buffer.byteLength(value);
}

function status(store: Store): { ETag: string; ItemCount: number; TotalSizeInBytes: number } {
  return { ETag: store.etag, ItemCount: store.keys.size, TotalSizeInBytes: store.size };
}
