import type { Claims } from '../token/claims.ts';
import type { ProtectedStream } from './deployment.ts';
import type { Match } from './find-stream.ts';
import { type Finding, passed, refused } from './steps.ts';
import { count, quote } from './words.ts';

/** What the token says of a path. */
export interface Allowed {
  /** The stream that the token is used for. */
  owner: ProtectedStream;
  /** Token and configuration agree that viewer binding and geography are skipped here. */
  isException: boolean;
}

/** The longest of these prefixes that a path has; `undefined` when it has none. */
function longestOf(prefixes: string[], path: string): string | undefined {
  const matching = prefixes.filter((prefix) => path.startsWith(prefix));
  return matching.sort((a, b) => b.length - a.length)[0];
}

/** Whether one of these prefixes lies inside a stream. */
function liesInside(prefixes: string[], owner: ProtectedStream): boolean {
  return prefixes.some((prefix) => owner.stream.paths.some((outer) => prefix.startsWith(outer)));
}

/**
 * Step 9, `paths` and `exc`: the longest match decides. The prefix that matches must lie inside the stream, because `/` in
 * a token is no key to every stream; where the path is an exception of several streams, the token's `paths` tell which
 * is meant.
 */
export function checkPaths(claims: Claims, at: { path: string; match: Match }): [Finding, Allowed | undefined] {
  const { path, match } = at;
  const allowed = longestOf(claims.paths, path);
  const excepted = longestOf(claims.exc ?? [], path);
  if (allowed === undefined && excepted === undefined) {
    const total = claims.paths.length + (claims.exc?.length ?? 0);
    const detail = `${quote(path)} is in none of the ${count(total, 'prefix', 'prefixes')} of the token.`;
    return [refused('path_not_allowed', detail), undefined];
  }
  const isException = match.isExcluded && (excepted?.length ?? 0) > (allowed?.length ?? 0);
  const deciding = isException ? claims.paths : allowed === undefined ? [] : [allowed];
  const owner = match.streams.find((one) => liesInside(deciding, one));
  if (owner === undefined) {
    const names = match.streams.map((one) => one.name).join(', ');
    return [refused('path_not_allowed', `What the token allows of ${quote(path)} is not inside ${names}.`), undefined];
  }
  const what = isException ? `exception ${quote(excepted as string)}` : `prefix ${quote(allowed as string)}`;
  return [passed(`${quote(path)} is in the token's ${what}, stream ${owner.name}.`), { owner, isException }];
}
