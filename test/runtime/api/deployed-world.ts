/** What a deployed door of the API finds: tables with settings and assets, keys, and the edge state, by the names it is told. */
import { GetSecretValueCommand } from '@aws-sdk/client-secrets-manager';
import type { DeployedDoor } from '../../../runtime/api/deployed-door.ts';
import type { ApiEnvironment } from '../../../runtime/api/environment.ts';
import { assetStore } from '../../../runtime/aws/asset-store.ts';
import { keyValueStore } from '../../../runtime/aws/key-value-store.ts';
import { encodeState, STATE_KEY } from '../../../runtime/keys/state.ts';
import { type DataCall, inProcess } from '../../helpers/aws/data/in-process.ts';
import { KeyValues } from '../../helpers/aws/data/key-values.ts';
import { Secrets } from '../../helpers/aws/data/secrets.ts';
import { Tables } from '../../helpers/aws/data/tables.ts';
import { KEY, NOW, record } from '../issuer/world.ts';
import { ASSETS, SETTINGS } from './world.ts';

export type Names = Pick<ApiEnvironment, 'assetTable' | 'revocationTable' | 'issuerRecordArn' | 'keyValueStoreArn'>;

export interface DeployedWorld {
  /** Seconds since 1970; tests move it. */
  now: number;
  secrets: Secrets;
  /** Every call of the door, in order. */
  calls: DataCall[];
  /** What the door works on. */
  parts: Pick<DeployedDoor, 'tables' | 'secrets' | 'state'> & { now: () => number };
}

/** `audience` is `<project>/<environment>`. */
export async function deployedWorld(names: Names, audience: string): Promise<DeployedWorld> {
  const { assetTable, revocationTable, issuerRecordArn, keyValueStoreArn } = names;
  const tables = new Tables();
  tables.create(assetTable, { byKind: { partition: 'kind', sort: 'id' } });
  tables.create(revocationTable, {});
  const keyValues = new KeyValues(() => world.now);
  keyValues.create(keyValueStoreArn);
  const secrets = new Secrets();
  secrets.create(issuerRecordArn);
  secrets.edit(issuerRecordArn, JSON.stringify({ ...record, audience }));
  const services = { dynamodb: tables, 'cloudfront-keyvaluestore': keyValues, secretsmanager: secrets };
  const quiet = inProcess({ services });
  const store = keyValueStore(quiet.store, keyValueStoreArn);
  const { etag } = await store.describe();
  await store.write({ etag, puts: { [STATE_KEY]: encodeState({ audience, keys: [KEY], voidBefore: 0 }) } });
  const assets = assetStore(quiet.tables, assetTable);
  await assets.writeSettings(JSON.stringify({ ...SETTINGS, audience }));
  for (const [id, asset] of Object.entries(ASSETS)) await assets.seed(id, asset);
  const calls: DataCall[] = [];
  const clients = inProcess({ services, calls });
  const world: DeployedWorld = {
    now: NOW,
    secrets,
    calls,
    parts: {
      tables: clients.tables,
      secrets: { getSecretValue: (input) => clients.secrets.send(new GetSecretValueCommand(input)) },
      state: () => keyValueStore(clients.store, keyValueStoreArn).get(STATE_KEY),
      now: () => world.now * 1000,
    },
  };
  return world;
}
