/** The calls of DynamoDB that edgepass makes. */
import {
  BatchWriteItemCommand,
  type BatchWriteItemCommandInput,
  DynamoDBClient,
  GetItemCommand,
  type GetItemCommandInput,
  QueryCommand,
  type QueryCommandInput,
  UpdateItemCommand,
  type UpdateItemCommandInput,
} from '@aws-sdk/client-dynamodb';
import type { ClientSettings } from '../clients.ts';

export type DynamoDbApi = ReturnType<typeof dynamoDbApi>;

export function dynamoDbApi(settings: ClientSettings) {
  const client = new DynamoDBClient(settings);
  return {
    batchWriteItem: (input: BatchWriteItemCommandInput) => client.send(new BatchWriteItemCommand(input)),
    getItem: (input: GetItemCommandInput) => client.send(new GetItemCommand(input)),
    query: (input: QueryCommandInput) => client.send(new QueryCommand(input)),
    updateItem: (input: UpdateItemCommandInput) => client.send(new UpdateItemCommand(input)),
  };
}
