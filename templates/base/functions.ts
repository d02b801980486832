/** The Lambda functions: how much they get, and what they may call. The template's roles allow just that. */
import type { LambdaContract } from '../../generator/modules/contract.ts';
import { needed, OWN_LOG } from '../../generator/modules/permissions.ts';

/** MB and seconds. */
export const KEYS = { memory: 256, timeout: 300 };
/** A store of 100,000 sessions is written anew in 2,000 requests, one after the other. */
export const REVOCATIONS = { memory: 512, timeout: 900 };

export const keys: LambdaContract = {
  kind: 'lambda',
  entry: 'lambda.ts',
  handler: 'keys',
  ...KEYS,
  permissions: [
    ...OWN_LOG,
    ...needed(
      'It keeps the key record, and tells issuers which key signs.',
      'secretsmanager:GetSecretValue',
      'secretsmanager:PutSecretValue',
      'secretsmanager:UpdateSecretVersionStage',
    ),
    ...needed(
      'It writes the edge state.',
      'cloudfront-keyvaluestore:DescribeKeyValueStore',
      'cloudfront-keyvaluestore:UpdateKeys',
    ),
    ...needed('It skips a write of what is there already.', 'cloudfront-keyvaluestore:GetKey'),
    ...needed(
      'It keeps what an operator asked of the whole deployment, in one item.',
      'dynamodb:GetItem',
      'dynamodb:UpdateItem',
    ),
  ],
};

export const revocations: LambdaContract = {
  kind: 'lambda',
  entry: 'lambda.ts',
  handler: 'revocations',
  ...REVOCATIONS,
  permissions: [
    ...OWN_LOG,
    ...needed(
      'It is called with what the stream says.',
      'dynamodb:DescribeStream',
      'dynamodb:GetRecords',
      'dynamodb:GetShardIterator',
      'dynamodb:ListStreams',
    ),
    ...needed('It reads rows as they are now.', 'dynamodb:BatchGetItem', 'dynamodb:Scan'),
    ...needed('It finds rows that have expired, and removes them.', 'dynamodb:Query', 'dynamodb:DeleteItem'),
    ...needed(
      'It writes revoked sessions to the edge.',
      'cloudfront-keyvaluestore:DescribeKeyValueStore',
      'cloudfront-keyvaluestore:UpdateKeys',
    ),
    ...needed(
      'It compares the edge with the table.',
      'cloudfront-keyvaluestore:GetKey',
      'cloudfront-keyvaluestore:ListKeys',
    ),
    ...needed(
      'It writes revoked sessions into rules, where AWS WAF is on.',
      'wafv2:GetRuleGroup',
      'wafv2:UpdateRuleGroup',
    ),
    ...needed('It puts aside what it cannot understand.', 'sqs:SendMessage'),
  ],
};
