import type { Deployment, ProtectedStream } from './deployment.ts';
import { type Finding, passed, refused } from './steps.ts';
import { quote } from './words.ts';

/** The prefix that a path belongs to. */
export interface Match {
  prefix: string;
  /** The prefix is one of `exclude`. */
  isExcluded: boolean;
  /** The stream; several only where they share an `exclude` prefix. Never empty. */
  streams: [ProtectedStream, ...ProtectedStream[]];
}

interface Candidate {
  owner: ProtectedStream;
  prefix: string;
  isExcluded: boolean;
}

function candidates(deployment: Deployment, path: string): Candidate[] {
  return deployment.streams
    .flatMap((owner) => [
      ...owner.stream.paths.map((prefix) => ({ owner, prefix, isExcluded: false })),
      ...(owner.stream.exclude ?? []).map((prefix) => ({ owner, prefix, isExcluded: true })),
    ])
    .filter(({ prefix }) => path.startsWith(prefix));
}

function longest(list: Candidate[]): number {
  return Math.max(0, ...list.map(({ prefix }) => prefix.length));
}

/**
 * Step 3: the longest prefix among every stream's `paths` and `exclude` on this host. A path that a stream has under
 * another host only is refused, whatever `unmatched` says and whatever stream for all hosts lies around it: or it would
 * go through under another name, unchecked or by a weaker policy.
 */
export function findStream(deployment: Deployment, at: { path: string; host: string }): [Finding, Match | undefined] {
  const all = candidates(deployment, at.path);
  if (all.length === 0) {
    const what = `${quote(at.path)} belongs to no stream`;
    if (deployment.options.unmatched === 'pass') return [passed(`${what}; such paths are passed.`), undefined];
    return [refused('path_not_allowed', `${what}.`), undefined];
  }
  const here = all.filter(({ owner }) => owner.hosts === undefined || owner.hosts.has(at.host));
  const elsewhere = all.filter((one) => !here.includes(one));
  const best = here.filter(({ prefix }) => prefix.length === longest(here));
  // Of two streams with the same prefix the one that names this host is meant.
  const named = best.filter(({ owner }) => owner.hosts !== undefined);
  const [first, ...others] = named.length > 0 ? named : best;
  if (first === undefined || (named.length === 0 && longest(elsewhere) > first.prefix.length)) {
    const detail = `${quote(at.path)} belongs to a stream of other hosts than ${quote(at.host)}.`;
    return [refused('path_not_allowed', detail), undefined];
  }
  const match: Match = {
    prefix: first.prefix,
    isExcluded: first.isExcluded,
    streams: [first.owner, ...others.map(({ owner }) => owner)],
  };
  const whose = match.streams.map(({ name }) => name).join(', ');
  return [passed(`${match.isExcluded ? 'Exception' : 'Prefix'} ${quote(first.prefix)} of ${whose}.`), match];
}
