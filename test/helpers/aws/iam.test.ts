/** Roles and providers: README.md, rules I1 and I2. */

import {
  GetOpenIDConnectProviderCommand,
  GetRoleCommand,
  ListOpenIDConnectProvidersCommand,
  SimulatePrincipalPolicyCommand,
} from '@aws-sdk/client-iam';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type Clients, clients } from './clients.ts';
import { driver, type StackDriver, template } from './stack-driver.ts';
import { type Aws, startAws } from './start.ts';

let aws: Aws;
let sdk: Clients;
let stack: StackDriver;
beforeEach(async () => {
  aws = await startAws();
  sdk = clients(aws);
  stack = driver(sdk.cloudFormation, 'shop');
});
afterEach(() => aws.close());

describe('IAM', () => {
  it('I1: shows roles and providers that templates make', async () => {
    const trust = { Version: '2012-10-17', Statement: [] };
    const body = template({
      R: { Type: 'AWS::IAM::Role', Properties: { RoleName: 'deploy', AssumeRolePolicyDocument: trust } },
      P: {
        Type: 'AWS::IAM::OIDCProvider',
        Properties: { Url: 'https://token.actions.githubusercontent.com', ClientIdList: ['sts.amazonaws.com'] },
      },
    });
    await stack.deploy(body, { Capabilities: ['CAPABILITY_NAMED_IAM'] });
    const { Role } = await sdk.iam.send(new GetRoleCommand({ RoleName: 'deploy' }));
    expect(Role?.Arn).toBe('arn:aws:iam::111122223333:role/deploy');
    expect(JSON.parse(decodeURIComponent(String(Role?.AssumeRolePolicyDocument)))).toEqual(trust);
    const OpenIDConnectProviderArn = 'arn:aws:iam::111122223333:oidc-provider/token.actions.githubusercontent.com';
    const { OpenIDConnectProviderList } = await sdk.iam.send(new ListOpenIDConnectProvidersCommand({}));
    expect(OpenIDConnectProviderList).toEqual([{ Arn: OpenIDConnectProviderArn }]);
    const provider = await sdk.iam.send(new GetOpenIDConnectProviderCommand({ OpenIDConnectProviderArn }));
    expect(provider).toMatchObject({ Url: 'token.actions.githubusercontent.com', ClientIDList: ['sts.amazonaws.com'] });
    const stranger = clients({ endpoint: aws.endpoint, account: '999999999999' });
    await expect(stranger.iam.send(new GetRoleCommand({ RoleName: 'deploy' }))).rejects.toMatchObject({
      name: 'NoSuchEntityException',
    });
  });

  it('I2: simulates what a test decides', async () => {
    aws.iam.decide = ({ action }) => (action.startsWith('iam:') ? 'explicitDeny' : 'allowed');
    const { EvaluationResults } = await sdk.iam.send(
      new SimulatePrincipalPolicyCommand({
        PolicySourceArn: 'arn:aws:iam::111122223333:role/r',
        ActionNames: ['s3:GetObject', 'iam:PassRole'],
      }),
    );
    expect(EvaluationResults?.map((one) => [one.EvalActionName, one.EvalDecision])).toEqual([
      ['s3:GetObject', 'allowed'],
      ['iam:PassRole', 'explicitDeny'],
    ]);
  });
});
