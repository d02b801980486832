/** What there is to play: the assets of config.yaml, and of the test stream's own where they leave a kind out. */
import type { Asset, Environment } from '../modules/contract.ts';
import type { MediaFolder } from './media/media-origin.ts';

export interface LocalAsset extends Asset {
  id: string;
}

export interface LocalAssets {
  assets: LocalAsset[];
  /** Ids of those that are not in config.yaml. */
  added: string[];
  /** Folders in which the test stream is, with the assets' file names. */
  folders: MediaFolder[];
}

const PLAYLISTS = { hls: 'index.m3u8', dash: 'manifest.mpd' };

/** What an asset is named like decides what the test stream is there: config.yaml does not say it. */
const CHANNEL = /(?:^|[^a-z])(?:live|linear|channels?)(?:[^a-z]|$)/i;

/** `ownOrigin`: media come from somewhere else, so that nothing can be added. */
export function localAssets(environment: Environment, { ownOrigin }: { ownOrigin: boolean }): LocalAssets {
  const given = Object.entries(environment.assets).map(([id, asset]): LocalAsset => ({ id, ...asset }));
  if (ownOrigin) return { assets: given, added: [], folders: [] };
  const kinds = new Set(given.map(kindOf));
  const added = (['vod', 'live'] as const).flatMap((kind) => {
    const asset = kinds.has(kind) ? undefined : testAsset(environment, { kind, taken: given });
    return asset === undefined ? [] : [asset];
  });
  const assets = [...given, ...added];
  // An asset of config.yaml may have one playlist only; the other file has its usual name.
  const folders = assets.map((asset) => ({ path: asset.path, kind: kindOf(asset), ...PLAYLISTS, ...asset.playlists }));
  return { assets, added: added.map(({ id }) => id), folders };
}

function kindOf({ id, stream, path }: LocalAsset): MediaFolder['kind'] {
  return [id, stream, path].some((text) => CHANNEL.test(text)) ? 'live' : 'vod';
}

/** In a stream that is named like it, else in the first. */
function testAsset(
  { streams }: Environment,
  { kind, taken }: { kind: MediaFolder['kind']; taken: readonly LocalAsset[] },
): LocalAsset | undefined {
  const names = Object.keys(streams);
  const isFit = (name: string): boolean => CHANNEL.test(name) === (kind === 'live');
  const stream = names.find(isFit) ?? names[0];
  const base = stream === undefined ? undefined : streams[stream]?.paths[0];
  if (stream === undefined || base === undefined) return undefined;
  const [id, folder] = kind === 'live' ? ['test-channel', 'channel'] : ['test-film', 'film'];
  const title = kind === 'live' ? 'Test channel' : 'Test film';
  if (taken.some((asset) => asset.id === id)) return undefined;
  return { id, title, stream, path: `${base}edgepass-test/${folder}/`, playlists: PLAYLISTS, demo: true };
}
