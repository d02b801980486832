/**
 * CloudFront KeyValueStore: keys behind one ETag, all of a write or nothing, and what edge locations see of it some time later.
 * Limits and errors: CloudFront Developer Guide, "Quotas", and the comments of the client (pages of ListKeys: 10 keys unless
 * asked for, 50 at most). Whether deleting a key that is not there is an error is not documented: it is where a store is
 * `strict`.
 */
import { AwsError } from '../errors.ts';

const MAX_KEY = 512;
const MAX_VALUE = 1_024;
const MAX_STORE = 5 * 1024 * 1024;
const MAX_KEYS_A_WRITE = 50;
const MAX_BYTES_A_WRITE = 3 * 1024 * 1024;
const PAGE = 10;
const MAX_PAGE = 50;

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
  /** The keys in order, until one comes or goes. */
  order: string[] | undefined;
  size = 0;
  version = 1;
  /** Which store of the account it is: no other one ever has one of its ETags. */
  readonly number: number;

  constructor(number: number) {
    this.number = number;
  }

  get etag(): string {
    return `E${this.number}Z${String(this.version).padStart(10, '0')}`;
  }
}

export class KeyValues {
  readonly #stores = new Map<string, Store>();
  readonly #now: () => number;
  /** Keys that a page of ListKeys has at most, however many are asked for. */
  page = MAX_PAGE;
  /** Whether a write fails that deletes a key which is not there. */
  strict = false;
  /** Keys whose history is kept. */
  watched: (key: string) => boolean = () => false;

  constructor(now: () => number = Date.now) {
    this.#now = now;
  }

  create(arn: string): void {
    this.#stores.set(arn, new Store(this.#stores.size + 1));
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

  /** Forgets what every edge location has overtaken at a time. */
  forgetBefore(time: number): void {
    for (const { history } of this.#stores.values())
      for (const [key, writes] of history) {
        const last = writes.findLastIndex(([written]) => written <= time);
        if (last > 0) history.set(key, writes.slice(last));
      }
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
        const { MaxResults = PAGE, NextToken } = input;
        if (MaxResults < 1 || MaxResults > MAX_PAGE)
          throw new AwsError('ValidationException', `MaxResults is ${MaxResults}, not 1 to ${MAX_PAGE}`);
        return list(store, Math.min(MaxResults, this.page), NextToken);
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
    for (const { Key } of Deletes) {
      if (this.strict && !store.keys.has(Key))
        throw new AwsError('ResourceNotFoundException', 'Key not found', { status: 404 });
      size -= sizeOf(Key, store.keys.get(Key));
    }
    if (bytes > MAX_BYTES_A_WRITE) throw new AwsError('ValidationException', 'More than 3 MB in one request');
    if (size > MAX_STORE) throw new AwsError('ServiceQuotaExceededException', 'The store is full', { status: 402 });
    for (const { Key, Value } of Puts) this.#set(store, Key, Value);
    for (const { Key } of Deletes) this.#set(store, Key, undefined);
    store.size = size;
    store.version += 1;
    return status(store);
  }

  #set(store: Store, key: string, value: string | undefined): void {
    if (store.keys.has(key) !== (value !== undefined)) store.order = undefined;
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

/** A page. What is written while somebody turns pages may or may not be seen; what stays is seen once. */
function list(store: Store, count: number, token = ''): object {
  store.order ??= [...store.keys.keys()].sort();
  const from = token === '' ? 0 : after(store.order, token);
  const page = store.order.slice(from, from + count);
  const last = page.at(-1);
  const isMore = from + count < store.order.length;
  return {
    Items: page.map((Key) => ({ Key, Value: store.keys.get(Key) })),
    ...(isMore && last !== undefined ? { NextToken: Buffer.from(last).toString('base64url') } : {}),
  };
}

/** Where the keys begin that come after the one a token names. */
function after(order: readonly string[], token: string): number {
  const key = Buffer.from(token, 'base64url').toString();
  let low = 0;
  let high = order.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((order[middle] as string) <= key) low = middle + 1;
    else high = middle;
  }
  return low;
}

function sizeOf(key: string, value: string | undefined): number {
  return value === undefined ? 0 : Buffer.byteLength(key) + Buffer.byteLength(value);
}

function status(store: Store): { ETag: string; ItemCount: number; TotalSizeInBytes: number } {
  return { ETag: store.etag, ItemCount: store.keys.size, TotalSizeInBytes: store.size };
}
