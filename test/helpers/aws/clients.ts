/** Real SDK clients that talk to the stand-in, or to any other endpoint. */
import { CloudFormationClient } from '@aws-sdk/client-cloudformation';
import { CloudFrontClient } from '@aws-sdk/client-cloudfront';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { IAMClient } from '@aws-sdk/client-iam';
import { S3Client } from '@aws-sdk/client-s3';
import { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { STSClient } from '@aws-sdk/client-sts';

export interface ClientOptions {
  endpoint: string;
  region?: string;
  /** Is the access key id, too: see `Services.accountOf`. */
  account?: string;
  maxAttempts?: number;
}

export function clients({ endpoint, region = 'eu-west-1', account = '111122223333', maxAttempts = 1 }: ClientOptions) {
  const config = { endpoint, region, maxAttempts, credentials: { accessKeyId: account, secretAccessKey: 'secret' } };
  return {
    cloudFormation: new CloudFormationClient(config),
    cloudFront: new CloudFrontClient(config),
    dynamoDb: new DynamoDBClient(config),
    iam: new IAMClient(config),
    s3: new S3Client({ ...config, forcePathStyle: true }),
    secrets: new SecretsManagerClient(config),
    sts: new STSClient(config),
  };
}

export type Clients = ReturnType<typeof clients>;
