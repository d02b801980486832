/**
 * Keys and revocations of an environment on this machine: what runs in AWS — the steps of the keys, the worker of the
 * revocations — runs here, over files in place of Secrets Manager, KeyValueStore and DynamoDB.
 */
import { randomBytes } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { SessionRevocations } from '../../runtime/aws/session-revocations.ts';
import { begin, type Keeper, override, prepare, remove, sign } from '../../runtime/base/key-steps.ts';
import { KeysRefusal } from '../../runtime/base/keys-refusal.ts';
import { follow, reconcile, sweep, type Worker } from '../../runtime/base/revocation-work.ts';
import { RecordError } from '../../runtime/keys/record-error.ts';
import type { NewKey } from '../../runtime/keys/rotation.ts';
import { knownFrom } from '../../runtime/keys/rotation-times.ts';
import type { Environment } from '../modules/contract.ts';
import type { EdgeStore } from './engine.ts';
import { CorruptState } from './state/json-file.ts';
import { keyValueFile } from './state/key-value-file.ts';
import { secretFile, secretStore } from './state/secret-file.ts';
import { tableFile } from './state/table-file.ts';

/** Files in the state folder. */
const FILES = { secrets: 'secrets.json', store: 'store.json', table: 'revocations.json', issuer: 'issuer-record.json' };

/** A month, as by default in a deployment. */
const ROTATE_EVERY = 30 * 86_400;
/** Seconds. The one edge location there is knows what is written at once. */
const PROPAGATION = 1;
/** Milliseconds between looks at what is due: rotation, expired keys, expired revocations. */
const EVERY = 60_000;
/** Seconds for which a mode given on the command line holds; it ends with the command, or with the next one. */
const MODE_LASTS = 7 * 86_400;

export interface LocalDeployment {
  /** What the function reads. */
  edge: EdgeStore;
  /** Text of the issuer record. */
  issuerRecord(): Promise<string>;
  sessions: SessionRevocations;
  /** Longest lifetime of a token that a stream allows, seconds. */
  longestLifetime: number;
  /** Stops looking at what is due. */
  close(): Promise<void>;
}

export interface DeploymentOptions {
  environment: Environment;
  /** State folder. */
  folder: string;
  /** In place of the configured modes. */
  mode?: 'enforce' | 'report';
  /** Seconds since 1970. */
  now(): number;
  /** Hears of what goes wrong later on. */
  failed(error: unknown): void;
}

/** Throws `CorruptState`. */
export async function openDeployment(options: DeploymentOptions): Promise<LocalDeployment> {
  const { environment, folder, mode, now, failed } = options;
  const secrets = secretFile(join(folder, FILES.secrets));
  const { store, edge } = keyValueFile(join(folder, FILES.store));
  const longestLifetime = longestOf(environment);
  const rows = tableFile(join(folder, FILES.table), {
    changed: async (session) => void (await follow(worker, [recordOf(session)])),
  });
  const worker: Worker = {
    store: { store, table: rows.table, now, known: {} },
    quarantine: { put: async (what, because) => failed(new Error(`${what}: ${because}`)) },
  };
  const keeper: Keeper = {
    audience: `${environment.project}/${environment.name}`,
    settings: { rotateEvery: ROTATE_EVERY, propagation: PROPAGATION, longestLifetime },
    keyRecord: secretStore(secrets, 'key'),
    issuerRecord: secretStore(secrets, 'issuer'),
    store,
    control: rows.control,
    now,
    makeKey,
  };
  const issuerRecord = async (): Promise<string> => (await keeper.issuerRecord.read()).text ?? '';
  /** For `edgepass token create --key`. */
  const publish = async (): Promise<void> =>
    writeFileSync(join(folder, FILES.issuer), `${await issuerRecord()}\n`, { mode: 0o600 });
  try {
    // The first key waits until every edge location must know it. The one that there is here knows it at once, so it is made
    // as if that time were over.
    const wait = knownFrom({ published: 0 }, keeper.settings) + 1;
    const isNew = (await keeper.keyRecord.read()).text === undefined;
    await begin(isNew ? { ...keeper, now: () => now() - wait } : keeper);
    await override(keeper, mode === undefined ? undefined : { mode, until: now() + MODE_LASTS });
    await reconcile(worker);
  } catch (error) {
    const isOurs = error instanceof KeysRefusal || error instanceof RecordError;
    throw isOurs ? new CorruptState(join(folder, FILES.secrets), error.message) : error;
  }
  await publish();
  const due = async (): Promise<void> => {
    await prepare(keeper);
    await sign(keeper, undefined);
    await remove(keeper);
    await sweep(worker);
    await publish();
  };
  let running = Promise.resolve();
  const timer = setInterval(() => {
    running = running.then(due).catch(failed);
  }, EVERY);
  return {
    edge,
    issuerRecord,
    sessions: rows.sessions,
    longestLifetime,
    async close() {
      clearInterval(timer);
      await running;
    },
  };
}

/** As the stream of the table says it. */
function recordOf(session: string) {
  return { eventID: 'local', dynamodb: { Keys: { id: { S: session } } } };
}

function longestOf({ streams, policies }: Environment): number {
  const lifetimes = Object.values(streams).map(
    ({ maxLifetime, policy }) => maxLifetime ?? policies[policy]?.lifetime ?? 0,
  );
  return Math.max(1, ...lifetimes);
}

function makeKey(): NewKey {
  const text = (bytes: number): string => randomBytes(bytes).toString('base64url');
  return { kid: text(6), sign: text(32), bind: text(32) };
}
