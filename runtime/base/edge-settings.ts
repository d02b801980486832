import type { Environment, Policy, Stream } from '../../generator/modules/contract.ts';
import { isCanonicalPath } from '../token/canonical-path.ts';

/** A stream with its policy resolved. What a claim answers has the claim's name. Durations are seconds. */
export interface EdgeStream {
  name: string;
  mode: Stream['mode'];
  /** Carriage. */
  in: 'path' | 'query' | 'cookie' | 'header';
  /** Name of the query parameter, cookie or header (lower case) that carries the token. */
  field?: string;
  paths: string[];
  /** `exclude`. */
  exc?: string[];
  /** A session is demanded. */
  ssn: boolean;
  /** Longest lifetime. */
  max: number;
  co?: string[];
  reg?: string[];
  cty?: string[];
  /** Those of `co`, `reg`, `cty` that may fall back. */
  fallback?: string[];
  /** Least prefix length of the bound network, by family. */
  ip?: { 4?: number; 6?: number };
  headers?: string[];
  qs?: string[];
  /** Id of the origin, where the distribution has several: the name it has in the configuration. */
  origin?: string;
}

/** A path prefix and the streams (indexes) it leads to; several only where they share an `exclude` prefix. */
export interface EdgeRoute {
  prefix: string;
  streams: number[];
  /** The prefix is one of `exclude`. */
  exc?: true;
  /** Lower case; absent when it is valid on every host. */
  hosts?: string[];
}

/**
 * A stream as the function has it. Lists that are held against claims are joined by `","`, as claims are when they are
 * read (`runtime/token/claim-text.ts`): most tokens have their policy's own lists, and then one comparison of two texts
 * will do. What is usual is left out.
 */
export interface StreamText extends Pick<EdgeStream, 'name' | 'field' | 'paths' | 'max' | 'origin'> {
  /** Default: `enforce`. */
  mode?: 'report' | 'off';
  /** Default: `path`. */
  in?: 'query' | 'cookie' | 'header';
  exc?: string;
  ssn?: 1;
  co?: string;
  reg?: string;
  cty?: string;
  fallback?: string;
  ip4?: number;
  ip6?: number;
  headers?: string;
  qs?: string;
}

/** What one configuration puts into the function, as one JSON literal. */
export interface EdgeSettings {
  streams: StreamText[];
  /** In order of lookup: longest prefix first, of equal ones those bound to a host first. */
  routes: EdgeRoute[];
  /** Names that carry tokens in any stream: taken out of every forwarded request. What no stream uses is absent. */
  query?: string[];
  cookie?: string[];
  header?: string[];
  /** `headers`: what a preflight allows. Absent without CORS. */
  cors?: { origins: string[]; credentials?: true; headers: string };
}

/** Streams and what follows from all of them together. */
export interface EdgeDeployment {
  streams: EdgeStream[];
  routes: EdgeRoute[];
  /** Names that carry tokens in any stream. */
  carried: Readonly<Record<'query' | 'cookie' | 'header', string[]>>;
}

/** Settings of the `base` module that concern the edge check. */
export interface EdgeOptions {
  /** What happens to a path that belongs to no stream. */
  unmatched: 'refuse' | 'pass';
  log: 'none' | 'refused' | 'all';
  /** Whether refusals carry `x-edgepass-reason`. */
  exposeReason: boolean;
}

/** Compile-time constants, `FLAG_<name>` in the code: the checks of which this configuration has need. */
export interface EdgeFlags {
  /** A stream is bound to hosts. */
  HOSTS: boolean;
  /** The distribution has several origins: a passed request goes to that of its stream. */
  MULTI_ORIGIN: boolean;
  PATH: boolean;
  QUERY: boolean;
  COOKIE: boolean;
  HEADER: boolean;
  EXCLUDE: boolean;
  COUNTRY: boolean;
  REGION: boolean;
  CITY: boolean;
  BIND_IP: boolean;
  BIND_HEADERS: boolean;
  BIND_QUERY: boolean;
  UNMATCHED_PASS: boolean;
  CORS: boolean;
  /** `*` is among the origins. */
  CORS_ANY: boolean;
  EXPOSE_REASON: boolean;
  LOG: boolean;
  LOG_ALL: boolean;
}

