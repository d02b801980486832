/**
 * What IAM is asked about for a call: actions, resources and condition keys. Source: Service Authorization Reference, "Actions,
 * resources, and condition keys" of each service.
 */
import { ACCOUNT } from './deployed.ts';
import type { IamRequest } from './simulate.ts';

/** A call as the AWS of the tests records it. What was called in this process has no place: it is that of the caller. */
export interface RecordedCall {
  service: string;
  operation: string;
  input: unknown;
  region?: string;
  account?: string;
}

/** Condition keys that are known of a request, where it has them. A policy that asks for another one cannot be judged. */
export const CONDITION_KEYS: readonly string[] = [
  'aws:SecureTransport',
  'aws:SourceAccount',
  'aws:SourceArn',
  'dynamodb:LeadingKeys',
  'lambda:FunctionUrlAuthType',
  'lambda:InvokedViaFunctionUrl',
  'secretsmanager:VersionId',
  'secretsmanager:VersionStage',
];

type Given = Readonly<Record<string, unknown>>;
type Place = Required<Pick<RecordedCall, 'region' | 'account'>>;
/** The action has the name of the operation, unless it says otherwise. */
type Reader = (
  input: Given,
  place: Place & { operation: string },
) => (Omit<IamRequest, 'action'> & { action?: string })[];

export function requestsOf(call: RecordedCall, region: string): IamRequest[] {
  const { service, operation, input } = call;
  const reader = READERS[service];
  if (reader === undefined) throw new Error(`${service}: say in requests.ts what IAM is asked about`);
  const place = { operation, region: call.region ?? region, account: call.account ?? ACCOUNT };
  return reader((input ?? {}) as Given, place).map(({ action = operation, resource, context }) => ({
    action: `${service}:${action}`,
    resource,
    // Clients use HTTPS unless they are told otherwise.
    context: { 'aws:SecureTransport': 'true', ...context },
  }));
}

const READERS: Readonly<Record<string, Reader>> = {
  cloudformation: ({ StackName }, { region, account }) => [
    { resource: `arn:aws:cloudformation:${region}:${account}:stack/${StackName}/0` },
  ],

  'cloudfront-keyvaluestore': ({ KvsARN }) => [{ resource: String(KvsARN) }],

  dynamodb: (input, { region, account }) =>
    tablesOf(input).map(({ table, keys }) => ({
      resource: `arn:aws:dynamodb:${region}:${account}:table/${table}${input.IndexName ? `/index/${input.IndexName}` : ''}`,
      // A scan names no key.
      ...(keys.length === 0 ? {} : { context: { 'dynamodb:LeadingKeys': keys } }),
    })),

  /** No call of an SDK: a request to an HTTP API, with the id of the API, method and path. */
  'execute-api': ({ api, method, path }, { region, account }) => [
    { resource: `arn:aws:execute-api:${region}:${account}:${api}/$default/${method}${path}` },
  ],

  /** Source: Amazon S3 User Guide, "Required permissions for Amazon S3 API operations". */
  s3: ({ Bucket, Key, Delete }, { operation }) => {
    const bucket = `arn:aws:s3:::${Bucket}`;
    if (operation === 'ListObjectsV2') return [{ action: 'ListBucket', resource: bucket }];
    if (operation !== 'DeleteObjects') return [{ resource: `${bucket}/${Key}` }];
    const { Objects } = Delete as { Objects: { Key: string }[] };
    return Objects.map((one) => ({ action: 'DeleteObject', resource: `${bucket}/${one.Key}` }));
  },

  secretsmanager: ({ SecretId, VersionStage, VersionId }) => [
    {
      resource: String(SecretId),
      context: {
        ...(VersionStage === undefined ? {} : { 'secretsmanager:VersionStage': String(VersionStage) }),
        ...(VersionId === undefined ? {} : { 'secretsmanager:VersionId': String(VersionId) }),
      },
    },
  ],

  sqs: ({ QueueUrl }) => {
    const [, region, account, name] =
      /^https:\/\/sqs\.([^.]+)\.amazonaws\.com\/(\d+)\/(.+)$/.exec(String(QueueUrl)) ?? [];
    return [{ resource: `arn:aws:sqs:${region}:${account}:${name}` }];
  },

  states: ({ stateMachineArn, executionArn }) => [{ resource: String(stateMachineArn ?? executionArn) }],

  sts: () => [{ resource: '*' }],

  wafv2: ({ Name, Id, Scope }, { operation, region, account }) => {
    const place = Scope === 'CLOUDFRONT' ? `us-east-1:${account}:global` : `${region}:${account}:regional`;
    const kind = operation.replace(/^[A-Z][a-z]+/, '').toLowerCase();
    return [{ resource: `arn:aws:wafv2:${place}/${kind}/${Name}/${Id}` }];
  },
};

type Value = { S?: string; N?: string };
type Item = Readonly<Record<string, Value>>;

/**
 * Tables of a call, with the partition keys that it names; those of our tables are called `id`. Source: DynamoDB Developer Guide,
 * "Using IAM policy conditions for fine-grained access control", `dynamodb:LeadingKeys`.
 */
function tablesOf(input: Given): { table: string; keys: string[] }[] {
  const values = (input.ExpressionAttributeValues ?? {}) as Item;
  if (input.RequestItems !== undefined)
    return Object.entries(input.RequestItems as Record<string, { Keys: Item[] } | Written[]>).map(([table, items]) => ({
      table,
      keys: Array.isArray(items)
        ? items.flatMap(({ PutRequest, DeleteRequest }) => keyOf(PutRequest?.Item ?? DeleteRequest?.Key))
        : items.Keys.flatMap(keyOf),
    }));
  const [, queried = ''] = /(?:^| )[\w#]+ = (:\w+)/.exec(String(input.KeyConditionExpression ?? '')) ?? [];
  const keys = [...keyOf((input.Key ?? input.Item) as Item | undefined), ...textOf(values[queried])];
  return [{ table: String(input.TableName), keys }];
}

interface Written {
  PutRequest?: { Item: Item };
  DeleteRequest?: { Key: Item };
}

function keyOf(item: Item | undefined): string[] {
  return textOf(item?.id);
}

function textOf(value: Value | undefined): string[] {
  return value === undefined ? [] : [value.S ?? value.N ?? ''];
}
