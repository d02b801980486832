/** The calls of IAM that edgepass makes. None changes anything: roles are made by CloudFormation. */
import {
  GetOpenIDConnectProviderCommand,
  type GetOpenIDConnectProviderCommandInput,
  GetRoleCommand,
  type GetRoleCommandInput,
  IAMClient,
  ListOpenIDConnectProvidersCommand,
  SimulatePrincipalPolicyCommand,
  type SimulatePrincipalPolicyCommandInput,
} from '@aws-sdk/client-iam';
import type { ClientSettings } from '../clients.ts';

export type IamApi = ReturnType<typeof iamApi>;

export function iamApi(settings: ClientSettings) {
  const client = new IAMClient(settings);
  return {
    getProvider: (input: GetOpenIDConnectProviderCommandInput) =>
      client.send(new GetOpenIDConnectProviderCommand(input)),
    getRole: (input: GetRoleCommandInput) => client.send(new GetRoleCommand(input)),
    listProviders: () => client.send(new ListOpenIDConnectProvidersCommand({})),
    simulate: (input: SimulatePrincipalPolicyCommandInput) => client.send(new SimulatePrincipalPolicyCommand(input)),
  };
}
