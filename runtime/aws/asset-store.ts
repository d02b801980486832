/**
 * The table of the token API: assets, each as JSON, the settings it works with, and marks of requests that may come again
 * (`request-store.ts`). Ids begin with what an item is, so that a role can be held to one kind.
 */
import {
  type AttributeValue,
  DeleteItemCommand,
  type DynamoDBClient,
  GetItemCommand,
  PutItemCommand,
  QueryCommand,
  UpdateItemCommand,
} from '@aws-sdk/client-dynamodb';
import { errorName } from './error-name.ts';

/** An asset, with the members that it has in config.yaml. */
export interface AssetContent {
  title?: string;
  stream: string;
  path: string;
  playlists: { hls?: string; dash?: string };
  policy?: string;
  demo: boolean;
}

export interface StoredAsset extends AssetContent {
  id: string;
}

export interface AssetPage {
  /** In order of their ids. */
  assets: StoredAsset[];
  /** There are more behind the last one. */
  more: boolean;
}

export interface AssetStore {
  /** As it is now. */
  get(id: string): Promise<StoredAsset | undefined>;
  /** Assets behind an id. A change of the last second may be missing. */
  list(page: { after?: string; limit: number }): Promise<AssetPage>;
  /** Writes an asset; whether there was none of that id. */
  put(id: string, asset: AssetContent): Promise<boolean>;
  /** Removes an asset; whether there was one. */
  remove(id: string): Promise<boolean>;
}

/** What a deployment does with the table. */
export interface SeededStore extends AssetStore {
  /** The settings of the API, as JSON. */
  readSettings(): Promise<string | undefined>;
  writeSettings(text: string): Promise<void>;
  /**
   * Writes an asset of config.yaml, but not over one that the API has written or removed since: what a person did in between
   * holds. Whether it was written.
   */
  seed(id: string, asset: AssetContent): Promise<boolean>;
  /** Ids that config.yaml had at the last deployment. */
  seeded(): Promise<string[]>;
  /** Takes note that config.yaml no longer has an asset: gone, unless the API has written it since. */
  unseed(id: string): Promise<void>;
}

type Item = Record<string, AttributeValue>;

const SETTINGS = { id: { S: 'settings' } };
const ASSET = 'asset';
const PREFIX = 'asset#';
/** Items that one query reads. */
const PAGE = 100;

const keyOf = (id: string): Item => ({ id: { S: `${PREFIX}${id}` } });

/**
 * `origin` says who wrote an asset last, `seeded` that config.yaml has it. An asset of config.yaml that the API removes stays as
 * a mark (`gone`), or the next deployment would bring it back.
 */
export function assetStore(client: DynamoDBClient, table: string): SeededStore {
  const at = (id: string) => ({ TableName: table, Key: keyOf(id) });

  /** Whether a conditional write was done. */
  async function tried(write: Promise<unknown>): Promise<boolean> {
    try {
      await write;
      return true;
    } catch (error) {
      if (errorName(error) === 'ConditionalCheckFailedException') return false;
      throw error;
    }
  }

  async function page(after: string): Promise<{ items: Item[]; more: boolean }> {
    const { Items = [], LastEvaluatedKey } = await client.send(
      new QueryCommand({
        TableName: table,
        IndexName: 'byKind',
        KeyConditionExpression: 'kind = :kind AND id > :after',
        ExpressionAttributeValues: { ':kind': { S: ASSET }, ':after': { S: `${PREFIX}${after}` } },
        Limit: PAGE,
      }),
    );
    return { items: Items, more: LastEvaluatedKey !== undefined };
  }

  /** Items behind an id, those of assets that were removed among them. */
  async function* all(behind = ''): AsyncGenerator<Item> {
    let after = behind;
    for (let more = true; more; ) {
      const { items, ...rest } = await page(after);
      yield* items;
      after = idOf(items.at(-1));
      more = rest.more && after !== '';
    }
  }

  return {
    async get(id) {
      const { Item } = await client.send(new GetItemCommand({ ...at(id), ConsistentRead: true }));
      return Item && assetOf(Item);
    },

    async list({ after, limit }) {
      const assets: StoredAsset[] = [];
      for await (const item of all(after)) {
        const asset = assetOf(item);
        if (asset === undefined) continue;
        if (assets.length === limit) return { assets, more: true };
        assets.push(asset);
      }
      return { assets, more: false };
    },

    async put(id, asset) {
      const { Attributes: old } = await client.send(
        new UpdateItemCommand({
          ...at(id),
          UpdateExpression: 'SET content = :content, origin = :api, kind = :kind REMOVE gone',
          ExpressionAttributeValues: {
            ':content': { S: JSON.stringify(asset) },
            ':api': { S: 'api' },
            ':kind': { S: ASSET },
          },
          ReturnValues: 'ALL_OLD',
        }),
      );
      return old === undefined || old.gone !== undefined;
    },

    async remove(id) {
      const mark = new UpdateItemCommand({
        ...at(id),
        UpdateExpression: 'SET gone = :yes, origin = :api',
        ConditionExpression: 'attribute_exists(seeded) AND attribute_not_exists(gone)',
        ExpressionAttributeValues: { ':yes': { BOOL: true }, ':api': { S: 'api' } },
      });
      if (await tried(client.send(mark))) return true;
      const ConditionExpression = 'attribute_exists(id) AND attribute_not_exists(gone)';
      return tried(client.send(new DeleteItemCommand({ ...at(id), ConditionExpression })));
    },

    async readSettings() {
      const { Item } = await client.send(new GetItemCommand({ TableName: table, Key: SETTINGS }));
      return Item?.content?.S;
    },

    async writeSettings(text) {
      await client.send(new PutItemCommand({ TableName: table, Item: { ...SETTINGS, content: { S: text } } }));
    },

    async seed(id, asset) {
      const written = await tried(
        client.send(
          new UpdateItemCommand({
            ...at(id),
            UpdateExpression: 'SET content = :content, origin = :config, kind = :kind, seeded = :yes',
            ConditionExpression: 'attribute_not_exists(id) OR origin = :config',
            ExpressionAttributeValues: {
              ':content': { S: JSON.stringify(asset) },
              ':config': { S: 'config' },
              ':kind': { S: ASSET },
              ':yes': { BOOL: true },
            },
          }),
        ),
      );
      if (written) return true;
      await client.send(
        new UpdateItemCommand({
          ...at(id),
          UpdateExpression: 'SET seeded = :yes',
          ExpressionAttributeValues: { ':yes': { BOOL: true } },
        }),
      );
      return false;
    },

    async seeded() {
      const ids: string[] = [];
      for await (const item of all()) if (item.seeded !== undefined) ids.push(idOf(item));
      return ids;
    },

    async unseed(id) {
      const ConditionExpression = 'origin = :config OR attribute_exists(gone)';
      const ExpressionAttributeValues = { ':config': { S: 'config' } };
      const remove = { ...at(id), ConditionExpression, ExpressionAttributeValues };
      if (await tried(client.send(new DeleteItemCommand(remove)))) return;
      await client.send(new UpdateItemCommand({ ...at(id), UpdateExpression: 'REMOVE seeded' }));
    },
  };
}

function idOf(item: Item | undefined): string {
  return item?.id?.S?.slice(PREFIX.length) ?? '';
}

/** Undefined for one that was removed. */
function assetOf(item: Item): StoredAsset | undefined {
  if (item.gone !== undefined || item.content?.S === undefined) return undefined;
  return { id: idOf(item), ...(JSON.parse(item.content.S) as AssetContent) };
}
