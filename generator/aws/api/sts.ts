/** The call of STS that edgepass makes. */
import { GetCallerIdentityCommand, STSClient } from '@aws-sdk/client-sts';
import type { ClientSettings } from '../clients.ts';

export type StsApi = ReturnType<typeof stsApi>;

export function stsApi(settings: ClientSettings) {
  const client = new STSClient(settings);
  return { getCallerIdentity: () => client.send(new GetCallerIdentityCommand({})) };
}
