/**
 * DynamoDB, as much of it as is used here: items by one partition key, sparse global secondary indexes, conditions, pages of
 * 1 MB and batches of 16 MB, and the records of the stream. Source: DynamoDB API reference.
 */
import { AwsError } from '../errors.ts';
import { type Item, meets, order, update, type Value } from './expressions.ts';
import { bytesOf } from './item-size.ts';

export interface IndexModel {
  partition: string;
  sort?: string;
  /** Attributes besides the keys; all if unset. */
  projected?: readonly string[];
}

/** A stream record as Lambda hands it on. */
export interface StreamRecord {
  eventID: string;
  eventName: 'INSERT' | 'MODIFY' | 'REMOVE';
  dynamodb: { Keys: Item; NewImage?: Item; OldImage?: Item; SequenceNumber: string };
}

interface Input {
  TableName: string;
  IndexName?: string;
  Key?: Item;
  Item?: Item;
  Limit?: number;
  ScanIndexForward?: boolean;
  ExclusiveStartKey?: Item;
  ConsistentRead?: boolean;
  ConditionExpression?: string;
  UpdateExpression?: string;
  KeyConditionExpression?: string;
  FilterExpression?: string;
  ExpressionAttributeNames?: Record<string, string>;
  ExpressionAttributeValues?: Record<string, Value>;
  RequestItems?: Record<string, unknown>;
  ReturnValues?: string;
}

const PAGE = 1024 * 1024;
const BATCH = 16 * 1024 * 1024;

export class Table {
  readonly key = 'id';
  readonly indexes: Readonly<Record<string, IndexModel>>;
  readonly items = new Map<string, Item>();
  /** Records that nobody has fetched yet, oldest first. */
  readonly stream: StreamRecord[] = [];
  /** Whether indexes, and reads that do not ask for more, are behind the table until `catchUp`. */
  lagging = false;
  #behind = new Map<string, Item>();
  #sequence = 0;

  constructor(indexes: Readonly<Record<string, IndexModel>> = {}) {
    this.indexes = indexes;
  }

  catchUp(): void {
    this.#behind = new Map(this.items);
  }

  /** Items as they are, or as an index and a read that may be eventually consistent show them. */
  seen(isConsistent: boolean | undefined): ReadonlyMap<string, Item> {
    return this.lagging && !isConsistent ? this.#behind : this.items;
  }

  set(id: string, item: Item | undefined): void {
    const old = this.items.get(id);
    if (item === undefined) this.items.delete(id);
    else this.items.set(id, item);
    if (old === undefined && item === undefined) return;
    // DynamoDB writes no record when nothing changed.
    if (old !== undefined && item !== undefined && JSON.stringify(old) === JSON.stringify(item)) return;
    this.#sequence += 1;
    const number = String(this.#sequence).padStart(21, '0');
    this.stream.push({
      eventID: number,
      eventName: old === undefined ? 'INSERT' : item === undefined ? 'REMOVE' : 'MODIFY',
      dynamodb: {
        Keys: { [this.key]: { S: id } },
        ...(item === undefined ? {} : { NewImage: item }),
        ...(old === undefined ? {} : { OldImage: old }),
        SequenceNumber: number,
      },
    });
  }
}

export class Tables {
  readonly #tables = new Map<string, Table>();
  /** Keys that the next BatchGetItem, or rows that the next BatchWriteItem, leaves unprocessed. */
  unprocessed = 0;
  /** Bytes of items that a page of a query or a scan has at most, and a batch of items. */
  page = PAGE;
  batch = BATCH;

  create(name: string, indexes?: Readonly<Record<string, IndexModel>>): Table {
    const table = new Table(indexes);
    this.#tables.set(name, table);
    return table;
  }

  has(name: string): boolean {
    return this.#tables.has(name);
  }

  drop(name: string): void {
    this.#tables.delete(name);
  }

  table(name: string): Table {
    const table = this.#tables.get(name);
    if (table === undefined) throw new AwsError('ResourceNotFoundException', 'Requested resource not found');
    return table;
  }

