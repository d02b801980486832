/** Clients of AWS, made once for each instance of a function. */
import '@aws-sdk/signature-v4a';
import { CloudFrontKeyValueStoreClient } from '@aws-sdk/client-cloudfront-keyvaluestore';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { SQSClient } from '@aws-sdk/client-sqs';
import { WAFV2Client } from '@aws-sdk/client-wafv2';
import { once } from '../aws/once.ts';

/** Together with the pauses between them, tries for about a minute of throttling; the workflow tries again after that. */
const RETRY = { maxAttempts: 8, retryMode: 'standard' } as const;

export const keyValueStoreClient = once(() => new CloudFrontKeyValueStoreClient(RETRY));
export const tableClient = once(() => new DynamoDBClient(RETRY));
export const secretsClient = once(() => new SecretsManagerClient(RETRY));
export const queueClient = once(() => new SQSClient(RETRY));
/** AWS WAF for CloudFront lives in us-east-1. */
export const wafClient = once(() => new WAFV2Client({ ...RETRY, region: 'us-east-1' }));
