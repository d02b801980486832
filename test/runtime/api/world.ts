/** A deployed API in memory: real SDK clients, real stores, the clock of the test, and the deployment of the issuer's tests. */

import { type Api, type Caller, createApi, type Mount, type Told } from '../../../runtime/api/api.ts';
import type { ApiEvent, ApiResult } from '../../../runtime/api/event.ts';
import { viewerBehindCloudFront } from '../../../runtime/api/mounts.ts';
import { problemsOf } from '../../../runtime/api/openapi.ts';
import { type Kind, OPERATIONS, type Operation } from '../../../runtime/api/operations.ts';
import { Problem } from '../../../runtime/api/problems.ts';
import type { ApiSettings } from '../../../runtime/api/settings.ts';
import { type AssetContent, assetStore, type SeededStore } from '../../../runtime/aws/asset-store.ts';
import { keyValueStore } from '../../../runtime/aws/key-value-store.ts';
import { quarantine } from '../../../runtime/aws/quarantine.ts';
import { requestStore } from '../../../runtime/aws/request-store.ts';
import { revocationTable } from '../../../runtime/aws/revocation-table.ts';
import { sessionRevocations } from '../../../runtime/aws/session-revocations.ts';
import { follow } from '../../../runtime/base/revocation-work.ts';
import { fixedKey } from '../../../runtime/issuer/index.ts';
import { encodeState } from '../../../runtime/keys/state.ts';
import { type DataCall, inProcess, type Weather } from '../../helpers/aws/data/in-process.ts';
import { KeyValues } from '../../helpers/aws/data/key-values.ts';
import { Tables } from '../../helpers/aws/data/tables.ts';
import { AUD, DOMAINS, environment, KEY, NOW, record, VIEWER } from '../issuer/world.ts';

export const STORE = 'arn:aws:cloudfront::111122223333:key-value-store/4f1b7a52-1111-2222-3333-444455556666';
export const TABLE = 'acme-test-assets';
export const REVOCATIONS = 'acme-test-revocations';
const DAY = 86_400;

export const SETTINGS: ApiSettings = {
  audience: AUD,
  policies: environment.policies,
  streams: environment.streams,
  domains: DOMAINS,
  cors: { origins: ['https://www.example.com'], credentials: false },
  longestLifetime: 7200,
  maxSessionAge: DAY,
  viewerRate: 100,
};

export const ASSETS: Record<string, AssetContent> = {
  trailer: {
    title: 'Trailer',
    stream: 'all',
    path: '/all/trailer/',
    playlists: { hls: 'index.m3u8', dash: 'manifest.mpd' },
    demo: true,
  },
  film: { stream: 'plain', path: '/plain/film/', playlists: { hls: 'index.m3u8' }, policy: 'session', demo: false },
};

export interface ApiWorld {
  /** Seconds since 1970; tests move it. */
  now: number;
  calls: DataCall[];
  tables: Tables;
  keyValues: KeyValues;
  told: Told[];
  /** Who calls. */
  caller: Caller | Problem;
  store: SeededStore;
  /** What CloudFront adds for viewers. */
  ask(method: string, path: string, sent?: Sent): Promise<Asked>;
  /** What was written to the tables since the last call of `forget`. */
  writes(): string[];
  forget(): void;
}

export interface Sent {
  /** An object is sent as JSON, bytes in base64. */
  body?: unknown;
  headers?: Record<string, string>;
  query?: string;
  base64?: boolean;
}

export interface Asked {
  status: number;
  /** Code of the problem; `''` for none. */
  problem: string;
  // biome-ignore lint/suspicious/noExplicitAny: answers are looked into by tests only
  body: any;
  headers: Record<string, string>;
  result: ApiResult;
}

export interface WorldOptions {
  kind?: 'services' | 'viewers';
  mount?: Partial<Mount>;
  settings?: Partial<ApiSettings>;
  weather?: Weather;
  keys?: typeof record;
}

