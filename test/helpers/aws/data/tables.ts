/**
 * DynamoDB, as much of it as is used here: items by one partition key, sparse global secondary indexes, conditions, pages of
 * 1 MB, and the records of the stream. Source: DynamoDB API reference.
 */
import { AwsError } from '../errors.ts';
import { type Item, meets, order, update, type Value } from './expressions.ts';

export interface IndexModel {
  partition: string;
  sort?: string;
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

export class Table {
  readonly key = 'id';
  readonly indexes: Readonly<Record<string, IndexModel>>;
  readonly items = new Map<string, Item>();
  /** Records that nobody has fetched yet, oldest first. */
  readonly stream: StreamRecord[] = [];
  /** What indexes show: behind the table until `catchUp`, when `lagging`. */
  lagging = false;
  #indexed = new Map<string, Item>();
  #sequence = 0;

  constructor(indexes: Readonly<Record<string, IndexModel>> = {}) {
    this.indexes = indexes;
  }

  catchUp(): void {
    this.#indexed = new Map(this.items);
  }

  indexed(): Iterable<Item> {
    return (this.lagging ? this.#indexed : this.items).values();
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

  create(name: string, indexes?: Readonly<Record<string, IndexModel>>): Table {
    const table = new Table(indexes);
    this.#tables.set(name, table);
    return table;
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
  GetItem: (tables, { TableName, Key }) => {
    const table = tables.table(TableName);
    const Item = table.items.get(idOf(Key, table));
    return Item === undefined ? {} : { Item };
  },

  BatchGetItem: (tables, { RequestItems = {} }) => {
    const Responses: Record<string, Item[]> = {};
    const UnprocessedKeys: Record<string, object> = {};
    for (const [name, wanted] of Object.entries(RequestItems)) {
      const table = tables.table(name);
      const { Keys, ...more } = wanted as { Keys: Item[] };
      if (Keys.length > 100)
        throw new AwsError('ValidationException', 'Too many items requested for the BatchGetItem call');
      if (new Set(Keys.map((key) => idOf(key, table))).size !== Keys.length)
        throw new AwsError('ValidationException', 'Provided list of item keys contains duplicates');
      const left = Keys.splice(Keys.length - Math.min(tables.unprocessed, Keys.length - 1));
      tables.unprocessed = 0;
      Responses[name] = Keys.flatMap((key) => (table.items.get(idOf(key, table)) ?? []) as Item[]);
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
    const { partition, sort = table.key } = index;
    const found = [...table.indexed()]
      // Sparse: what lacks a key of the index is not in it.
      .filter((item) => partition in item && sort in item)
      .filter((item) => meets(input.KeyConditionExpression ?? '', { item, ...placeholders(input) }))
      .sort((a, b) => order(a[sort] as Value, b[sort] as Value) || order(a[table.key] as Value, b[table.key] as Value));
    return page(input.ScanIndexForward === false ? found.reverse() : found, input, table);
  },

  Scan: (tables, input) => {
    const table = tables.table(input.TableName);
    const all = [...table.items.values()].sort((a, b) => order(a[table.key] as Value, b[table.key] as Value));
    return page(all, input, table);
  },
};

function page(all: Item[], input: Input, table: Table): object {
  const { Limit = Number.POSITIVE_INFINITY, ExclusiveStartKey, FilterExpression } = input;
  const start =
    ExclusiveStartKey === undefined
      ? 0
      : all.findIndex((item) => idOf(item, table) === idOf(ExclusiveStartKey, table)) + 1;
  const looked: Item[] = [];
  let bytes = 0;
  for (const item of all.slice(start)) {
    bytes += JSON.stringify(item).length;
    if (looked.length >= Limit || (bytes > PAGE && looked.length > 0)) break;
    looked.push(item);
  }
  const Items = looked.filter(
    (item) => FilterExpression === undefined || meets(FilterExpression, { item, ...placeholders(input) }),
  );
  const last = looked.at(-1);
  const isMore = last !== undefined && start + looked.length < all.length;
  return {
    Items,
    Count: Items.length,
    ScannedCount: looked.length,
    ...(isMore ? { LastEvaluatedKey: { [table.key]: last[table.key] } } : {}),
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
