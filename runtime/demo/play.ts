/**
 * The function behind `/api` of the demo's distribution, which alone may call it (origin access control). It is the token API
 * with an access code in front; settings and assets are those of the module `api`.
 */
import { Logger } from '@aws-lambda-powertools/logger';
import { Metrics, MetricUnit } from '@aws-lambda-powertools/metrics';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { GetSecretValueCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import manifest from '../../package.json' with { type: 'json' };
import type { Told } from '../api/api.ts';
import { deployedDoor } from '../api/deployed-door.ts';
import type { ApiEvent, ApiResult } from '../api/event.ts';
import { PATIENCE } from '../api/patience.ts';
import { remembered } from '../api/remembered.ts';
import { once } from '../aws/once.ts';
import { windowCounter } from '../aws/window-counter.ts';
import type { SecretsClient } from '../issuer/secrets-manager-key.ts';
import { WINDOW } from './attempts.ts';
import { type PlayEnvironment, playEnvironment } from './environment.ts';
import { demoMount, guarded } from './guarded.ts';

type Play = (event: ApiEvent) => Promise<ApiResult>;

/** Milliseconds after which another access code is noticed. */
const CODE_AGE = 60_000;

const instance = once(() => {
  const [logger, metrics] = [new Logger(), new Metrics()];
  const count = (name: string): void => void metrics.addMetric(name, MetricUnit.Count, 1);
  const environment = playEnvironment();
  const readState = once(async () => {
    const { edgeStateReader } = await import('../api/edge-state.ts');
    return edgeStateReader(environment.keyValueStoreArn);
  });
  const play = createPlay({
    environment,
    tables: new DynamoDBClient(PATIENCE),
    secrets: secretsClient(),
    state: async () => (await readState())(),
    onAnswer({ operation, status, problem, cause }) {
      count(status < 400 ? 'Answers' : 'Refusals');
      if (status >= 500) count('Failures');
      const line = { operation, status, ...(problem && { problem }) };
      if (cause === undefined) logger.info('answered', line);
      else logger.error('answered', { ...line, cause: nameOf(cause) });
    },
    onFailed(error) {
      count('Failures');
      logger.error('failed', { cause: nameOf(error) });
    },
    onRefused(access, hasTried) {
      count('Refusals');
      if (hasTried) count('WrongCodes');
      logger.info('refused', { access });
    },
  });
  return { play, metrics };
});

export async function handler(event: ApiEvent): Promise<ApiResult> {
  const { play, metrics } = instance();
  try {
    return await play(event);
  } finally {
    metrics.publishStoredMetrics();
  }
}

/** Messages of AWS may have names of secrets in them; the kind of an error is enough to look further. */
const nameOf = (error: unknown): string => (error instanceof Error ? error.name : 'unknown');

function secretsClient(): SecretsClient {
  const client = new SecretsManagerClient(PATIENCE);
  return { getSecretValue: (input, options) => client.send(new GetSecretValueCommand(input), options) };
}

export interface PlayOptions {
  environment: PlayEnvironment;
  tables: DynamoDBClient;
  secrets: SecretsClient;
  /** The edge state as it stands in the KeyValueStore. */
  state(): Promise<string | undefined>;
  /** Milliseconds since 1970; default `Date.now`. */
  now?: () => number;
  onAnswer?(told: Told): void;
  onFailed?(error: unknown): void;
  onRefused?(access: 'wrong-code' | 'too-many-codes', hasTried: boolean): void;
}

export function createPlay(options: PlayOptions): Play {
  const { environment, tables, secrets, state, now = Date.now, onFailed, onRefused } = options;
  const { project, environment: name, table: assetTable } = environment;
  const api = deployedDoor({
    environment: { ...environment, assetTable },
    mount: demoMount,
    tables,
    secrets,
    state,
    now,
    onAnswer: (told) => options.onAnswer?.(told),
  });

  async function readCode(): Promise<string> {
    const { SecretString = '' } = await secrets.getSecretValue({ SecretId: environment.accessCodeArn });
    // An empty code would let in who sends none.
    if (SecretString === '') throw new Error('The access code is empty.');
    return SecretString;
  }

  return guarded({
    about: { mount: 'demo', needsCode: true, project, environment: name, version: manifest.version },
    access: {
      code: remembered(readCode, { age: CODE_AGE, now }),
      attempts: windowCounter({
        ...{ client: tables, table: assetTable, kind: 'attempt', window: WINDOW },
        now: () => Math.floor(now() / 1000),
      }),
    },
    api,
    ...(onFailed && { onFailed }),
    ...(onRefused && { onRefused }),
  });
}