  call(operation: string, input: Input): object {
    const run = OPERATIONS[operation];
    if (run === undefined) throw new AwsError('UnknownOperationException', operation);
    return run(this, input);
  }
}

const OPERATIONS: Readonly<Record<string, (tables: Tables, input: Input) => object>> = {
  GetItem: (tables, { TableName, Key, ConsistentRead }) => {
    const table = tables.table(TableName);
    const Item = table.seen(ConsistentRead).get(idOf(Key, table));
    return Item === undefined ? {} : { Item };
  },

  BatchGetItem: (tables, { RequestItems = {} }) => {
    const Responses: Record<string, Item[]> = {};
    const UnprocessedKeys: Record<string, object> = {};
    for (const [name, wanted] of Object.entries(RequestItems)) {
      const table = tables.table(name);
      const { Keys, ...more } = wanted as { Keys: Item[]; ConsistentRead?: boolean };
      if (Keys.length > 100)
        throw new AwsError('ValidationException', 'Too many items requested for the BatchGetItem call');
      if (new Set(Keys.map((key) => idOf(key, table))).size !== Keys.length)
        throw new AwsError('ValidationException', 'Provided list of item keys contains duplicates');
      const left = Keys.splice(Keys.length - Math.min(tables.unprocessed, Keys.length - 1));
      tables.unprocessed = 0;
      const items = table.seen(more.ConsistentRead);
      const found = Keys.map((key) => items.get(idOf(key, table)));
      // An answer has as many items as fit, in no order that one could rely on.
      let bytes = 0;
      const end = found.findIndex((item) => {
        bytes += item === undefined ? 0 : bytesOf(item);
        return bytes > tables.batch;
      });
      if (end !== -1) left.push(...Keys.splice(end));
      Responses[name] = found.slice(0, Keys.length).filter((item) => item !== undefined);
      if (left.length > 0) UnprocessedKeys[name] = { Keys: left, ...more };
    }
    return { Responses, UnprocessedKeys };
  },

  BatchWriteItem: (tables, { RequestItems = {} }) => {
    const UnprocessedItems: Record<string, object[]> = {};
    for (const [name, wanted] of Object.entries(RequestItems)) {
      const table = tables.table(name);
      const requests = wanted as { PutRequest: { Item: Item } }[];
      const ids = requests.map(({ PutRequest }) => idOf(PutRequest.Item, table));
      if (requests.length > 25)
        throw new AwsError('ValidationException', 'Too many items requested for the BatchWriteItem call');
      if (new Set(ids).size !== ids.length)
        throw new AwsError('ValidationException', 'Provided list of item keys contains duplicates');
      const left = requests.splice(requests.length - Math.min(tables.unprocessed, requests.length));
      tables.unprocessed = 0;
      for (const { PutRequest } of requests) table.set(idOf(PutRequest.Item, table), PutRequest.Item);
      if (left.length > 0) UnprocessedItems[name] = left;
    }
    return { UnprocessedItems };
  },

  PutItem: (tables, input) => {
    const table = tables.table(input.TableName);
    const id = idOf(input.Item, table);
    check(table.items.get(id), input);
    table.set(id, input.Item);
    return {};
  },

  UpdateItem: (tables, input) => {
    const table = tables.table(input.TableName);
    const id = idOf(input.Key, table);
    check(table.items.get(id), input);
    const old = table.items.get(id);
    const item: Item = { ...(old ?? input.Key) };
    update(input.UpdateExpression ?? '', { item, ...placeholders(input) });
    table.set(id, item);
    if (input.ReturnValues === 'ALL_OLD') return old === undefined ? {} : { Attributes: old };
    return input.ReturnValues === 'ALL_NEW' ? { Attributes: item } : {};
  },

  DeleteItem: (tables, input) => {
    const table = tables.table(input.TableName);
    const id = idOf(input.Key, table);
    check(table.items.get(id), input);
    table.set(id, undefined);
    return {};
  },

  Query: (tables, input) => {
    const table = tables.table(input.TableName);
    const index = table.indexes[input.IndexName ?? ''];
    if (index === undefined) throw new AwsError('ValidationException', 'The table does not have the specified index');
    const { partition, sort = table.key, projected } = index;
    const keys = [...new Set([table.key, partition, sort])];
    const found = [...table.seen(false).values()]
      // Sparse: what lacks a key of the index is not in it.
      .filter((item) => partition in item && sort in item)
      .filter((item) => meets(input.KeyConditionExpression ?? '', { item, ...placeholders(input) }))
      .map((item) => (projected === undefined ? item : only(item, [...keys, ...projected])));
    return page(found, input, { keys, by: [sort, table.key], most: tables.page });
  },

  Scan: (tables, input) => {
    const table = tables.table(input.TableName);
    return page([...table.seen(input.ConsistentRead).values()], input, {
      keys: [table.key],
      by: [table.key],
      most: tables.page,
    });
  },
};

function only(item: Item, names: readonly string[]): Item {
  return Object.fromEntries(names.flatMap((name) => (name in item ? [[name, item[name] as Value]] : [])));
}

/** A page of items in order, from behind the place where the last one ended: what was there may be gone by now. */
function page(found: Item[], input: Input, { keys, by, most }: { keys: string[]; by: string[]; most: number }): object {
  const { Limit = Number.POSITIVE_INFINITY, ExclusiveStartKey: start, FilterExpression } = input;
  const sign = input.ScanIndexForward === false ? -1 : 1;
  const compare = (a: Item, b: Item): number =>
    by.reduce((decided, name) => decided || sign * order(a[name] as Value, b[name] as Value), 0);
  const all = (start === undefined ? found : found.filter((item) => compare(item, start) > 0)).sort(compare);
  const looked: Item[] = [];
  let bytes = 0;
  for (const item of all) {
    bytes += bytesOf(item);
    if (looked.length >= Limit || (bytes > most && looked.length > 0)) break;
    looked.push(item);
  }
  const Items = looked.filter(
    (item) => FilterExpression === undefined || meets(FilterExpression, { item, ...placeholders(input) }),
  );
  const last = looked.at(-1);
  const isMore = last !== undefined && looked.length < all.length;
  return {
    Items,
    Count: Items.length,
    ScannedCount: looked.length,
    ...(isMore ? { LastEvaluatedKey: only(last, keys) } : {}),
  };
}

function check(item: Item | undefined, input: Input): void {
  if (input.ConditionExpression === undefined) return;
  if (!meets(input.ConditionExpression, { item: item ?? {}, ...placeholders(input) }))
    throw new AwsError('ConditionalCheckFailedException', 'The conditional request failed');
}

function placeholders(input: Input): {
  names: Input['ExpressionAttributeNames'];
  values: Input['ExpressionAttributeValues'];
} {
  return { names: input.ExpressionAttributeNames, values: input.ExpressionAttributeValues };
}

function idOf(key: Item | undefined, table: Table): string {
  const id = key?.[table.key]?.S;
  if (typeof id !== 'string' || id === '')
    throw new AwsError('ValidationException', 'One or more parameter values were invalid: missing the key id');
  return id;
}
