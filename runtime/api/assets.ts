/** Assets and policies: services see and change all of an asset, viewers see what there is to play. */
import type { AssetContent, StoredAsset } from '../aws/asset-store.ts';
import type { Call, Handler } from './api.ts';
import { checkAsset, policyOf } from './choose-policy.ts';
import { Problem } from './problems.ts';
import { isShown, own, withDefaults } from './workplace.ts';

const PAGE = 100;

/** As many as fit of what the mount shows. Of the rest nothing is told, also not where it ends. */
export const listAssets: Handler = async (call) => {
  const { work, mount, input } = call;
  const shown: StoredAsset[] = [];
  let { after } = input.parameters;
  let more = true;
  while (more && shown.length < PAGE) {
    const page = await work.assets.list({ limit: PAGE, ...(after === undefined ? {} : { after }) });
    shown.push(...page.assets.filter((asset) => isShown(mount, asset)));
    after = page.assets.at(-1)?.id;
    more = page.more;
  }
  const assets = shown.slice(0, PAGE);
  const next = more || shown.length > PAGE ? assets.at(-1)?.id : undefined;
  return {
    status: 200,
    body: { assets: assets.map((asset) => shownOf(call, asset)), ...(next === undefined ? {} : { next }) },
  };
};

export const getAsset: Handler = async (call) => {
  const { work, mount, input } = call;
  return { status: 200, body: shownOf(call, await work.asset(input.parameters.asset, mount)) };
};

export const putAsset: Handler = async ({ work, input }) => {
  const id = input.parameters.asset as string;
  const asset = withDefaults(input.body as unknown as AssetContent);
  checkAsset(work, asset);
  const isNew = await work.assets.put(id, asset);
  return { status: isNew ? 201 : 200, body: { id, ...asset } };
};

export const deleteAsset: Handler = async ({ work, input }) => {
  if (!(await work.assets.remove(input.parameters.asset as string))) throw new Problem('asset-not-found');
  return { status: 204 };
};

export const listPolicies: Handler = async ({ work }) => {
  const policies = Object.entries(work.settings.policies).map(
    ([name, { lifetime, session, countries, regions, cities, bind }]) => ({
      name,
      lifetime,
      session,
      ...(countries && { countries }),
      ...(regions && { regions }),
      ...(cities && { cities }),
      ...(bind && { bind }),
    }),
  );
  return { status: 200, body: { policies } };
};

function shownOf({ work, mount }: Pick<Call, 'work' | 'mount'>, asset: StoredAsset): object {
  if (mount.kind === 'services') return asset;
  const { id, title, playlists } = asset;
  return {
    id,
    ...(title === undefined ? {} : { title }),
    formats: Object.keys(playlists),
    policy: policyOf(work, asset),
    mode: own(work.settings.streams, asset.stream)?.mode ?? 'off',
  };
}
