/** What all operations work with: settings made ready, an issuer, stores and a clock. */
import type { AssetContent, AssetStore, StoredAsset } from '../aws/asset-store.ts';
import type { RequestStore } from '../aws/request-store.ts';
import type { SessionRevocations } from '../aws/session-revocations.ts';
import type { WindowCounter } from '../aws/window-counter.ts';
import { type Deployment, readDeployment } from '../issuer/deployment.ts';
import { createIssuer, type Issuer } from '../issuer/issuer.ts';
import { isHeld } from '../sessions/revocation-row.ts';
import type { ApiOptions, Mount } from './api.ts';
import { problemOf } from './problem-of.ts';
import { Problem } from './problems.ts';
import type { ApiSettings } from './settings.ts';

export interface Workplace {
  settings: ApiSettings;
  deployment: Deployment;
  issuer: Issuer;
  assets: AssetStore;
  requests: RequestStore;
  revocations: SessionRevocations;
  /** Requests by viewer; absent where nobody counts them. */
  rates?: WindowCounter;
  state(): Promise<string | undefined>;
  /** Seconds since 1970. */
  now(): number;
  /** Whether a session is revoked, as the table says now. */
  isRevoked(session: string): Promise<boolean>;
  /** The asset of an id, as far as the mount shows it. Throws `asset-not-found`. */
  asset(id: string | undefined, mount: Mount): Promise<StoredAsset>;
  /** Host on which an asset of a stream is played. */
  hostOf(stream: string): string;
  problemOf(error: unknown): Problem;
}

export function workplace(options: ApiOptions): Workplace {
  const { settings, assets, requests, revocations, keys, state, rates, now = Date.now } = options;
  const { audience, policies, streams, domains } = settings;
  const seconds = (): number => Math.floor(now() / 1000);
  const revoked = (session: string): Promise<boolean> => isRevoked({ revocations, now: seconds() }, session);
  const issuer = createIssuer({
    audience,
    policies,
    streams,
    domains,
    keys,
    now,
    isRevoked: revoked,
  });
  return {
    settings,
    deployment: readDeployment(policies, streams),
    issuer,
    assets,
    requests,
    revocations,
    ...(rates && { rates }),
    state,
    now: seconds,
    isRevoked: revoked,
    problemOf,
    async asset(id = '', mount) {
      const asset = await assets.get(id);
      if (asset === undefined || !isShown(mount, asset)) throw new Problem('asset-not-found');
      return asset;
    },
    hostOf(stream) {
      const { hosts } = own(streams, stream) ?? {};
      const all = Object.values(domains).map(({ host }) => host);
      return all.find((host) => hosts === undefined || hosts.includes(host)) ?? '';
    },
  };
}

/** Only `true` shows: a row that somebody has written by hand may lack the member that is asked for. */
export function isShown({ shows }: Mount, asset: StoredAsset): boolean {
  return shows === undefined || shows(asset) === true;
}

/** A row that cannot be read may be of a leaked session: whoever edited it meant to refuse. */
async function isRevoked(
  { revocations, now }: { revocations: SessionRevocations; now: number },
  session: string,
): Promise<boolean> {
  const row = await revocations.find(session);
  return row === 'malformed' || (row !== undefined && isHeld(row, now));
}

/** The member of a map that is its own, and nothing that every object has. */
export function own<T>(map: Readonly<Record<string, T>>, name: string): T | undefined {
  return Object.hasOwn(map, name) ? map[name] : undefined;
}

/** An asset as it is kept: what is left out of a request has the defaults of config.yaml. */
export function withDefaults(asset: Partial<AssetContent> & Pick<AssetContent, 'stream' | 'path'>): AssetContent {
  return { ...asset, playlists: asset.playlists ?? { hls: 'index.m3u8' }, demo: asset.demo ?? false };
}
