/** What the token API keeps in its table, in memory: assets come from config.yaml again with the next start. */
import type { AssetContent, AssetStore } from '../../runtime/aws/asset-store.ts';
import type { KnownRequest, RequestStore } from '../../runtime/aws/request-store.ts';
import type { LocalAsset } from './assets.ts';

export function assetMemory(assets: readonly LocalAsset[]): AssetStore {
  const known = new Map(assets.map(({ id, ...content }): [string, AssetContent] => [id, content]));
  return {
    async get(id) {
      const content = known.get(id);
      return content && { id, ...content };
    },
    async list({ after = '', limit }) {
      const ids = [...known.keys()].filter((id) => id > after).sort();
      const page = ids.slice(0, limit).map((id) => ({ id, ...(known.get(id) as AssetContent) }));
      return { assets: page, more: ids.length > limit };
    },
    async put(id, asset) {
      const isNew = !known.has(id);
      known.set(id, asset);
      return isNew;
    },
    remove: async (id) => known.delete(id),
  };
}

/** Marks that are kept at most; the oldest go first. */
const MAX_REQUESTS = 1_000;

export function requestMemory(): RequestStore {
  const known = new Map<string, KnownRequest & { until: number }>();
  return {
    async begin(id, { print, until, now }) {
      const before = known.get(id);
      if (before !== undefined && before.until > now) return before;
      known.set(id, { print, until });
      const [oldest] = known.keys();
      if (known.size > MAX_REQUESTS && oldest !== undefined) known.delete(oldest);
      return undefined;
    },
    async finish(id, { print, answer, until }) {
      known.set(id, { print, answer, until });
    },
    async forget(id) {
      known.delete(id);
    },
  };
}
