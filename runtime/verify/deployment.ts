import type { Environment, Policy, Stream } from '../../generator/modules/contract.ts';
import type { EdgeOptions } from '../base/edge-settings.ts';

/** A stream together with its policy. */
export interface ProtectedStream {
  name: string;
  stream: Stream;
  policy: Policy;
  /** Longest lifetime of a token, in seconds. */
  maxLifetime: number;
  /** Lower case; `undefined` when it is there on every host. */
  hosts: Set<string> | undefined;
  /** Lower case. */
  boundHeaders: string[];
  boundQuery: string[];
  /** Name of its origin. */
  origin: string;
}

/** Kinds of checks that a token may ask for beyond its policy. */
export type CheckKind = 'countries' | 'regions' | 'cities' | 'ip' | 'headers' | 'query';

export interface Deployment {
  streams: ProtectedStream[];
  /** Names that carry tokens in any stream; headers in lower case. */
  carried: { query: Set<string>; cookie: Set<string>; header: Set<string> };
  /** Checks that the edge function has code for: those that a policy of a stream has need of. */
  built: Set<CheckKind>;
  severalOrigins: boolean;
  cors: { any: boolean; origins: Set<string>; credentials: boolean; allowHeaders: string[] };
  options: EdgeOptions;
}

function protect(environment: Environment, name: string): ProtectedStream {
  const stream = environment.streams[name] as Stream;
  const policy = environment.policies[stream.policy];
  if (policy === undefined) throw new Error(`stream "${name}": there is no policy "${stream.policy}"`);
  const hosts = (stream.hosts ?? []).map((host) => host.toLowerCase());
  return {
    name,
    stream,
    policy,
    maxLifetime: stream.maxLifetime ?? policy.lifetime,
    hosts: hosts.length > 0 ? new Set(hosts) : undefined,
    boundHeaders: (policy.bind?.headers ?? []).map((header) => header.toLowerCase()),
    boundQuery: policy.bind?.query ?? [],
    origin: stream.origin ?? (Object.keys(environment.origins)[0] as string),
  };
}

function namesOf(streams: ProtectedStream[], place: 'query' | 'cookie' | 'header'): Set<string> {
  const names = new Set<string>();
  for (const { stream } of streams) {
    const { carriage } = stream;
    if (carriage.in === place) names.add(place === 'header' ? carriage.name.toLowerCase() : carriage.name);
  }
  return names;
}

/** A region is checked together with its country and a city beside it, so either brings the check of countries along. */
function builtChecks(streams: ProtectedStream[]): Set<CheckKind> {
  const built = new Set<CheckKind>();
  for (const { policy, boundHeaders, boundQuery } of streams) {
    if (policy.countries?.length) built.add('countries');
    if (policy.regions?.length) built.add('regions').add('countries');
    if (policy.cities?.length) built.add('cities').add('countries');
    if (policy.bind?.ip !== undefined) built.add('ip');
    if (boundHeaders.length > 0) built.add('headers');
    if (boundQuery.length > 0) built.add('query');
  }
  return built;
}

/**
 * What the checks need of an environment. Throws when a stream names a policy that does not exist; that streams do not
 * contradict each other is for the rules of the configuration to say.
 */
export function readDeployment(environment: Environment, options: EdgeOptions): Deployment {
  const streams = Object.keys(environment.streams).map((name) => protect(environment, name));
  const { origins, credentials } = environment.cors;
  const header = namesOf(streams, 'header');
  const allowHeaders = new Set(['range', ...header, ...streams.flatMap((stream) => stream.boundHeaders)]);
  return {
    streams,
    carried: { query: namesOf(streams, 'query'), cookie: namesOf(streams, 'cookie'), header },
    built: builtChecks(streams),
    severalOrigins: Object.keys(environment.origins).length > 1,
    cors: { any: origins.includes('*'), origins: new Set(origins), credentials, allowHeaders: [...allowHeaders] },
    options,
  };
}
