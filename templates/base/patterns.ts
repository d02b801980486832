/**
 * Which path patterns lead to which target. CloudFront compares a pattern with the path as the viewer sent it, before
 * the function takes the token out (Developer Guide, "Path pattern": `*` is any number of characters, slashes included,
 * `?` is exactly one, the first match decides; at most 255 characters).
 */
import type { Environment, Stream } from '../../generator/modules/contract.ts';
import type { Distribution } from './distributions.ts';
import { defaultOrigin } from './origins.ts';

/** Where a behaviour sends requests and how its answers may be kept. */
export interface Target {
  origin: string;
  /** Answers are for one viewer only: the token is in a cookie or header, so the URL alone says nothing. */
  isPrivate: boolean;
}

export interface Pattern extends Target {
  pattern: string;
}

/** Characters that a path pattern may have; `&` may, but is written as an entity, so it is left out. */
const NOT_IN_PATTERN = /[^A-Za-z0-9_.$/~"'@:+-]/g;

interface Prefix extends Target {
  prefix: string;
  inPath: boolean;
}

/** Target of requests that no pattern matches: that of the stream on `/`, else of the first origin. */
export function defaultTarget(environment: Environment, distribution?: Distribution): Target {
  const root = streamsOn(environment, distribution).find((stream) => stream.paths.includes('/'));
  return root ? target(environment, root) : { origin: defaultOrigin(environment), isPrivate: false };
}

/** All patterns in the order in which CloudFront must try them. */
export function patternsOf(environment: Environment, distribution?: Distribution): Pattern[] {
  const prefixes = streamsOn(environment, distribution)
    .flatMap((stream) =>
      [...stream.paths, ...(stream.exclude ?? [])].map((prefix): Prefix => {
        return { prefix, inPath: stream.carriage.in === 'path', ...target(environment, stream) };
      }),
    )
    .filter(({ prefix }) => prefix !== '/')
    .sort(longestFirst);
  // Without a token in front first: such a path never matches one with a token, but the reverse happens
  // (`/vod/live/1.ts` matches `/*/live/*`). They are there for the modes `report` and `off`, also set at run time.
  const plain = prefixes.map(({ prefix, origin, isPrivate }) => ({
    pattern: `${pattern(prefix)}*`,
    origin,
    isPrivate,
  }));
  // `*` crosses slashes, so these also match paths of a stream on `/`: what must not be shared there is not shared here.
  const fallback = defaultTarget(environment, distribution);
  const tokenised = prefixes
    .filter(({ inPath }) => inPath)
    .map(({ prefix, origin, isPrivate }) => {
      return { pattern: `/*${pattern(prefix)}*`, origin, isPrivate: isPrivate || fallback.isPrivate };
    });
  return merge([...plain, ...tokenised]);
}

/**
 * The patterns a distribution gets: all of them, as long as its plan allows that many; else only those that are needed.
 * Where every target is the default one, none is: the default behaviour does the same.
 */
export function patternsWithin(patterns: Pattern[], { origin, isPrivate }: Target, limit: number): Pattern[] {
  if (patterns.length < limit) return patterns;
  const isDefault = (p: Pattern): boolean => p.origin === origin && p.isPrivate === isPrivate;
  return patterns.every(isDefault) ? [] : patterns;
}

function streamsOn({ streams }: Environment, distribution?: Distribution): Stream[] {
  const hosts = distribution?.hosts ?? [];
  return Object.values(streams).filter(
    (stream) => hosts.length === 0 || stream.hosts === undefined || stream.hosts.some((host) => hosts.includes(host)),
  );
}

function target(environment: Environment, stream: Stream): Target {
  const place = stream.carriage.in;
  return { origin: stream.origin ?? defaultOrigin(environment), isPrivate: place === 'cookie' || place === 'header' };
}

/** A character that patterns cannot have becomes `?`: the function compares the exact path anyway. */
function pattern(prefix: string): string {
  return prefix.replace(NOT_IN_PATTERN, '?');
}

/** Of equally long prefixes those without `?` first, since `?` matches the character of the other too. */
function longestFirst(a: Prefix, b: Prefix): number {
  const vague = (text: string): number => text.match(NOT_IN_PATTERN)?.length ?? 0;
  return b.prefix.length - a.prefix.length || vague(a.prefix) - vague(b.prefix);
}

/** Streams on different hosts may share a prefix: one behaviour serves them, the function selects the origin. */
function merge(patterns: Pattern[]): Pattern[] {
  const merged = new Map<string, Pattern>();
  for (const item of patterns) {
    const first = merged.get(item.pattern);
    if (!first) merged.set(item.pattern, { ...item });
    else first.isPrivate ||= item.isPrivate;
  }
  return [...merged.values()];
}
