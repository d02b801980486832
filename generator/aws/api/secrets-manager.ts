/** The calls of Secrets Manager that edgepass makes. None of them reads a value. */
import {
  DescribeSecretCommand,
  type DescribeSecretCommandInput,
  SecretsManagerClient,
} from '@aws-sdk/client-secrets-manager';
import type { ClientSettings } from '../clients.ts';

export type SecretsManagerApi = ReturnType<typeof secretsManagerApi>;

export function secretsManagerApi(settings: ClientSettings) {
  const client = new SecretsManagerClient(settings);
  return {
    describeSecret: (input: DescribeSecretCommandInput) => client.send(new DescribeSecretCommand(input)),
  };
}