function edgeStream(name: string, stream: Stream, environment: Environment): EdgeStream {
  const policy = environment.policies[stream.policy];
  if (policy === undefined)
    throw new Error(`stream "${name}" names the policy "${stream.policy}", which does not exist`);
  const { carriage } = stream;
  const origins = Object.keys(environment.origins);
  return {
    name,
    mode: stream.mode,
    in: carriage.in,
    ...(carriage.in !== 'path' && { field: carriage.in === 'header' ? carriage.name.toLowerCase() : carriage.name }),
    paths: stream.paths,
    ...(stream.exclude?.length && { exc: stream.exclude }),
    ssn: policy.session,
    max: stream.maxLifetime ?? policy.lifetime,
    ...geography(policy),
    ...binding(policy),
    ...(origins.length > 1 && { origin: stream.origin ?? (origins[0] as string) }),
  };
}

const CLAIM = { countries: 'co', regions: 'reg', cities: 'cty' } as const;

function geography({ countries, regions, cities, fallback }: Policy): Partial<EdgeStream> {
  return {
    ...(countries?.length && { co: countries }),
    ...(regions?.length && { reg: regions }),
    ...(cities?.length && { cty: cities }),
    ...(fallback?.length && { fallback: fallback.map((check) => CLAIM[check]) }),
  };
}

function binding({ bind }: Policy): Partial<EdgeStream> {
  return {
    ...(bind?.ip && {
      ip: { ...(bind.ip.v4 !== undefined && { 4: bind.ip.v4 }), ...(bind.ip.v6 !== undefined && { 6: bind.ip.v6 }) },
    }),
    ...(bind?.headers?.length && { headers: bind.headers.map((name) => name.toLowerCase()) }),
    ...(bind?.query?.length && { qs: bind.query }),
  };
}

/** What two streams must have in common to share an `exclude` prefix: it is read before the token says which it is. */
function gate(stream: EdgeStream, hosts: string[] | undefined): string {
  return JSON.stringify([stream.mode, stream.in, stream.field, stream.qs !== undefined, stream.origin, hosts]);
}

function edgeRoutes(streams: EdgeStream[], hostsOf: (string[] | undefined)[]): EdgeRoute[] {
  const routes: EdgeRoute[] = [];
  const add = (prefix: string, index: number, exclude: boolean): void => {
    const stream = streams[index] as EdgeStream;
    const hosts = hostsOf[index];
    if (!isCanonicalPath(prefix) || !prefix.endsWith('/')) {
      throw new Error(`stream "${stream.name}": "${prefix}" is not a canonical path prefix that ends with "/"`);
    }
    const same = routes.find((route) => route.prefix === prefix && overlap(route.hosts, hosts));
    if (same === undefined) {
      routes.push({ prefix, streams: [index], ...(exclude && { exc: true as const }), ...(hosts && { hosts }) });
      return;
    }
    const first = same.streams[0] as number;
    const other = streams[first] as EdgeStream;
    if (!exclude || same.exc !== true || gate(stream, hosts) !== gate(other, hostsOf[first])) {
      throw new Error(`streams "${other.name}" and "${stream.name}" both claim "${prefix}"`);
    }
    if (!same.streams.includes(index)) same.streams.push(index);
  };
  for (const [index, stream] of streams.entries()) {
    for (const prefix of stream.paths) add(prefix, index, false);
    for (const prefix of stream.exc ?? []) add(prefix, index, true);
  }
  const bound = (route: EdgeRoute): number => (route.hosts === undefined ? 1 : 0);
  return routes.sort((a, b) => b.prefix.length - a.prefix.length || bound(a) - bound(b));
}

/** A stream for every host gives way to one that is bound to a host; two of the same kind must not meet. */
function overlap(a: string[] | undefined, b: string[] | undefined): boolean {
  if (a === undefined || b === undefined) return a === b;
  return a.some((host) => b.includes(host));
}

