/** The Lambda functions: how much they get, and what they may call. The template's roles allow just that. */
import type { LambdaContract } from '../../generator/modules/contract.ts';
import { needed, OWN_LOG } from '../../generator/modules/permissions.ts';

/** MB and seconds. More memory is more processor: a token takes milliseconds of it, a cold start the most. */
export const ANSWERING = { memory: 512, timeout: 10 };
export const SEEDING = { memory: 256, timeout: 120 };

const PLAYBACK = [
  ...OWN_LOG,
  ...needed('It signs tokens.', 'secretsmanager:GetSecretValue'),
  ...needed('It tells live tokens by the keys at the edge.', 'cloudfront-keyvaluestore:GetKey'),
  ...needed('It reads assets, and whether a session is revoked.', 'dynamodb:GetItem'),
  ...needed('It lists assets.', 'dynamodb:Query'),
  ...needed('It revokes sessions, and keeps answers for requests that come again.', 'dynamodb:PutItem'),
  ...needed('A request that failed may come again.', 'dynamodb:DeleteItem'),
];

export const services: LambdaContract = {
  kind: 'lambda',
  entry: 'lambda.ts',
  handler: 'services',
  ...ANSWERING,
  permissions: [...PLAYBACK, ...needed('It writes assets, and lifts revocations.', 'dynamodb:UpdateItem')],
};

export const viewers: LambdaContract = {
  kind: 'lambda',
  entry: 'lambda.ts',
  handler: 'viewers',
  ...ANSWERING,
  permissions: [...PLAYBACK, ...needed('It counts how often a viewer asks.', 'dynamodb:UpdateItem')],
};

export const seed: LambdaContract = {
  kind: 'lambda',
  entry: 'lambda.ts',
  handler: 'seed',
  ...SEEDING,
  permissions: [
    ...OWN_LOG,
    ...needed('It writes the settings of the API.', 'dynamodb:PutItem'),
    ...needed(
      'It writes assets of config.yaml, and removes those that left it.',
      'dynamodb:UpdateItem',
      'dynamodb:DeleteItem',
    ),
    ...needed('It finds the assets of the last deployment.', 'dynamodb:Query'),
  ],
};
