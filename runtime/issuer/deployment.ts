/**
 * What a deployment does with tokens, seen from the issuer: the same settings that are built into the edge function, made by
 * the same code, so that both mean the same by a stream.
 */
import type { Carriage, Environment, Policy, Stream } from '../../generator/modules/contract.ts';
import { type EdgeFlags, type EdgeRoute, type EdgeStream, edgeSettings } from '../base/edge-settings.ts';
import { readClaims } from '../token/claim-text.ts';
import { checkSettings } from './check-settings.ts';
import { IssueError, refuse } from './issue-error.ts';

/** So that a configuration written `as const` fits. */
type DeepReadonly<T> = { readonly [member in keyof T]: DeepReadonly<T[member]> };

/** A policy as in config.yaml, `lifetime` in seconds. What is left out has the schema's default: a session, no limits. */
export type IssuerPolicy = DeepReadonly<Omit<Policy, 'session'> & Partial<Pick<Policy, 'session'>>>;

/** A stream as in config.yaml, `maxLifetime` in seconds. What is left out has the schema's default. */
export type IssuerStream = DeepReadonly<
  Pick<Stream, 'paths' | 'policy'> & Partial<Omit<Stream, 'carriage'>> & { carriage?: Partial<Carriage> }
>;

export interface Deployment {
  /** By policy, what its tokens carry. */
  policies: ReadonlyMap<string, EdgeStream>;
  streams: readonly EdgeStream[];
  routes: readonly EdgeRoute[];
  /** Checks that are built into the function; the others are refused there, not skipped. */
  flags: EdgeFlags;
  /** Names of query parameters that carry tokens in any stream. */
  queryNames: readonly string[];
  /** No streams were given: there is no floor but the policies themselves. */
  open: boolean;
}

type Settings = ReturnType<typeof edgeSettings>;

function settingsFor(policies: Readonly<Record<string, Policy>>, streams: Readonly<Record<string, Stream>>): Settings {
  const environment: Environment = {
    project: '',
    name: '',
    account: '',
    region: '',
    protected: false,
    tags: {},
    origins: {},
    domains: {},
    cors: { origins: [], credentials: false },
    policies,
    streams,
    assets: {},
    modules: [],
  };
  return edgeSettings(environment, { unmatched: 'refuse', log: 'none', exposeReason: false });
}

/** Of `schema/core.schema.json`. */
const CARRIAGE = { in: 'path', name: 'edgepass-token' } as const;

/** What a token of a policy carries, or `configuration_invalid`: such claims would be refused by the edge, every one. */
function shapeOf(name: string, policy: Policy): EdgeStream {
  const { streams } = settingsFor(
    { [name]: policy },
    { [name]: { paths: ['/'], policy: name, mode: 'enforce', carriage: CARRIAGE } },
  );
  const shape = streams[0] as EdgeStream;
  const families = shape.ip === undefined ? [undefined] : ([4, 6] as const).filter((family) => shape.ip?.[family]);
  const fits = families.every((family) =>
    readClaims(
      JSON.stringify({
        iat: 0,
        exp: policy.lifetime,
        aud: 'a/b',
        paths: ['/'],
        co: shape.co,
        reg: shape.reg,
        cty: shape.cty,
        ip: family && shape.ip?.[family],
        ip_ver: family,
        headers: shape.headers,
        qs: shape.qs,
        intsig: family || shape.headers || shape.qs ? '-' : undefined,
      }),
    ),
  );
  if (!fits || families.length === 0)
    refuse('configuration_invalid', `Policy "${name}" has a setting of a wrong type or out of its range.`);
  return shape;
}

/** Freezes a value and all that is in it; what never changes need not be looked at again. */
function freeze<T>(value: T): T {
  if (typeof value === 'object' && value !== null) {
    for (const member of Object.values(value)) freeze(member);
    Object.freeze(value);
  }
  return value;
}

/**
 * Reads policies and streams; later changes to the given objects have no effect. Throws `configuration_invalid`.
 */
export function readDeployment(
  givenPolicies: Readonly<Record<string, IssuerPolicy>>,
  givenStreams: Readonly<Record<string, IssuerStream>> | undefined,
): Deployment {
  try {
    checkSettings('policies', givenPolicies);
    if (givenStreams !== undefined) checkSettings('streams', givenStreams);
    const streams = structuredClone(givenStreams) as Record<string, Stream> | undefined;
    const policies = structuredClone(givenPolicies) as Record<string, Policy>;
    for (const policy of Object.values(policies)) policy.session ??= true;
    const shapes = new Map(Object.entries(policies).map(([name, policy]) => [name, freeze(shapeOf(name, policy))]));
    const whole: Record<string, Stream> = {};
    for (const [name, stream] of Object.entries(streams ?? {})) {
      if (!shapes.has(stream.policy))
        refuse('configuration_invalid', `Stream "${name}" names a policy that is not among the given ones.`);
      whole[name] = {
        ...stream,
        mode: stream.mode ?? 'enforce',
        carriage: { ...CARRIAGE, ...stream.carriage } as Carriage,
      };
    }
    const { flags, streams: resolved, routes, carried } = freeze(settingsFor(policies, whole));
    const open = streams === undefined;
    return { policies: shapes, streams: resolved, routes, flags, queryNames: carried.query, open };
  } catch (error) {
    if (error instanceof IssueError) throw error;
    throw new IssueError('configuration_invalid', (error as Error).message, { cause: error });
  }
}

/** The route of a path on a host: the longest matching prefix among all `paths` and `exclude`, as at the edge. */
export function routeOf({ routes }: Deployment, path: string, host: string): EdgeRoute | undefined {
  let passedOver = 0;
  for (const route of routes) {
    if (!path.startsWith(route.prefix)) continue;
    // As at the edge: what belongs to a stream of another host is not for the stream of all hosts around it.
    if (route.hosts === undefined) return passedOver > route.prefix.length ? undefined : route;
    if (route.hosts.includes(host)) return route;
    passedOver ||= route.prefix.length;
  }
  return undefined;
}
