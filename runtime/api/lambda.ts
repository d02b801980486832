/** Entry of the Lambda functions of this module: one package, a handler each. */
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { GetSecretValueCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { assetStore } from '../aws/asset-store.ts';
import { once } from '../aws/once.ts';
import type { SecretsClient } from '../issuer/secrets-manager-key.ts';
import type { Api, Mount } from './api.ts';
import { deployedDoor } from './deployed-door.ts';
import { type ApiEnvironment, apiEnvironment, seedEnvironment } from './environment.ts';
import type { ApiEvent, ApiResult } from './event.ts';
import { servicesMount, viewersMount } from './mounts.ts';
import { PATIENCE } from './patience.ts';
import { handleSeed, type SeedEvent } from './seed.ts';
import { tellAnswer, tellSeeded } from './telemetry.ts';

const tableClient = once(() => new DynamoDBClient(PATIENCE));

function doorOf(environment: ApiEnvironment, mount: Mount): Api {
  const readState = once(async () => (await import('./edge-state.ts')).edgeStateReader(environment.keyValueStoreArn));
  return deployedDoor({
    environment,
    mount,
    tables: tableClient(),
    secrets: secrets(),
    state: async () => (await readState())(),
    onAnswer: tellAnswer(mount.kind),
  });
}

/** One operation of the client; the class with all of them is ten times the size. */
function secrets(): SecretsClient {
  const client = new SecretsManagerClient(PATIENCE);
  return { getSecretValue: (input, options) => client.send(new GetSecretValueCommand(input), options) };
}

const servicesDoor = once(() => {
  const environment = apiEnvironment();
  return doorOf(environment, servicesMount(environment));
});

const viewersDoor = once(() => {
  const environment = apiEnvironment();
  return doorOf(environment, viewersMount(environment));
});

/** Behind the HTTP API. */
export function services(event: ApiEvent): Promise<ApiResult> {
  return servicesDoor()(event);
}

/** Behind the function URL that only the API's own distribution may call. */
export function viewers(event: ApiEvent): Promise<ApiResult> {
  return viewersDoor()(event);
}

/** Called by CloudFormation at every deployment that changes settings or assets. */
export function seed(event: SeedEvent): Promise<void> {
  return handleSeed(event, assetStore(tableClient(), seedEnvironment().assetTable), { tell: tellSeeded });
}
