/** Issues a token for an asset, and gives its playback URLs. */
import type { StoredAsset } from '../aws/asset-store.ts';
import type { Viewer } from '../issuer/issue-types.ts';
import { Problem } from './problems.ts';
import { own, type Workplace } from './workplace.ts';

export interface Wanted {
  asset: StoredAsset;
  policy: string;
  viewer: Viewer;
  subject?: string | undefined;
  /** Of a session that there is already. */
  session?: string;
  /** When the session began, seconds since 1970. */
  started: number;
  ttl?: number | undefined;
  format?: string | undefined;
  domains?: readonly string[] | 'all' | undefined;
}

/** The answer `Playback`. */
export interface Playback {
  asset: string;
  policy: string;
  session?: string;
  expires: number;
  token: string;
  urls: Urls;
  domains?: Record<string, Urls>;
  cookie?: { name: string; value: string };
  header?: { name: string; value: string };
}

type Urls = { hls?: string; dash?: string };

/** Throws the issuer's errors, `lifetime-too-long`, `format-missing`. */
export async function issuePlayback(work: Workplace, wanted: Wanted): Promise<Playback> {
  const { asset, policy, viewer, subject, session, started, format, domains } = wanted;
  const files = Object.entries(asset.playlists).filter(([name]) => format === undefined || name === format);
  const [, first] = files[0] ?? [];
  if (first === undefined) throw new Problem('format-missing');
  const ttl = lifetimeOf(work, wanted);
  const issued = await work.issuer.issue({
    policy,
    url: `https://${work.hostOf(asset.stream)}${asset.path}${first}`,
    paths: [asset.path],
    viewer,
    ttl,
    context: contextOf({ started, asset: asset.id, policy }),
    ...(subject === undefined ? {} : { subject }),
    ...(session === undefined ? {} : { session }),
    ...(domains === undefined ? {} : { domains }),
  });
  const urlsOf = (url: string): Urls =>
    Object.fromEntries(
      files.map(([name, file]) => [name, withFile(url, { folder: asset.path, from: first, to: file })]),
    );
  const { cookie, header, urls } = issued;
  return {
    asset: asset.id,
    policy,
    ...(issued.session === undefined ? {} : { session: issued.session }),
    expires: issued.expires,
    token: issued.token,
    urls: urlsOf(issued.url),
    ...(urls && { domains: Object.fromEntries(Object.entries(urls).map(([name, url]) => [name, urlsOf(url)])) }),
    ...(cookie && { cookie }),
    ...(header && { header }),
  };
}

/** One token opens the folder: the URL of another playlist differs in its last part only. */
function withFile(url: string, { folder, from, to }: { folder: string; from: string; to: string }): string {
  const at = url.lastIndexOf(`${folder}${from}`) + folder.length;
  return `${url.slice(0, at)}${to}${url.slice(at + from.length)}`;
}

/** What is asked for, at most what policy and stream allow, and in any case no longer than the session may last. */
function lifetimeOf({ settings, now }: Workplace, { asset, policy, ttl, started }: Wanted): number {
  const { policies, streams } = settings;
  const lifetimeBy = (name = ''): number => own(policies, name)?.lifetime ?? 0;
  const stream = own(streams, asset.stream);
  // As edge and issuer have it: without a bound of its own a stream has that of its own policy, not of the token's.
  const most = Math.min(lifetimeBy(policy), stream?.maxLifetime ?? lifetimeBy(stream?.policy));
  if (ttl !== undefined && ttl > most) throw new Problem('lifetime-too-long', { detail: `At most ${most} s.` });
  return Math.min(ttl ?? most, started + settings.maxSessionAge - now());
}

/** What the API leaves itself in a token, to refresh it without keeping sessions. */
export interface Context {
  started: number;
  asset: string;
  policy: string;
}

export function contextOf({ started, asset, policy }: Context): string {
  return `${started}:${asset}:${policy}`;
}

const CONTEXT = /^([1-9]\d{0,9}):([a-z][a-z0-9-]{0,63}):([a-z][a-z0-9-]{0,30})$/;

/** Undefined for a token that came from somewhere else. */
export function readContext(text: string | undefined): Context | undefined {
  const [, started, asset, policy] = CONTEXT.exec(text ?? '') ?? [];
  if (started === undefined || asset === undefined || policy === undefined) return undefined;
  return { started: Number(started), asset, policy };
}
