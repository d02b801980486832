/** A door of the deployed API: the stores and keys that its environment names, behind a mount. */
import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { assetStore } from '../aws/asset-store.ts';
import { requestStore } from '../aws/request-store.ts';
import { sessionRevocations } from '../aws/session-revocations.ts';
import { windowCounter } from '../aws/window-counter.ts';
import { type SecretsClient, secretsManagerKey } from '../issuer/secrets-manager-key.ts';
import type { Api, Mount, Told } from './api.ts';
import { door } from './door.ts';
import type { ApiEnvironment } from './environment.ts';
import { RATE_WINDOW } from './rate.ts';
import { remembered } from './remembered.ts';

/** Milliseconds for which a key that was killed, or tokens that were made void, still count as live. */
const STATE_AGE = 10_000;

export interface DeployedDoor {
  environment: Pick<ApiEnvironment, 'assetTable' | 'revocationTable' | 'issuerRecordArn'>;
  mount: Mount;
  tables: DynamoDBClient;
  secrets: SecretsClient;
  /** The edge state as it stands in the KeyValueStore. */
  state(): Promise<string | undefined>;
  /** Milliseconds since 1970; default `Date.now`. */
  now?: () => number;
  onAnswer(told: Told): void;
}

export function deployedDoor({
  environment,
  mount,
  tables,
  secrets,
  state,
  now = Date.now,
  onAnswer,
}: DeployedDoor): Api {
  const { assetTable, revocationTable, issuerRecordArn } = environment;
  return door({
    mount,
    assets: assetStore(tables, assetTable),
    requests: requestStore(tables, assetTable),
    revocations: sessionRevocations(tables, revocationTable),
    ...(mount.countsCallers && {
      rates: windowCounter({
        ...{ client: tables, table: assetTable, kind: 'rate', window: RATE_WINDOW },
        now: () => Math.floor(now() / 1000),
      }),
    }),
    keys: secretsManagerKey({ secretId: issuerRecordArn, client: secrets }),
    state: remembered(state, { age: STATE_AGE, now }),
    now,
    onAnswer,
  });
}
