/** The calls of CloudFront that edgepass makes. */
import {
  CloudFrontClient,
  GetDistributionCommand,
  GetDistributionConfigCommand,
  ListDistributionsCommand,
  type ListDistributionsCommandInput,
  ListFunctionsCommand,
  type ListFunctionsCommandInput,
  ListKeyValueStoresCommand,
  type ListKeyValueStoresCommandInput,
  UpdateDistributionCommand,
  type UpdateDistributionCommandInput,
} from '@aws-sdk/client-cloudfront';
import type { ClientSettings } from '../clients.ts';

export type CloudFrontApi = ReturnType<typeof cloudFrontApi>;

export function cloudFrontApi(settings: ClientSettings) {
  const client = new CloudFrontClient(settings);
  return {
    getDistribution: (Id: string) => client.send(new GetDistributionCommand({ Id })),
    getDistributionConfig: (Id: string) => client.send(new GetDistributionConfigCommand({ Id })),
    listDistributions: (input: ListDistributionsCommandInput) => client.send(new ListDistributionsCommand(input)),
    listFunctions: (input: ListFunctionsCommandInput) => client.send(new ListFunctionsCommand(input)),
    listKeyValueStores: (input: ListKeyValueStoresCommandInput) => client.send(new ListKeyValueStoresCommand(input)),
    updateDistribution: (input: UpdateDistributionCommandInput) => client.send(new UpdateDistributionCommand(input)),
  };
}
