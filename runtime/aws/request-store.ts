/** Requests that may come again (`Idempotency-Key`), in the table of the token API. They go by themselves. */
import { randomUUID } from 'node:crypto';
import { DeleteItemCommand, type DynamoDBClient, GetItemCommand, PutItemCommand } from '@aws-sdk/client-dynamodb';
import { errorName } from './error-name.ts';

/** What is known of a request. Both texts are opaque here. */
export interface KnownRequest {
  /** Tells a repetition from another request. */
  print: string;
  /** Absent while it is being worked on. */
  answer?: string;
}

export interface RequestStore {
  /** Marks a request as begun until a time (seconds since 1970); what is known where it was begun before. */
  begin(id: string, mark: { print: string; until: number; now: number }): Promise<KnownRequest | undefined>;
  finish(id: string, done: { print: string; answer: string; until: number }): Promise<void>;
  /** It failed, and may be tried again. */
  forget(id: string): Promise<void>;
}

export function requestStore(client: DynamoDBClient, table: string): RequestStore {
  const key = (id: string) => ({ id: { S: `request#${id}` } });
  return {
    async begin(id, { print, until, now }) {
      const owner = randomUUID();
      try {
        await client.send(
          new PutItemCommand({
            TableName: table,
            Item: { ...key(id), print: { S: print }, owner: { S: owner }, expires: { N: String(until) } },
            // DynamoDB takes up to days to remove what has expired.
            ConditionExpression: 'attribute_not_exists(id) OR expires <= :now',
            ExpressionAttributeValues: { ':now': { N: String(now) } },
          }),
        );
        return undefined;
      } catch (error) {
        if (errorName(error) !== 'ConditionalCheckFailedException') throw error;
      }
      const { Item } = await client.send(new GetItemCommand({ TableName: table, Key: key(id), ConsistentRead: true }));
      // The SDK tries again where an answer is lost, and then the mark of its first try stands in the way.
      if (Item?.owner?.S === owner) return undefined;
      const answer = Item?.answer?.S;
      // Gone since: the first one has failed, and this one is no other because of that.
      return { print: Item?.print?.S ?? print, ...(answer === undefined ? {} : { answer }) };
    },

    async finish(id, { print, answer, until }) {
      const Item = { ...key(id), print: { S: print }, answer: { S: answer }, expires: { N: String(until) } };
      await client.send(new PutItemCommand({ TableName: table, Item }));
    },

    async forget(id) {
      await client.send(new DeleteItemCommand({ TableName: table, Key: key(id) }));
    },
  };
}
