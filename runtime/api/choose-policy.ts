/** Which policy a token gets. Whoever asks for one may ask for a stricter one than the asset's, and for no other. */
import type { AssetContent } from '../aws/asset-store.ts';
import type { EdgeStream } from '../base/edge-settings.ts';
import { routeOf } from '../issuer/deployment.ts';
import { type Demand, unmet } from '../issuer/floor.ts';
import { looksLikeToken } from '../issuer/locate-asset.ts';
import { Problem } from './problems.ts';
import { own, type Workplace } from './workplace.ts';

/** The policy that an asset has by itself. */
export function policyOf({ settings }: Workplace, asset: AssetContent): string {
  return asset.policy ?? own(settings.streams, asset.stream)?.policy ?? '';
}

/** Throws `policy-unknown`, `policy-too-weak`, `policy-unfit`. */
export function choosePolicy(work: Workplace, asset: AssetContent, wanted: string | undefined): string {
  const usual = policyOf(work, asset);
  const name = wanted ?? usual;
  const { policies, flags } = work.deployment;
  const policy = policies.get(name);
  const floor = policies.get(usual);
  if (policy === undefined || floor === undefined) throw new Problem('policy-unknown');
  if (policy !== floor) meets({ policy, floor, flags });
  checkFit(policy);
  return name;
}

/**
 * Refuses an asset that nobody could play: throws `stream-unknown`, `path-outside-stream`, `policy-unknown`, `policy-too-weak`,
 * `policy-unfit`.
 * What config.yaml has is held against the same rules before it is deployed.
 */
export function checkAsset(work: Workplace, asset: AssetContent): void {
  const { deployment, settings } = work;
  if (own(settings.streams, asset.stream) === undefined) throw new Problem('stream-unknown');
  const host = work.hostOf(asset.stream);
  const floor = deployment.streams.find(({ name }) => name === asset.stream) as EdgeStream;
  const files = Object.values(asset.playlists).map((file) => `${asset.path}${file}`);
  for (const path of [asset.path, ...files]) {
    // Not quoted: it may be one.
    if (looksLikeToken(path, floor))
      throw new Problem('path-outside-stream', { detail: 'The edge would take a part of it for a token.' });
    const route = routeOf(deployment, path, host);
    const isInside = route?.streams.some((index) => deployment.streams[index]?.name === asset.stream);
    if (!isInside || route?.exc)
      throw new Problem('path-outside-stream', { detail: `\`${path}\` is not of the stream.` });
  }
  const policy = deployment.policies.get(policyOf(work, asset));
  if (policy === undefined) throw new Problem('policy-unknown');
  // A stream's own policy may be longer than its longest lifetime; its tokens are cut to that.
  if (asset.policy !== undefined && asset.policy !== settings.streams[asset.stream]?.policy)
    meets({ policy, floor, flags: deployment.flags });
  checkFit(policy);
}

/** URLs of the API have no query parameters of a player, so there is nothing that a token could be bound to. */
function checkFit({ qs }: EdgeStream): void {
  if (qs !== undefined)
    throw new Problem('policy-unfit', { detail: 'It binds query parameters. Use the issuing library for that.' });
}

interface Pair {
  policy: EdgeStream;
  floor: EdgeStream;
  flags: Workplace['deployment']['flags'];
}

function meets({ policy, floor, flags }: Pair): void {
  const demands: Demand[] = unmet(policy, floor, flags);
  if (policy.max > floor.max) demands.unshift('lifetime');
  if (floor.ssn && !policy.ssn) demands.unshift('session');
  if (demands.length > 0) throw new Problem('policy-too-weak', { demands });
}
