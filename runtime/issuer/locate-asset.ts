/** From a URL to the stream whose token it needs, and to the prefixes that token opens. */
import type { EdgeStream } from '../base/edge-settings.ts';
import { isCanonicalPath, MAX_PATH } from '../token/canonical-path.ts';
import { isCanonicalQuery } from '../token/canonical-query.ts';
import { holdsAll, longestPrefix, reachesInto } from '../token/lists.ts';
import { hasToken, malformedTokenLength } from '../token/token-text.ts';
import { type Deployment, routeOf } from './deployment.ts';
import { refuse } from './issue-error.ts';
import type { IssueRequest } from './issue-types.ts';
import { queryValue, type UrlParts } from './split-url.ts';

export interface Asset {
  stream: EdgeStream;
  paths: string[];
  /** Empty: none. */
  exclude: string[];
}

function checkPrefixes(prefixes: readonly string[], what: string): string[] {
  const isPrefix = (prefix: unknown): boolean =>
    typeof prefix === 'string' && prefix.endsWith('/') && prefix.length <= MAX_PATH && isCanonicalPath(prefix);
  if (!Array.isArray(prefixes) || !prefixes.every(isPrefix))
    refuse('prefix_invalid', `\`${what}\` must list canonical path prefixes that start and end with "/".`);
  return [...prefixes];
}

/** The one stream in which all prefixes lie, or the policy itself where no streams are known. */
function streamOf(deployment: Deployment, policy: EdgeStream, place: { host: string; paths: string[] }): EdgeStream {
  if (deployment.open) return policy;
  let only: EdgeStream | undefined;
  for (const path of place.paths) {
    const route = routeOf(deployment, path, place.host);
    const candidates = (route?.streams ?? []).map((index) => deployment.streams[index] as EdgeStream);
    // Below an `exclude` prefix that streams share it is their `paths` that tell them apart, as at the edge.
    const stream = candidates.find((candidate) => longestPrefix(path, candidate.paths) > 0);
    if (stream === undefined) return refuse('path_outside_stream', 'The path belongs to no stream of this host.');
    if (only !== undefined && only !== stream)
      refuse('path_outside_stream', '`paths` reach into several streams: issue one token for each.');
    only = stream;
  }
  return only as EdgeStream;
}

/** Whether a path of a stream has what the edge would take for a token. */
export function looksLikeToken(path: string, stream: EdgeStream): boolean {
  return hasToken(path) || (stream.in !== 'path' && malformedTokenLength(path) > 0);
}

/** The edge refuses a second token, wherever it stands, and query names that have more than one spelling. */
function checkForm({ path, query }: UrlParts, stream: EdgeStream, deployment: Deployment): void {
  if (looksLikeToken(path, stream))
    refuse('url_holds_token', 'The path holds a token, or what the edge would take for one.');
  if (query === undefined) return;
  if (deployment.queryNames.some((name) => queryValue(query, name) !== undefined))
    refuse('url_holds_token', 'The query has a parameter in which a stream carries its token.');
}

/** Chooses stream and prefixes. Throws what the edge would refuse of the URL, `path_…`, `prefix_invalid`, `exclude_…`. */
export function locateAsset(
  deployment: Deployment,
  request: Pick<IssueRequest, 'paths' | 'exclude'>,
  { url, policy }: { url: UrlParts; policy: EdgeStream },
): Asset {
  const { path, host, query } = url;
  if (path.length > MAX_PATH) refuse('url_too_long', `The path is longer than ${MAX_PATH} characters.`);
  if (!isCanonicalPath(path))
    refuse('path_not_canonical', 'The path is not in the one spelling the edge lets through: see the path rules.');
  const folder = path.slice(0, path.lastIndexOf('/') + 1);
  const paths = request.paths === undefined ? [folder] : checkPrefixes(request.paths, 'paths');
  if (longestPrefix(path, paths) === 0) refuse('path_not_covered', '`paths` do not cover the URL.');
  const stream = streamOf(deployment, policy, { host, paths });
  if (request.paths !== undefined) checkRoute(deployment, stream, url);
  checkForm(url, stream, deployment);
  if (query !== undefined && (stream.in === 'query' || stream.qs || policy.qs) && !isCanonicalQuery(query))
    refuse('query_not_canonical', 'A parameter name of the query has more than one spelling: see the query rules.');
  const exclude = request.exclude === undefined ? (stream.exc ?? []) : checkPrefixes(request.exclude, 'exclude');
  if (request.exclude !== undefined && !deployment.open && !holdsAll(stream.exc ?? [], exclude))
    refuse('exclude_not_allowed', '`exclude` may list prefixes that the stream excludes, and no others.');
  if (reachesInto(paths, exclude))
    refuse('exclude_covers_path', 'An excluded prefix covers a path of the token: it would lift the binding from it.');
  return { stream, paths, exclude };
}

/** The URL itself may lie in another stream than the folders around it, where streams are nested. */
function checkRoute(deployment: Deployment, stream: EdgeStream, { path, host }: UrlParts): void {
  if (deployment.open) return;
  const route = routeOf(deployment, path, host);
  if (!route?.streams.some((index) => deployment.streams[index] === stream))
    refuse('path_outside_stream', 'The URL lies in another stream than `paths`.');
}
