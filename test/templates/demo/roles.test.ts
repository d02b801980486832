/**
 * What is next to the rights of each role of the demo, and must not be among them. That the rights themselves are right is the
 * business of `test/contract/roles.test.ts`; here each refusal stands beside what is allowed.
 */
import { beforeAll, expect, it } from 'vitest';
import { CONTROL_ID } from '../../../runtime/aws/control-item.ts';
import {
  allowedFor,
  arnOf,
  type Case,
  describeRoles,
  type RoleCases,
  resourceOf,
} from '../../helpers/iam/allowed-of.ts';
import { ACCOUNT, type DeployedResource, deployed } from '../../helpers/iam/deployed.ts';
import { renderConfig } from '../rendering.ts';

let resources: DeployedResource[];
beforeAll(async () => {
  resources = deployed((await renderConfig('templates/demo/example.yaml')).stacks.dev ?? []);
});

const arn = (id: string) => () => arnOf(resources, id);
const keyed = (...keys: string[]) => ({ 'dynamodb:LeadingKeys': keys });
const assets = arn('AssetTable');
const revocations = arn('RevocationTable');
const page = () => `${arn('SiteBucket')()}/index.html`;
const session = 'session-00000000000001';

const ROLES: RoleCases[] = [
  {
    id: 'PlayRole',
    may: [
      ['dynamodb:UpdateItem', assets, keyed('attempt#one')],
      ['dynamodb:PutItem', assets, keyed('request#one')],
      ['dynamodb:PutItem', revocations, keyed(session)],
    ],
    mayNot: [
      ...['asset#trailer', 'settings', 'request#one'].map((key): Case => ['dynamodb:UpdateItem', assets, keyed(key)]),
      ...['asset#trailer', 'settings', 'attempt#one'].map((key): Case => ['dynamodb:PutItem', assets, keyed(key)]),
      ['dynamodb:PutItem', assets],
      ['dynamodb:UpdateItem', assets],
      ['dynamodb:PutItem', revocations, keyed(CONTROL_ID)],
      ['dynamodb:PutItem', revocations],
      ['dynamodb:GetItem', revocations, keyed(CONTROL_ID)],
      // To lift a revocation is not the demo's business.
      ['dynamodb:UpdateItem', revocations, keyed(session)],
      ['secretsmanager:GetSecretValue', arn('KeyRecord')],
      ['secretsmanager:GetSecretValue', arn('IssuerRecord'), { 'secretsmanager:VersionStage': 'AWSPREVIOUS' }],
      ['secretsmanager:GetSecretValue', arn('IssuerRecord'), { 'secretsmanager:VersionId': 'a'.repeat(32) }],
      ['cloudfront-keyvaluestore:UpdateKeys', arn('KeyValueStore')],
      ['s3:PutObject', page],
    ],
  },
  {
    id: 'PublishRole',
    may: [
      ['s3:PutObject', page],
      ['s3:GetObject', () => 'arn:aws:s3:::ArtifactBucket/functions/0.zip'],
    ],
    mayNot: [
      ['s3:PutObject', () => 'arn:aws:s3:::ArtifactBucket/functions/0.zip'],
      ['s3:GetObject', () => 'arn:aws:s3:::ArtifactBucket/templates/0.yaml'],
      ['s3:PutBucketPolicy', arn('SiteBucket')],
      ['dynamodb:GetItem', assets, keyed('settings')],
      ['secretsmanager:GetSecretValue', arn('IssuerRecord')],
    ],
  },
];

describeRoles(ROLES, () => resources);

it('only the distribution of the demo reaches its function and its files', async () => {
  const own = resourceOf(resources, 'demo.home Distribution').ref;
  const ask = (id?: string) => {
    const context = {
      'aws:SecureTransport': 'true',
      ...(id && { 'aws:SourceArn': `arn:aws:cloudfront::${ACCOUNT}:distribution/${id}` }),
    };
    const cases: Case[] = [
      ['lambda:InvokeFunctionUrl', arn('PlayFunction'), { ...context, 'lambda:FunctionUrlAuthType': 'AWS_IAM' }],
      ['lambda:InvokeFunction', arn('PlayFunction'), { ...context, 'lambda:InvokedViaFunctionUrl': 'true' }],
      ['s3:GetObject', page, context],
    ];
    return allowedFor(resources, { service: 'cloudfront.amazonaws.com', cases });
  };
  expect(await ask(own)).toHaveLength(3);
  expect(await ask('E2OTHER')).toEqual([]);
  expect(await ask()).toEqual([]);
});
