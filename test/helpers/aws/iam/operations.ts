/** The IAM operations by name. */
import type {
  GetOpenIDConnectProviderRequest,
  GetOpenIDConnectProviderResponse,
  GetRoleRequest,
  GetRoleResponse,
  ListOpenIDConnectProvidersResponse,
  SimulatePolicyResponse,
  SimulatePrincipalPolicyRequest,
} from '@aws-sdk/client-iam';
import type { Clock } from '../clock.ts';
import { digest } from '../ids.ts';
import type { Iam } from './model.ts';

export interface IamCall {
  iam: Iam;
  account: string;
  clock: Clock;
}

type Operation = (call: IamCall, input: never) => object;

export const IAM_OPERATIONS: Readonly<Record<string, Operation>> = {
  GetRole: ({ iam, account, clock }: IamCall, input: GetRoleRequest): GetRoleResponse => {
    const name = String(input.RoleName);
    const { properties, attributes } = iam.role(account, name);
    return {
      Role: {
        Path: String(properties.Path ?? '/'),
        RoleName: name,
        RoleId: `AROA${digest(`${account} ${name}`).slice(0, 17).toUpperCase()}`,
        Arn: attributes.Arn ?? '',
        CreateDate: clock.now(),
        AssumeRolePolicyDocument: encodeURIComponent(JSON.stringify(properties.AssumeRolePolicyDocument ?? {})),
        MaxSessionDuration: Number(properties.MaxSessionDuration ?? 3600),
      },
    };
  },
  ListOpenIDConnectProviders: ({ iam, account }: IamCall): ListOpenIDConnectProvidersResponse => ({
    OpenIDConnectProviderList: iam.oidcProviders(account).map(({ physicalId }) => ({ Arn: physicalId })),
  }),
  GetOpenIDConnectProvider: (
    { iam, account, clock }: IamCall,
    input: GetOpenIDConnectProviderRequest,
  ): GetOpenIDConnectProviderResponse => {
    const { properties } = iam.oidcProvider(account, String(input.OpenIDConnectProviderArn));
    const texts = (value: unknown) => (Array.isArray(value) ? value.map(String) : []);
    return {
      // Without the scheme, as IAM answers.
      Url: String(properties.Url ?? '').replace(/^https:\/\//, ''),
      ClientIDList: texts(properties.ClientIdList),
      ThumbprintList: texts(properties.ThumbprintList),
      CreateDate: clock.now(),
    };
  },
  SimulatePrincipalPolicy: ({ iam }: IamCall, input: SimulatePrincipalPolicyRequest): SimulatePolicyResponse => {
    const resources = input.ResourceArns?.length ? input.ResourceArns : ['*'];
    const principalArn = String(input.PolicySourceArn);
    return {
      IsTruncated: false,
      EvaluationResults: (input.ActionNames ?? []).flatMap((action) =>
        resources.map((resource) => ({
          EvalActionName: action,
          EvalResourceName: resource,
          EvalDecision: iam.decide({ principalArn, action, resource }),
          MatchedStatements: [],
          MissingContextValues: [],
        })),
      ),
    };
  },
};