export async function apiWorld({
  kind = 'services',
  mount,
  settings,
  weather,
  keys = record,
}: WorldOptions = {}): Promise<ApiWorld> {
  const tables = new Tables();
  tables.create(TABLE, { byKind: { partition: 'kind', sort: 'id' } });
  tables.create(REVOCATIONS, {});
  const keyValues = new KeyValues(() => world.now);
  keyValues.create(STORE);
  const calls: DataCall[] = [];
  const services = { dynamodb: tables, 'cloudfront-keyvaluestore': keyValues };
  const clients = inProcess({ services, calls, ...(weather === undefined ? {} : { weather }) });
  const quiet = inProcess({ services });
  const assets = assetStore(clients.tables, TABLE);
  const told: Told[] = [];
  /** Length of the stream of a table that is known. */
  const seen = new Map<string, number>();
  const world: ApiWorld = {
    now: NOW,
    calls,
    tables,
    keyValues,
    told,
    caller: kind === 'viewers' ? { id: 'viewer-1', subject: 'pseudonym-1' } : { id: 'cms' },
    store: assetStore(quiet.tables, TABLE),
    ask: async (method, path, sent = {}) => asked(await api(event(method, path, { kind, sent }))),
    writes: () =>
      [TABLE, REVOCATIONS].flatMap((name) =>
        tables
          .table(name)
          .stream.slice(seen.get(name))
          .map(({ eventName, dynamodb }) => `${eventName} ${Object.values(dynamodb.Keys.id ?? {})[0]}`),
      ),
    forget: () => {
      calls.length = 0;
      for (const name of [TABLE, REVOCATIONS]) seen.set(name, tables.table(name).stream.length);
    },
  };
  const store = keyValueStore(quiet.store, STORE);
  const { etag } = await store.describe();
  await store.write({ etag, puts: { state: encodeState({ audience: AUD, keys: [KEY], voidBefore: 0 }) } });
  for (const [id, asset] of Object.entries(ASSETS)) await world.store.seed(id, asset);
  const api: Api = createApi({
    settings: { ...SETTINGS, ...settings },
    mount: {
      kind,
      base: kind === 'viewers' ? '/api' : '',
      authenticate: async () => {
        if (world.caller instanceof Problem) throw world.caller;
        return world.caller;
      },
      ...(kind === 'viewers' ? { viewerOf: viewerBehindCloudFront } : {}),
      ...mount,
    },
    assets,
    requests: requestStore(clients.tables, TABLE),
    revocations: sessionRevocations(clients.tables, REVOCATIONS),
    keys: fixedKey(keys),
    state: () => keyValueStore(clients.store, STORE).get('state'),
    now: () => world.now * 1000 + 999,
    onAnswer: (answer) => {
      told.push(answer);
      checkDescribed(answer, kind);
    },
  });
  world.forget();
  return world;
}

/** Whatever problem a test gets, the description of the API must name it. */
function checkDescribed({ operation: id, problem }: Told, kind: Kind): void {
  const operation = (OPERATIONS as readonly Operation[]).find((one) => one.id === id);
  const form = operation?.[kind];
  if (operation === undefined || form === undefined || problem === undefined) return;
  if (!problemsOf(operation, form).includes(problem))
    throw new Error(`${id} answers ${kind} with ${problem}, which its description does not name`);
}

export const FROM_CLOUDFRONT = {
  'x-edgepass-viewer-address': VIEWER.ip,
  'cloudfront-viewer-country': 'FR',
  'cloudfront-viewer-country-region': 'IDF',
  ...VIEWER.headers,
};

export function event(method: string, path: string, { kind, sent }: { kind: string; sent: Sent }): ApiEvent {
  const { body, headers = {}, query = '', base64 = false } = sent;
  const bytes = body instanceof Uint8Array ? Buffer.from(body) : undefined;
  const text = typeof body === 'string' || body === undefined ? body : JSON.stringify(body);
  const isEncoded = base64 || bytes !== undefined;
  const type: Record<string, string> = body === undefined ? {} : { 'content-type': 'application/json' };
  return {
    rawPath: kind === 'viewers' ? `/api${path}` : path,
    rawQueryString: query,
    headers: { ...type, ...(kind === 'viewers' ? FROM_CLOUDFRONT : {}), ...headers },
    ...(text === undefined ? {} : { body: isEncoded ? (bytes ?? Buffer.from(text)).toString('base64') : text }),
    isBase64Encoded: isEncoded,
    requestContext: { requestId: 'r', http: { method } },
  };
}

export function asked(result: ApiResult): Asked {
  const body = result.body === '' ? undefined : (JSON.parse(result.body) as { type?: string });
  const problem = body?.type?.startsWith('/problems/') ? body.type.slice('/problems/'.length) : '';
  return { status: result.statusCode, problem, body, headers: result.headers, result };
}

/** A body of a service that has all that the policies of the test assets ask for. */
export const PLAYBACK = { viewer: { ...VIEWER, country: 'FR', region: 'FR-IDF' } };

/** Brings what was revoked to the edge, with the worker that ships; all that is there then. */
export async function edgeContent(world: ApiWorld): Promise<ReadonlyMap<string, string>> {
  const clients = inProcess({ services: { dynamodb: world.tables, 'cloudfront-keyvaluestore': world.keyValues } });
  const table = revocationTable(clients.tables, REVOCATIONS);
  const store = keyValueStore(clients.store, STORE);
  const held = { store, table, known: {}, now: () => world.now, patience: { tries: 3, wait: 0 } };
  await follow(
    { store: held, quarantine: quarantine(clients.queues, 'http://in.process') },
    world.tables.table(REVOCATIONS).stream.splice(0),
  );
  return world.keyValues.content(STORE);
}
