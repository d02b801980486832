/**
 * How often something happened in the window of time that is open now. It is counted in the table of the token API, since instances
 * of a function know nothing of each other.
 */
import { type DynamoDBClient, GetItemCommand, UpdateItemCommand } from '@aws-sdk/client-dynamodb';

export interface WindowCounter {
  count(key: string): Promise<number>;
  /** Once more; how often that makes. */
  add(key: string): Promise<number>;
  /** Seconds until the next window opens. */
  left(): number;
}

export interface WindowCounterOptions {
  client: DynamoDBClient;
  table: string;
  /** Items are called `<kind>#<key>@<number of the window>`; roles name the kind. */
  kind: 'attempt' | 'rate';
  /** Seconds. */
  window: number;
  /** Seconds since 1970. */
  now(): number;
}

export function windowCounter({ client, table, kind, window, now }: WindowCounterOptions): WindowCounter {
  const number = (): number => Math.floor(now() / window);
  const at = (key: string) => ({ TableName: table, Key: { id: { S: `${kind}#${key}@${number()}` } } });
  return {
    async count(key) {
      const { Item } = await client.send(new GetItemCommand({ ...at(key), ConsistentRead: true }));
      return Number(Item?.times?.N ?? 0);
    },
    async add(key) {
      const { Attributes } = await client.send(
        new UpdateItemCommand({
          ...at(key),
          UpdateExpression: 'ADD times :one SET expires = :expires',
          // The time to live removes it some time after.
          ExpressionAttributeValues: { ':one': { N: '1' }, ':expires': { N: String((number() + 2) * window) } },
          ReturnValues: 'ALL_NEW',
        }),
      );
      return Number(Attributes?.times?.N);
    },
    left: () => (number() + 1) * window - now(),
  };
}
