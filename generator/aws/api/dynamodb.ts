/** The calls of DynamoDB that edgepass makes. */
import {
  BatchWriteItemCommand,
  type BatchWriteItemCommandInput,
  DescribeTableCommand,
  type DescribeTableCommandInput,
  DynamoDBClient,
  GetItemCommand,
  type GetItemCommandInput,
  ListTagsOfResourceCommand,
  type ListTagsOfResourceCommandInput,
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
    describeTable: (input: DescribeTableCommandInput) => client.send(new DescribeTableCommand(input)),
    getItem: (input: GetItemCommandInput) => client.send(new GetItemCommand(input)),
    listTags: (input: ListTagsOfResourceCommandInput) => client.send(new ListTagsOfResourceCommand(input)),
    query: (input: QueryCommandInput) => client.send(new QueryCommand(input)),
    updateItem: (input: UpdateItemCommandInput) => client.send(new UpdateItemCommand(input)),
  };
}
