/** The functions: how much they get, and what they may call. The template's roles allow just that. */
import type { LambdaContract } from '../../generator/modules/contract.ts';
import { needed, OWN_LOG } from '../../generator/modules/permissions.ts';

/** MB and seconds. */
export const PLAY = { memory: 512, timeout: 10 };
export const PUBLISH = { memory: 512, timeout: 120 };

export const play: LambdaContract = {
  kind: 'lambda',
  entry: 'play.ts',
  ...PLAY,
  permissions: [
    ...OWN_LOG,
    ...needed('It reads the access code, and the key that signs.', 'secretsmanager:GetSecretValue'),
    ...needed('It reads the edge state, by which it tells live tokens.', 'cloudfront-keyvaluestore:GetKey'),
    ...needed('It reads assets, settings, revocations and wrong codes.', 'dynamodb:GetItem'),
    ...needed('It lists assets.', 'dynamodb:Query'),
    ...needed('It revokes the session of a live token, and keeps answers for a repetition.', 'dynamodb:PutItem'),
    ...needed('It counts wrong codes.', 'dynamodb:UpdateItem'),
    ...needed('It forgets a request that failed.', 'dynamodb:DeleteItem'),
  ],
};

export const publish: LambdaContract = {
  kind: 'lambda',
  entry: 'publish.ts',
  ...PUBLISH,
  permissions: [
    ...OWN_LOG,
    ...needed('It reads the packaged site.', 's3:GetObject'),
    ...needed('It writes the site, and takes away what left it.', 's3:PutObject', 's3:DeleteObject', 's3:ListBucket'),
  ],
};
