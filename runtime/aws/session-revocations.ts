/** The revocation of one session, as the token API asks for it and writes it. */
import {
  type DynamoDBClient,
  GetItemCommand,
  PutItemCommand,
  type PutItemCommandInput,
  UpdateItemCommand,
} from '@aws-sdk/client-dynamodb';
import { liftRow, putRow, type RevocationRow, rowOf } from '../sessions/revocation-row.ts';
import { errorName } from './error-name.ts';

/** `'malformed'`: there is one that cannot be read; `undefined`: there is none. */
export type FoundRow = RevocationRow | 'malformed' | undefined;

export interface SessionRevocations {
  /** The row as it is now. */
  find(session: string): Promise<FoundRow>;
  /** Writes a manual row over the one that was found; false where another one is there by now. */
  put(row: RevocationRow, found: FoundRow): Promise<boolean>;
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

    async put(row, found) {
      try {
        await client.send(new PutItemCommand({ ...putRow(table, row), ...ifStill(found) }));
        return true;
      } catch (error) {
        if (errorName(error) === 'ConditionalCheckFailedException') return false;
        throw error;
      }
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

/** Nothing can be asked of a row that nobody can read. A reason is for people: of two in one second the later one stays. */
function ifStill(found: FoundRow): Partial<PutItemCommandInput> {
  if (found === 'malformed') return {};
  if (found === undefined) return { ConditionExpression: 'attribute_not_exists(id)' };
  const { state, type, by, created, expires } = found;
  // What stands there for `by` and is no `viewer` counts as nothing, as where rows are read.
  const isBy = by === undefined ? '(attribute_not_exists(#by) OR #by <> :viewer)' : '#by = :viewer';
  return {
    ConditionExpression: `#state = :state AND #type = :type AND created = :created AND expires = :expires AND ${isBy}`,
    ExpressionAttributeNames: { '#state': 'state', '#type': 'type', '#by': 'by' },
    ExpressionAttributeValues: {
      ':state': { S: state },
      ':type': { S: type },
      ':created': { N: String(created) },
      ':expires': { N: String(expires) },
      ':viewer': { S: 'viewer' },
    },
  };
}
