/**
 * The function `keys`: everything that is done to the keys, to "void before", and to the mode of the whole deployment. Its
 * workflow calls it step by step; CloudFormation, when the deployment is made or its settings change.
 */
import { randomBytes } from 'node:crypto';
import { Logger } from '@aws-lambda-powertools/logger';
import { Metrics, MetricUnit } from '@aws-lambda-powertools/metrics';
import type { CloudFrontKeyValueStoreClient } from '@aws-sdk/client-cloudfront-keyvaluestore';
import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import type { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { controlItem } from '../aws/control-item.ts';
import { keyValueStore } from '../aws/key-value-store.ts';
import { once } from '../aws/once.ts';
import { isOurs, plainError } from '../aws/plain-error.ts';
import { secretStore } from '../aws/secret-store.ts';
import type { NewKey } from '../keys/rotation.ts';
import { keyValueStoreClient, secretsClient, tableClient } from './clients.ts';
import { answerCustomResource, type CustomResourceEvent, isCustomResourceEvent, type Send } from './custom-resource.ts';
import { type KeysEnvironment, keysEnvironment } from './environment.ts';
import { begin, type Keeper } from './key-steps.ts';
import { isStuck, type KeysEvent, runStep, stepName } from './keys-command.ts';
import { type KeysView, metricsOf, viewOf } from './keys-view.ts';

const logger = once(() => new Logger());
const metrics = once(() => new Metrics());

const keeperOfEnvironment = once((): Keeper => {
  const clients = { secrets: secretsClient(), store: keyValueStoreClient(), tables: tableClient() };
  return keeperOf(keysEnvironment(), clients);
});

interface Clients {
  secrets: SecretsManagerClient;
  store: CloudFrontKeyValueStoreClient;
  tables: DynamoDBClient;
}

/** Everything the steps work on, where the environment says that it is. */
export function keeperOf(
  { audience, keyRecordArn, issuerRecordArn, keyValueStoreArn, tableName, ...settings }: KeysEnvironment,
  { secrets, store, tables }: Clients,
): Keeper {
  return {
    audience,
    settings,
    keyRecord: secretStore(secrets, keyRecordArn),
    issuerRecord: secretStore(secrets, issuerRecordArn),
    store: keyValueStore(store, keyValueStoreArn),
    control: controlItem(tables, tableName),
    now: () => Math.floor(Date.now() / 1000),
    makeKey,
  };
}

/** 48 random bits name a key; 256 each sign and bind. */
export function makeKey(): NewKey {
  const text = (bytes: number): string => randomBytes(bytes).toString('base64url');
  return { kid: text(6), sign: text(32), bind: text(32) };
}

/** Handles both kinds of events. Of a step it gives what may be told of the keys (`KeysView`). */
export function keys(event: KeysEvent | CustomResourceEvent): Promise<KeysView | undefined> {
  return handleKeys(event, keeperOfEnvironment());
}

export async function handleKeys(
  event: KeysEvent | CustomResourceEvent,
  keeper: Keeper,
  { send }: { send?: Send } = {},
): Promise<KeysView | undefined> {
  if (!isCustomResourceEvent(event)) return step(event, keeper);
  const run = () => watched(keeper, () => begin(keeper), event.RequestType);
  await answerCustomResource(event, { physicalId: 'edgepass-keys', run, ...(send === undefined ? {} : { send }) });
  return undefined;
}

function step(event: KeysEvent, keeper: Keeper): Promise<KeysView> {
  return watched(keeper, () => runStep(keeper, event), stepName(event));
}

/** Does something with the keys, and says how it went in log and metrics. */
async function watched(keeper: Keeper, run: () => ReturnType<typeof begin>, what: string): Promise<KeysView> {
  const { settings } = keeper;
  try {
    const kept = await run();
    const moment = { now: keeper.now(), settings };
    const view = viewOf(kept, moment);
    const values = { ...metricsOf(kept, moment), RecordInvalid: 0, TooManyKeys: isStuck(kept, view.due) ? 1 : 0 };
    for (const [name, value] of Object.entries(values)) metrics().addMetric(name, unitOf(name), value);
    logger().info('keys', {
      step: what,
      signing: view.signing,
      live: view.keys.filter(({ state }) => state !== 'gone').length,
      due: view.due,
      wait: view.wait,
    });
    return view;
  } catch (error) {
    const plain = plainError(error);
    const code = isOurs(plain) ? plain.code : '';
    logger().error('keys failed', { step: what, error: { name: plain.name, code, message: plain.message } });
    // Whatever is wrong with the record, nothing rotates until a person has looked at it.
    if (code.startsWith('record_')) metrics().addMetric('RecordInvalid', MetricUnit.Count, 1);
    if (code === 'too_many_keys') metrics().addMetric('TooManyKeys', MetricUnit.Count, 1);
    throw plain;
  } finally {
    if (metrics().hasStoredMetrics()) metrics().publishStoredMetrics();
  }
}

function unitOf(name: string): (typeof MetricUnit)[keyof typeof MetricUnit] {
  return /Age|EndsIn|Overdue/.test(name) ? MetricUnit.Seconds : MetricUnit.Count;
}
