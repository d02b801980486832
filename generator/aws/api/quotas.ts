/** The call of Service Quotas that edgepass makes. */
import {
  ListServiceQuotasCommand,
  type ListServiceQuotasCommandInput,
  ServiceQuotasClient,
} from '@aws-sdk/client-service-quotas';
import type { ClientSettings } from '../clients.ts';

export type QuotasApi = ReturnType<typeof quotasApi>;

export function quotasApi(settings: ClientSettings) {
  const client = new ServiceQuotasClient(settings);
  return {
    listQuotas: (input: ListServiceQuotasCommandInput) => client.send(new ListServiceQuotasCommand(input)),
  };
}
