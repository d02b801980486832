/** The revocation of one session, as the token API asks for it and writes it. */
import { type DynamoDBClient, GetItemCommand, PutItemCommand, UpdateItemCommand } from '@aws-sdk/client-dynamodb';
import { liftRow, putRow, type RevocationRow, rowOf } from '../sessions/revocation-row.ts';
import { errorName } from './error-name.ts';

export interface SessionRevocations {
  /** The row as it is now; `'malformed'` for one that cannot be read, `undefined` where there is none. */
  find(session: string): Promise<RevocationRow | 'malformed' | undefined>;
  /** Writes a manual row over whatever is there. */
  put(row: RevocationRow): Promise<void>;
  /** Lifts a revocation; false where there is none that refuses. */
  lift(session: string): Promise<boolean>;
}

export function sessionRevocations(client: DynamoDBClient, table: string): SessionRevocations {
  return {
    async find(session) {
      const at = { TableName: table, Key: { id: { S: session } } };
      const { Item } = await client.send(new GetItemCommand({ ...at, ConsistentRead: true }));
      return Item === undefined ? undefined : (rowOf(Item) ?? 'malformed');
    },

    async put(row) {
      await client.send(new PutItemCommand(putRow(table, row)));
    },

    async lift(session) {
      try {
        await client.send(new UpdateItemCommand(liftRow(table, session)));
        return true;
      } catch (error) {
        if (errorName(error) === 'ConditionalCheckFailedException') return false;
        throw error;
      }
    },
  };
}
