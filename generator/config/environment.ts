/** The typed view of resolved settings that rules and module contracts read. */
import { type Environment, type Json, type Policy, type Stream, seconds } from '../modules/contract.ts';
import type { ResolvedEnvironment } from './resolve.ts';

/** Durations become seconds, and an empty list becomes absent: "no restriction" has one form only. */
export function typedEnvironment(resolved: ResolvedEnvironment): Environment {
  const s = resolved.settings as Record<string, never> & RawSettings;
  return {
    project: s.project,
    name: resolved.name,
    account: s.account,
    region: s.region,
    protected: s.protected,
    tags: s.tags,
    origins: s.origins,
    domains: s.domains,
    cors: s.cors,
    policies: mapValues(s.policies, (raw) => policy(raw)),
    streams: mapValues(s.streams, (raw) => stream(raw)),
    assets: s.assets,
    modules: Object.keys(s.modules),
  };
}

/** Settings of one module, as its schema describes them. */
export function moduleSettings(resolved: ResolvedEnvironment, id: string): Record<string, Json> {
  return (resolved.settings.modules as Record<string, Record<string, Json>>)[id] ?? {};
}

interface RawSettings {
  project: string;
  account: string;
  region: string;
  protected: boolean;
  tags: Environment['tags'];
  origins: Environment['origins'];
  domains: Environment['domains'];
  cors: Environment['cors'];
  policies: Record<string, Omit<Policy, 'lifetime'> & { lifetime: string }>;
  streams: Record<
    string,
    Omit<Stream, 'maxLifetime' | 'carriage'> & {
      maxLifetime?: string;
      carriage: { in: Stream['carriage']['in']; name: string };
    }
  >;
  assets: Environment['assets'];
  modules: Record<string, unknown>;
}

function policy(raw: RawSettings['policies'][string]): Policy {
  const { bind = {}, ...rest } = raw;
  const ip = bind.ip !== undefined && Object.keys(bind.ip).length > 0 ? { ip: bind.ip } : {};
  const bound = { ...withoutEmpty({ headers: bind.headers, query: bind.query }), ...ip };
  const typed: Policy = { ...withoutEmpty(rest), lifetime: seconds(raw.lifetime), session: raw.session };
  return Object.keys(bound).length > 0 ? { ...typed, bind: bound } : typed;
}

function stream(raw: RawSettings['streams'][string]): Stream {
  const { maxLifetime, carriage, ...rest } = raw;
  return {
    ...withoutEmpty(rest),
    paths: raw.paths,
    policy: raw.policy,
    mode: raw.mode,
    carriage: carriage.in === 'path' ? { in: 'path' } : { in: carriage.in, name: carriage.name },
    ...(maxLifetime === undefined ? {} : { maxLifetime: seconds(maxLifetime) }),
  };
}

function withoutEmpty<T extends object>(value: T): { [K in keyof T]: Exclude<T[K], undefined> } {
  const kept = Object.entries(value).filter(([, v]) => v !== undefined && !(Array.isArray(v) && v.length === 0));
  return Object.fromEntries(kept) as { [K in keyof T]: Exclude<T[K], undefined> };
}

function mapValues<A, B>(map: Record<string, A>, convert: (value: A) => B): Record<string, B> {
  return Object.fromEntries(Object.entries(map).map(([key, value]) => [key, convert(value)]));
}
