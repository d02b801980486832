/** Clients of AWS, made once for each instance of the function. */
import '@aws-sdk/signature-v4a';
import { CloudFrontKeyValueStoreClient } from '@aws-sdk/client-cloudfront-keyvaluestore';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { GetSecretValueCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import type { SecretsClient } from '../issuer/secrets-manager-key.ts';

/** A viewer waits: a request that is throttled is tried again twice. */
const RETRY = { maxAttempts: 3, retryMode: 'standard' } as const;

export interface Clients {
  store: CloudFrontKeyValueStoreClient;
  tables: DynamoDBClient;
  secrets: SecretsClient;
}

export function makeClients(): Clients {
  const secrets = new SecretsManagerClient(RETRY);
  return {
    store: new CloudFrontKeyValueStoreClient(RETRY),
    tables: new DynamoDBClient(RETRY),
    secrets: { getSecretValue: (input, options) => secrets.send(new GetSecretValueCommand(input), options) },
  };
}
