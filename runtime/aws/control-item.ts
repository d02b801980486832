/** What an operator asked for: one item of the revocation table, whose id is too short for a session. */
import { type DynamoDBClient, GetItemCommand, UpdateItemCommand } from '@aws-sdk/client-dynamodb';
import type { Control } from '../keys/follow.ts';
import type { ModeOverride } from '../keys/state.ts';
import { errorName } from './error-name.ts';

export const CONTROL_ID = 'control';

export interface ControlItem {
  read(): Promise<Control>;
  /** Raises the time before which tokens are void; whether it was lower before. */
  raiseVoidBefore(time: number): Promise<boolean>;
  /** Sets the mode that stands in for the configured ones until its end; `undefined` takes it away. */
  setOverride(override: ModeOverride | undefined): Promise<void>;
}

export function controlItem(client: DynamoDBClient, table: string): ControlItem {
  const at = { TableName: table, Key: { id: { S: CONTROL_ID } } };
  return {
    async read() {
      const { Item = {} } = await client.send(new GetItemCommand({ ...at, ConsistentRead: true }));
      const mode = Item.mode?.S;
      const until = Number(Item.modeUntil?.N);
      return {
        voidBefore: Number(Item.voidBefore?.N ?? 0),
        ...((mode === 'enforce' || mode === 'report') && Number.isInteger(until) ? { override: { mode, until } } : {}),
      };
    },

    async raiseVoidBefore(time) {
      try {
        await client.send(
          new UpdateItemCommand({
            ...at,
            UpdateExpression: 'SET voidBefore = :time',
            ConditionExpression: 'attribute_not_exists(voidBefore) OR voidBefore < :time',
            ExpressionAttributeValues: { ':time': { N: String(time) } },
          }),
        );
        return true;
      } catch (error) {
        if (errorName(error) === 'ConditionalCheckFailedException') return false;
        throw error;
      }
    },

    async setOverride(override) {
      await client.send(
        new UpdateItemCommand({
          ...at,
          // `mode` is a reserved word of DynamoDB.
          ExpressionAttributeNames: { '#mode': 'mode' },
          ...(override === undefined
            ? { UpdateExpression: 'REMOVE #mode, modeUntil' }
            : {
                UpdateExpression: 'SET #mode = :mode, modeUntil = :until',
                ExpressionAttributeValues: { ':mode': { S: override.mode }, ':until': { N: String(override.until) } },
              }),
        }),
      );
    },
  };
}
