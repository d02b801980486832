/**
 * Wrong access codes by the network they came from, in the table of the token API: instances of a function know nothing of each
 * other. An IPv6 viewer has a whole /64, so that is one network here.
 */
import { type DynamoDBClient, GetItemCommand, UpdateItemCommand } from '@aws-sdk/client-dynamodb';
import { networkOf } from '../token/network.ts';

export interface Attempts {
  /** Wrong codes of a network in the window that is open now. */
  count(network: string): Promise<number>;
  add(network: string): Promise<void>;
}

/** Seconds. */
export const WINDOW = 300;

/** Of what is no address there is one: nobody gets round the count by having none. */
export function networkOfViewer(address: string): string {
  return networkOf(address, 4, 32) || networkOf(address, 6, 64) || 'unknown';
}

export interface AttemptsOptions {
  client: DynamoDBClient;
  table: string;
  /** Seconds since 1970. */
  now(): number;
}

export function attempts({ client, table, now }: AttemptsOptions): Attempts {
  const window = (): number => Math.floor(now() / WINDOW);
  const at = (network: string) => ({ TableName: table, Key: { id: { S: `attempt#${network}@${window()}` } } });
  return {
    async count(network) {
      const { Item } = await client.send(new GetItemCommand({ ...at(network), ConsistentRead: true }));
      return Number(Item?.wrong?.N ?? 0);
    },
    async add(network) {
      await client.send(
        new UpdateItemCommand({
          ...at(network),
          UpdateExpression: 'ADD wrong :one SET expires = :expires',
          ExpressionAttributeValues: { ':one': { N: '1' }, ':expires': { N: String((window() + 2) * WINDOW) } },
        }),
      );
    },
  };
}
