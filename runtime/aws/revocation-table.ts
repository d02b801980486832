/** The rows of the revocation table, as the worker reads them. What an index says is always read again from the table. */
import {
  BatchGetItemCommand,
  DeleteItemCommand,
  type DynamoDBClient,
  type KeysAndAttributes,
  QueryCommand,
  ScanCommand,
} from '@aws-sdk/client-dynamodb';
import { type RevocationRow, rowOf } from '../sessions/revocation-row.ts';
import { CONTROL_ID } from './control-item.ts';
import { errorName } from './error-name.ts';

/** Keys that one BatchGetItem takes. */
const MAX_READ = 100;

export type Found = RevocationRow | 'malformed';

export interface RevocationTable {
  /** The rows of sessions as they are now; nothing for a session that has none. */
  read(sessions: readonly string[]): Promise<Map<string, Found>>;
  /** Sessions whose rows expire by a time (seconds since 1970), page by page. The index may be behind. */
  expiredBy(time: number): AsyncGenerator<string[]>;
  /** All rows, page by page, as they are now. */
  all(): AsyncGenerator<{ session: string; row: Found }[]>;
  /** Removes a row if it expires when it did; whether it is gone. */
  remove(row: RevocationRow): Promise<boolean>;
}

export function revocationTable(client: DynamoDBClient, table: string): RevocationTable {
  return {
    async read(sessions) {
      const found = new Map<string, Found>();
      let wanted: KeysAndAttributes[] = [];
      for (let i = 0; i < sessions.length; i += MAX_READ)
        wanted.push({
          Keys: sessions.slice(i, i + MAX_READ).map((id) => ({ id: { S: id } })),
          ConsistentRead: true,
        });
      while (wanted.length > 0) {
        const [batch, ...rest] = wanted as [KeysAndAttributes, ...KeysAndAttributes[]];
        const answer = await client.send(new BatchGetItemCommand({ RequestItems: { [table]: batch } }));
        for (const item of answer.Responses?.[table] ?? []) found.set(item.id?.S ?? '', rowOf(item) ?? 'malformed');
        const left = answer.UnprocessedKeys?.[table];
        wanted = left === undefined ? rest : [left, ...rest];
      }
      return found;
    },

    async *expiredBy(time) {
      let start: QueryCommand['input']['ExclusiveStartKey'];
      do {
        const page = await client.send(
          new QueryCommand({
            TableName: table,
            IndexName: 'byExpiry',
            KeyConditionExpression: 'held = :held AND expires <= :time',
            ExpressionAttributeValues: { ':held': { S: '1' }, ':time': { N: String(time) } },
            ...(start === undefined ? {} : { ExclusiveStartKey: start }),
          }),
        );
        yield (page.Items ?? []).flatMap(({ id }) => id?.S ?? []);
        start = page.LastEvaluatedKey;
      } while (start !== undefined);
    },

    async *all() {
      let start: ScanCommand['input']['ExclusiveStartKey'];
      do {
        const page = await client.send(
          new ScanCommand({
            TableName: table,
            ConsistentRead: true,
            ...(start === undefined ? {} : { ExclusiveStartKey: start }),
          }),
        );
        yield (page.Items ?? [])
          .filter(({ id }) => id?.S !== CONTROL_ID)
          .map((item) => ({ session: item.id?.S ?? '', row: rowOf(item) ?? ('malformed' as const) }));
        start = page.LastEvaluatedKey;
      } while (start !== undefined);
    },

    async remove({ session, expires }) {
      try {
        await client.send(
          new DeleteItemCommand({
            TableName: table,
            Key: { id: { S: session } },
            ConditionExpression: 'expires = :expires',
            ExpressionAttributeValues: { ':expires': { N: String(expires) } },
          }),
        );
        return true;
      } catch (error) {
        if (errorName(error) === 'ConditionalCheckFailedException') return false;
        throw error;
      }
    },
  };
}
