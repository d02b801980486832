/** A stream's policy is a floor: what a token of another policy would have to carry to be accepted there. */
import type { EdgeFlags, EdgeStream } from '../base/edge-settings.ts';
import { holdsAll } from '../token/lists.ts';
import type { Deployment } from './deployment.ts';

/** A part of a policy that a stream demands, or that the edge function has no code for. */
export type Demand =
  | 'session'
  | 'lifetime'
  | 'countries'
  | 'regions'
  | 'cities'
  | 'fallback'
  | 'network'
  | 'headers'
  | 'query';

/** What a token would carry; an address has one family, a policy may state both. */
export type Carried = Pick<EdgeStream, 'co' | 'reg' | 'cty' | 'fallback' | 'ip' | 'headers' | 'qs'>;

const FAMILIES = [4, 6] as const;

/** Every claim of places: with the policy's word for it and the flag of the code that checks it. */
const PLACES = [
  ['co', 'countries', 'COUNTRY'],
  ['reg', 'regions', 'REGION'],
  ['cty', 'cities', 'CITY'],
] as const;

/** Demands of a stream, other than session and lifetime, that a token does not meet. */
export function unmet(carried: Carried, stream: EdgeStream, flags: EdgeFlags): Demand[] {
  const found: Demand[] = [];
  for (const [claim, demand, flag] of PLACES) {
    const places = carried[claim];
    const wanted = stream[claim];
    const tooWide = wanted !== undefined && (places === undefined || !holdsAll(wanted, places));
    if (tooWide || (places !== undefined && !flags[flag])) found.push(demand);
  }
  // One for places that the token does not limit says nothing.
  const fallback = carried.fallback?.filter((claim) => carried[claim as 'co' | 'reg' | 'cty'] !== undefined);
  if (fallback?.length && !holdsAll(stream.fallback, fallback)) found.push('fallback');
  const { ip } = carried;
  const narrow = (family: 4 | 6): boolean => {
    const least = stream.ip?.[family];
    return ip?.[family] === undefined || (least !== undefined && (ip[family] as number) >= least);
  };
  if (stream.ip ? ip === undefined || !FAMILIES.every(narrow) : ip !== undefined && !flags.BIND_IP)
    found.push('network');
  if (stream.headers ? !holdsAll(carried.headers, stream.headers) : carried.headers && !flags.BIND_HEADERS)
    found.push('headers');
  if (stream.qs ? !holdsAll(carried.qs, stream.qs) : carried.qs && !flags.BIND_QUERY) found.push('query');
  return found;
}

type ByFamily = Readonly<Record<0 | 4 | 6, Demand[]>>;

/** Answers of `unmet` for policies as they are, which is nearly every token: by policy, stream and family of the address. */
export function tabulateUnmet({ policies, streams, flags }: Deployment): Map<EdgeStream, Map<EdgeStream, ByFamily>> {
  const row = (policy: EdgeStream): [EdgeStream, ByFamily][] =>
    streams.map((stream) => {
      const of = (family: 0 | 4 | 6): Demand[] => unmet(withFamily(policy, family), stream, flags);
      return [stream, { 0: of(0), 4: of(4), 6: of(6) }];
    });
  return new Map([...policies.values()].map((policy) => [policy, new Map(row(policy))]));
}

/** What a token for an address of one family carries; 0: none is bound. */
export function withFamily({ ip, ...rest }: Carried, family: 0 | 4 | 6): Carried {
  return family === 0 ? rest : { ...rest, ip: { [family]: ip?.[family] } };
}

/** A policy whose tokens a stream refuses. */
export interface IssuerWarning {
  code: 'policy_below_floor';
  policy: string;
  stream: string;
  /** What the stream's policy demands and this one does not give. */
  demands: Demand[];
  message: string;
}

/**
 * Policies that are weaker than a stream's floor. A stream's own policy can be so only by its lifetime. A policy that another
 * stream names is evidently meant for that one; the rest may be meant for any, so each is held against every stream.
 */
export function findWarnings(deployment: Deployment, owners: ReadonlyMap<string, string>): IssuerWarning[] {
  const named = new Set(owners.values());
  const warnings: IssuerWarning[] = [];
  for (const stream of deployment.streams)
    for (const [policy, carried] of deployment.policies) {
      if (named.has(policy) && owners.get(stream.name) !== policy) continue;
      const demands = unmet(carried, stream, deployment.flags);
      if (carried.max > stream.max) demands.unshift('lifetime');
      if (stream.ssn && !carried.ssn) demands.unshift('session');
      if (demands.length === 0) continue;
      const message = `Policy "${policy}" is weaker than stream "${stream.name}" demands (${demands.join(', ')}): its tokens are refused there.`;
      warnings.push({ code: 'policy_below_floor', policy, stream: stream.name, demands, message });
    }
  return warnings;
}
