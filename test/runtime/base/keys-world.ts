/** A deployment's keys in memory: real SDK clients, real stores, the clock of the test. */
import type { KeysEnvironment } from '../../../runtime/base/environment.ts';
import type { Keeper } from '../../../runtime/base/key-steps.ts';
import { keeperOf } from '../../../runtime/base/keys.ts';
import { type KeyRecord, parseKeyRecord } from '../../../runtime/keys/key-record.ts';
import { decodeState, type EdgeState, STATE_KEY } from '../../../runtime/keys/state.ts';
import { keys as contract } from '../../../templates/base/functions.ts';
import { type DataCall, inProcess, type Weather } from '../../helpers/aws/data/in-process.ts';
import { KeyValues } from '../../helpers/aws/data/key-values.ts';
import { Secrets } from '../../helpers/aws/data/secrets.ts';
import { Tables } from '../../helpers/aws/data/tables.ts';
import { secret } from '../../helpers/secrets/known-secrets.ts';

export const AUDIENCE = 'acme/dev';
export const STORE = 'arn:aws:cloudfront::111122223333:key-value-store/4f1b7a52-1111-2222-3333-444455556666';
export const KEY_RECORD = 'arn:aws:secretsmanager:eu-west-1:111122223333:secret:edgepass/acme/dev/key-record-AbCdEf';
export const ISSUER_RECORD =
  'arn:aws:secretsmanager:eu-west-1:111122223333:secret:edgepass/acme/dev/issuer-record-AbCdEf';
export const TABLE = 'acme-dev-revocations';

export const DAY = 86_400;
export const SETTINGS = { rotateEvery: 30 * DAY, propagation: 300, longestLifetime: 4 * 3_600 };

/** A test holds the role of the function to the same list. */
const MAY = new Set(contract.permissions.map(({ action }) => action));

const ENVIRONMENT: KeysEnvironment = {
  audience: AUDIENCE,
  keyRecordArn: KEY_RECORD,
  issuerRecordArn: ISSUER_RECORD,
  keyValueStoreArn: STORE,
  tableName: TABLE,
  ...SETTINGS,
};

export interface KeysWorld {
  /** Seconds since 1970; tests move it. */
  now: number;
  settings: typeof SETTINGS;
  secrets: Secrets;
  keyValues: KeyValues;
  tables: Tables;
  calls: DataCall[];
  /** Somebody who does steps: with a clock that is off by some seconds, and in a weather of their own. */
  keeper(options?: { skew?: number; weather?: Weather; maxAttempts?: number }): Keeper;
  record(): KeyRecord;
  state(): EdgeState;
}

/** `environment` is what the function is told in another deployment. */
export function keysWorld(environment = ENVIRONMENT): KeysWorld {
  const { keyRecordArn, issuerRecordArn, keyValueStoreArn, tableName } = environment;
  const world: KeysWorld = {
    now: 1_800_000_000,
    settings: settingsOf(environment),
    secrets: new Secrets(() => world.now * 1000),
    keyValues: new KeyValues(() => world.now),
    tables: new Tables(),
    calls: [],
    keeper: ({ skew = 0, weather, maxAttempts } = {}) => {
      const clients = inProcess({
        services: {
          'cloudfront-keyvaluestore': world.keyValues,
          dynamodb: world.tables,
          secretsmanager: world.secrets,
        },
        calls: world.calls,
        may: MAY,
        ...(weather === undefined ? {} : { weather }),
        ...(maxAttempts === undefined ? {} : { maxAttempts }),
      });
      const keeper = keeperOf(environment, clients);
      return {
        ...keeper,
        makeKey: () => {
          const { kid, sign, bind } = keeper.makeKey();
          return { kid, sign: secret(sign), bind: secret(bind) };
        },
        settings: world.settings,
        now: () => world.now + skew,
        patience: { tries: 20, wait: 0 },
      };
    },
    record: () => parseKeyRecord(world.secrets.current(keyRecordArn) ?? ''),
    state: () => decodeState(world.keyValues.content(keyValueStoreArn).get(STATE_KEY) ?? '') as EdgeState,
  };
  world.keyValues.watched = (key) => key === STATE_KEY;
  world.keyValues.create(keyValueStoreArn);
  world.secrets.create(keyRecordArn);
  world.secrets.create(issuerRecordArn);
  world.tables.create(tableName);
  return world;
}

function settingsOf({ rotateEvery, propagation, longestLifetime }: KeysEnvironment): typeof SETTINGS {
  return { rotateEvery, propagation, longestLifetime };
}
