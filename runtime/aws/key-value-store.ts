/**
 * The content of a CloudFront KeyValueStore. Every write names the ETag it builds on, and gives the next one; all of a write is
 * done or nothing. Limits: 50 keys a write, key 512 bytes, value 1 KB, store 5 MB (CloudFront Developer Guide, quotas).
 */
import {
  type CloudFrontKeyValueStoreClient,
  DescribeKeyValueStoreCommand,
  GetKeyCommand,
  ListKeysCommand,
  UpdateKeysCommand,
} from '@aws-sdk/client-cloudfront-keyvaluestore';
import { errorName } from './error-name.ts';

/** Keys that one write may put or delete. */
export const MAX_WRITE = 50;

/** Keys that one page of the list may have. The service gives ten unless it is asked: 10,000 requests for a full store. */
const MAX_PAGE = 50;

export interface StoreStatus {
  etag: string;
  /** Bytes of all keys and values. */
  size: number;
  items: number;
}

export interface StoreWrite {
  /** What was read last, or what the last write gave. */
  etag: string;
  puts?: Readonly<Record<string, string>>;
  deletes?: readonly string[];
}

export interface KeyValueStore {
  describe(): Promise<StoreStatus>;
  /** Undefined where there is no such key. */
  get(key: string): Promise<string | undefined>;
  /** All keys with their values, page by page. */
  list(): AsyncGenerator<{ key: string; value: string }[]>;
  /** The store after the write; `'conflict'` when somebody else wrote since the ETag. */
  write(write: StoreWrite): Promise<StoreStatus | 'conflict'>;
}

export function keyValueStore(client: CloudFrontKeyValueStoreClient, arn: string): KeyValueStore {
  return {
    async describe() {
      return status(await client.send(new DescribeKeyValueStoreCommand({ KvsARN: arn })));
    },

    async get(key) {
      try {
        return (await client.send(new GetKeyCommand({ KvsARN: arn, Key: key }))).Value;
      } catch (error) {
        if (errorName(error) === 'ResourceNotFoundException') return undefined;
        throw error;
      }
    },

    async *list() {
      let next: string | undefined;
      do {
        const page = await client.send(
          new ListKeysCommand({
            KvsARN: arn,
            MaxResults: MAX_PAGE,
            ...(next === undefined ? {} : { NextToken: next }),
          }),
        );
        yield (page.Items ?? []).map(({ Key = '', Value = '' }) => ({ key: Key, value: Value }));
        next = page.NextToken;
      } while (next !== undefined);
    },

    async write({ etag, puts = {}, deletes = [] }) {
      try {
        const Puts = Object.entries(puts).map(([Key, Value]) => ({ Key, Value }));
        const Deletes = deletes.map((Key) => ({ Key }));
        return status(await client.send(new UpdateKeysCommand({ KvsARN: arn, IfMatch: etag, Puts, Deletes })));
      } catch (error) {
        if (errorName(error) === 'ConflictException') return 'conflict';
        throw error;
      }
    },
  };
}

function status({
  ETag = '',
  TotalSizeInBytes = 0,
  ItemCount = 0,
}: {
  ETag?: string | undefined;
  TotalSizeInBytes?: number | undefined;
  ItemCount?: number | undefined;
}): StoreStatus {
  return { etag: ETag, size: TotalSizeInBytes, items: ItemCount };
}
