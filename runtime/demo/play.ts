/**
 * The function behind `/api` of the demo's distribution, which alone may call it (origin access control). It is the token API
 * with another door; settings and assets are those of the module `api`.
 */
import { Logger } from '@aws-lambda-powertools/logger';
import { Metrics, MetricUnit } from '@aws-lambda-powertools/metrics';
import manifest from '../../package.json' with { type: 'json' };
import { createApi, type Told } from '../api/api.ts';
import type { ApiEvent, ApiResult } from '../api/event.ts';
import type { ApiSettings } from '../api/settings.ts';
import { assetStore } from '../aws/asset-store.ts';
import { keyValueStore } from '../aws/key-value-store.ts';
import { requestStore } from '../aws/request-store.ts';
import { sessionRevocations } from '../aws/session-revocations.ts';
import { secretsManagerKey } from '../issuer/secrets-manager-key.ts';
import { STATE_KEY } from '../keys/state.ts';
import { attempts } from './attempts.ts';
import { type Clients, makeClients } from './clients.ts';
import { createDoor, demoMount } from './door.ts';
import { type PlayEnvironment, playEnvironment } from './environment.ts';
import { kept } from './kept.ts';

type Play = (event: ApiEvent) => Promise<ApiResult>;

/** Seconds after which a new code or new settings are noticed. */
const NOTICED = 60;

interface Instance {
  play: Play;
  metrics: Metrics;
}

let instance: Instance | undefined;

export async function handler(event: ApiEvent): Promise<ApiResult> {
  instance ??= makeInstance();
  try {
    return await instance.play(event);
  } finally {
    instance.metrics.publishStoredMetrics();
  }
}

function makeInstance(): Instance {
  const [logger, metrics] = [new Logger(), new Metrics()];
  const count = (name: string): void => void metrics.addMetric(name, MetricUnit.Count, 1);
  const play = createPlay({
    clients: makeClients(),
    environment: playEnvironment(),
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
}

/** Messages of AWS may have names of secrets in them; the kind of an error is enough to look further. */
const nameOf = (error: unknown): string => (error instanceof Error ? error.name : 'unknown');

export interface PlayOptions {
  clients: Clients;
  environment: PlayEnvironment;
  /** Milliseconds since 1970; default `Date.now`. */
  now?: () => number;
  onAnswer?(told: Told): void;
  onFailed?(error: unknown): void;
  onRefused?(access: 'wrong-code' | 'too-many-codes', hasTried: boolean): void;
}

export function createPlay({ clients, environment, now = Date.now, ...told }: PlayOptions): Play {
  const { store, tables, secrets } = clients;
  const { project, environment: name, table } = environment;
  const seconds = (): number => Math.floor(now() / 1000);
  const assets = assetStore(tables, table);
  const edge = keyValueStore(store, environment.keyValueStoreArn);
  const keys = secretsManagerKey({ secretId: environment.issuerRecordArn, client: secrets });
  const api = kept({ read: make, age: NOTICED, now: seconds });
  const code = kept({ read: readCode, age: NOTICED, now: seconds });

  async function make(): Promise<Play> {
    const text = await assets.readSettings();
    if (text === undefined) throw new Error('The token API has no settings yet.');
    return createApi({
      settings: JSON.parse(text) as ApiSettings,
      mount: demoMount,
      assets,
      requests: requestStore(tables, table),
      revocations: sessionRevocations(tables, environment.revocationTable),
      keys,
      state: () => edge.get(STATE_KEY),
      now,
      ...(told.onAnswer && { onAnswer: told.onAnswer }),
    });
  }

  async function readCode(): Promise<string> {
    const { SecretString = '' } = await secrets.getSecretValue({ SecretId: environment.accessCodeArn });
    // An empty code would let in who sends none.
    if (SecretString === '') throw new Error('The access code is empty.');
    return SecretString;
  }

  return createDoor({
    about: { mount: 'demo', needsCode: true, project, environment: name, version: manifest.version },
    access: { code, attempts: attempts({ client: tables, table, now: seconds }) },
    api: async (event) => (await api())(event),
    ...(told.onFailed && { onFailed: told.onFailed }),
    ...(told.onRefused && { onRefused: told.onRefused }),
  });
}