/** Bytes of the function are scarce: only what is used is stated. */
function streamText(stream: EdgeStream): StreamText {
  const { name, mode, in: carriage, field, paths, exc, ssn, max, ip, origin } = stream;
  const text: StreamText = { name, paths, max };
  if (mode !== 'enforce') text.mode = mode;
  if (carriage !== 'path') text.in = carriage;
  if (field !== undefined) text.field = field;
  if (exc !== undefined) text.exc = exc.join('","');
  if (ssn) text.ssn = 1;
  for (const list of ['co', 'reg', 'cty', 'fallback', 'headers', 'qs'] as const) {
    const items = stream[list];
    if (items !== undefined) text[list] = items.join('","');
  }
  if (ip?.[4] !== undefined) text.ip4 = ip[4];
  if (ip?.[6] !== undefined) text.ip6 = ip[6];
  if (origin !== undefined) text.origin = origin;
  return text;
}

function used(names: Readonly<Record<string, string[]>>): Record<string, string[]> {
  return Object.fromEntries(Object.entries(names).filter(([, list]) => list.length > 0));
}

function unique(names: (string | undefined)[]): string[] {
  return [...new Set(names)].filter((name) => name !== undefined);
}

/**
 * What one environment needs of the edge check: flags (which code is kept), settings (the literal), and the streams that
 * both come from, which an issuer goes by. Throws where
 * streams contradict each other; the configuration's rules say so to people before it comes to that.
 */
export function edgeSettings(
  environment: Environment,
  options: EdgeOptions,
): { flags: EdgeFlags; settings: EdgeSettings } & EdgeDeployment {
  const entries = Object.entries(environment.streams);
  const streams = entries.map(([name, stream]) => edgeStream(name, stream, environment));
  const hosts = entries.map(([, stream]) =>
    stream.hosts?.length ? stream.hosts.map((host) => host.toLowerCase()) : undefined,
  );
  const carriedIn = (carriage: EdgeStream['in']): string[] =>
    unique(streams.map((stream) => (stream.in === carriage ? stream.field : undefined)));
  const has = (is: (stream: EdgeStream) => unknown): boolean => streams.some((stream) => Boolean(is(stream)));
  const carried = { query: carriedIn('query'), cookie: carriedIn('cookie'), header: carriedIn('header') };
  const { origins, credentials } = environment.cors;
  const anyOrigin = origins.includes('*');
  const region = has((stream) => stream.reg);
  const city = has((stream) => stream.cty);
  const bound = streams.flatMap((stream) => stream.headers ?? []);
  const routes = edgeRoutes(streams, hosts);
  return {
    flags: {
      HOSTS: hosts.some((list) => list !== undefined),
      MULTI_ORIGIN: Object.keys(environment.origins).length > 1,
      PATH: has((stream) => stream.in === 'path'),
      QUERY: carried.query.length > 0,
      COOKIE: carried.cookie.length > 0,
      HEADER: carried.header.length > 0,
      EXCLUDE: has((stream) => stream.exc),
      // A region is checked together with its country, and cities need the country claim.
      COUNTRY: region || city || has((stream) => stream.co),
      REGION: region,
      CITY: city,
      BIND_IP: has((stream) => stream.ip),
      BIND_HEADERS: bound.length > 0,
      BIND_QUERY: has((stream) => stream.qs),
      UNMATCHED_PASS: options.unmatched === 'pass',
      CORS: origins.length > 0,
      CORS_ANY: anyOrigin,
      EXPOSE_REASON: options.exposeReason,
      LOG: options.log !== 'none',
      LOG_ALL: options.log === 'all',
    },
    streams,
    routes,
    carried,
    settings: {
      streams: streams.map(streamText),
      routes,
      ...used(carried),
      ...(origins.length > 0 && {
        cors: {
          origins: anyOrigin ? [] : origins,
          ...(credentials && !anyOrigin && { credentials: true as const }),
          headers: unique(['range', ...carried.header, ...bound]).join(', '),
        },
      }),
    },
  };
}
