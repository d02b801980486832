/**
 * What is next to the rights of each role of the API, and must not be among them. That the rights themselves are right is the
 * business of `test/contract/roles.test.ts`; here each refusal stands beside what is allowed.
 */
import { beforeAll, describe, expect, it } from 'vitest';
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
  resources = deployed((await renderConfig('templates/api/example.yaml')).stacks.prod ?? []);
});

const arn = (id: string) => () => arnOf(resources, id);
const keyed = (...keys: string[]) => ({ 'dynamodb:LeadingKeys': keys });
const assets = arn('AssetTable');
const revocations = arn('RevocationTable');
const session = 'session-00000000000001';

const WRITES = ['DeleteItem', 'PutItem', 'UpdateItem'].map((name) => `dynamodb:${name}`);
/** What an operator asked of the whole deployment, settings that a deployment wrote, and tables as a whole. */
const FORBIDDEN: Case[] = [
  ...WRITES.flatMap((action): Case[] => [
    [action, assets, keyed('settings')],
    [action, assets, keyed('asset#trailer', 'settings')],
    [action, assets],
    [action, revocations, keyed(CONTROL_ID)],
    [action, revocations, keyed(session, CONTROL_ID)],
    [action, revocations],
  ]),
  ['dynamodb:GetItem', revocations, keyed(CONTROL_ID)],
  ['dynamodb:DeleteItem', revocations, keyed(session)],
  ...['Scan', 'DeleteTable', 'UpdateTable'].flatMap((name): Case[] => [
    [`dynamodb:${name}`, assets],
    [`dynamodb:${name}`, revocations],
  ]),
  ['secretsmanager:GetSecretValue', arn('KeyRecord')],
  ['secretsmanager:GetSecretValue', arn('IssuerRecord'), { 'secretsmanager:VersionStage': 'AWSPREVIOUS' }],
  ['secretsmanager:GetSecretValue', arn('IssuerRecord'), { 'secretsmanager:VersionId': 'a'.repeat(32) }],
  ['secretsmanager:PutSecretValue', arn('IssuerRecord')],
  ['cloudfront-keyvaluestore:UpdateKeys', arn('KeyValueStore')],
];
const changesAssets: Case[] = ['DeleteItem', 'UpdateItem'].map(
  (name): Case => [`dynamodb:${name}`, assets, keyed('asset#trailer')],
);
const revokes: Case = ['dynamodb:PutItem', revocations, keyed(session)];
const lifts: Case = ['dynamodb:UpdateItem', revocations, keyed(session)];

const ROLES: RoleCases[] = [
  { id: 'ServicesRole', may: [...changesAssets, revokes, lifts], mayNot: FORBIDDEN },
  { id: 'ViewersRole', may: [revokes], mayNot: [...FORBIDDEN, ...changesAssets, lifts] },
  {
    id: 'SeedRole',
    may: [...changesAssets, ['dynamodb:PutItem', assets, keyed('settings')]],
    mayNot: [
      ...WRITES.flatMap((action): Case[] => [
        [action, assets, keyed('request#one')],
        [action, assets, keyed('attempt#one')],
        [action, assets],
      ]),
      revokes,
      lifts,
      ['secretsmanager:GetSecretValue', arn('IssuerRecord')],
    ],
  },
];

describeRoles(ROLES, () => resources);

describe('doors', () => {
  const url = { 'lambda:FunctionUrlAuthType': 'AWS_IAM' };
  const via = { 'lambda:InvokedViaFunctionUrl': 'true' };
  const from = (source: string) => ({ 'aws:SourceArn': source });
  const distribution = (id = resourceOf(resources, 'api.home Distribution').ref) =>
    from(`arn:aws:cloudfront::${ACCOUNT}:distribution/${id}`);
  const api = (id = resourceOf(resources, 'HttpApi').ref) =>
    from(`arn:aws:execute-api:eu-west-1:${ACCOUNT}:${id}/$default/GET/assets`);
  const calls = (door: string, source: Record<string, string>): Case[] => [
    ['lambda:InvokeFunctionUrl', arn(door), { ...source, ...url }],
    ['lambda:InvokeFunction', arn(door), { ...source, ...via }],
    ['lambda:InvokeFunction', arn(door), { ...source, 'lambda:InvokedViaFunctionUrl': 'false' }],
  ];

  it('of viewers: the distribution of the API, by the address of the function, and nobody else', async () => {
    const ask = (service: string, source: Record<string, string>) =>
      allowedFor(resources, { service, cases: calls('ViewersFunction', source) });
    expect(await ask('cloudfront.amazonaws.com', distribution())).toHaveLength(2);
    expect(await ask('cloudfront.amazonaws.com', distribution('E2OTHER'))).toEqual([]);
    expect(await ask('cloudfront.amazonaws.com', {})).toEqual([]);
    expect(await ask('apigateway.amazonaws.com', api())).toEqual([]);
  });

  it('of services: the HTTP API, and no distribution', async () => {
    const ask = (service: string, source: Record<string, string>) =>
      allowedFor(resources, { service, cases: calls('ServicesFunction', source) });
    expect(await ask('apigateway.amazonaws.com', api())).toHaveLength(2);
    expect(await ask('apigateway.amazonaws.com', api('other'))).toEqual([]);
    expect(await ask('cloudfront.amazonaws.com', distribution())).toEqual([]);
  });
});
