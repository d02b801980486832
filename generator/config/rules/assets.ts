/** Assets against the stream they belong to: what the API would refuse, and what the edge would, is said beforehand. */
import type { Environment, Policy } from '../../modules/contract.ts';
import { claims, share } from './paths.ts';
import { at, contains, type Rule } from './rule.ts';

/** The folder lies in a path of the stream, and no other stream takes it over. */
export const foldersAreInside: Rule = (environment) =>
  Object.entries(environment.assets).flatMap(([name, asset]) => {
    const stream = own(environment.streams, asset.stream);
    if (stream === undefined) return []; // namesExist says it
    const around = claims(environment)
      .filter((claim) => contains(claim.prefix, asset.path) && share(environment, claim, asset))
      .sort((a, b) => b.prefix.length - a.prefix.length);
    const [owner] = around;
    if (owner?.stream === asset.stream && owner.kind === 'paths') return [];
    const whose =
      owner === undefined
        ? 'no stream'
        : `${owner.kind === 'exclude' ? 'the excluded prefix' : 'the path'} \`${owner.prefix}\` of stream \`${owner.stream}\``;
    return [
      {
        code: 'EP1211',
        severity: 'error',
        path: at('assets', name, 'path'),
        message: `\`${asset.path}\` lies in ${whose}, not in a path of stream \`${asset.stream}\`.`,
        hint: `Choose a folder in ${stream.paths.map((path) => `\`${path}\``).join(' or ')}, or name another stream.`,
      },
    ];
  });

/** A policy of the asset's own demands at least what the stream's does. */
export const policiesMeetTheFloor: Rule = (environment) =>
  Object.entries(environment.assets).flatMap(([name, asset]) => {
    const stream = own(environment.streams, asset.stream);
    const policy = asset.policy === undefined ? undefined : own(environment.policies, asset.policy);
    const floor = stream && own(environment.policies, stream.policy);
    if (stream === undefined || policy === undefined || floor === undefined || policy === floor) return [];
    const max = stream.maxLifetime ?? floor.lifetime;
    const demands = [
      ...(policy.lifetime > max ? [`a lifetime of at most ${max} s`] : []),
      ...unmet(policy, floor),
      ...unchecked(policy, environment).map((kind) => `no \`${kind}\`, for which the edge has no check here`),
    ];
    if (demands.length === 0) return [];
    return [
      {
        code: 'EP1212',
        severity: 'error',
        path: at('assets', name, 'policy'),
        message: `The edge refuses tokens of policy \`${asset.policy}\` in stream \`${asset.stream}\`, which demands ${demands.join(', ')}.`,
        hint: 'Make the policy as strict as that of the stream, or use that one.',
      },
    ];
  });

const LISTS = ['countries', 'regions', 'cities'] as const;
const FAMILIES = ['v4', 'v6'] as const;
const BOUND = ['headers', 'query'] as const;

/** What a floor demands beside the lifetime and a policy does not give. As `runtime/issuer/floor.ts`; a test holds both together. */
function unmet(policy: Policy, floor: Policy): string[] {
  const places = LISTS.filter((kind) => {
    const wanted = floor[kind];
    return wanted !== undefined && !within(policy[kind], wanted);
  });
  const fallback = (policy.fallback ?? []).some(
    (kind) => policy[kind] !== undefined && !(floor.fallback ?? []).includes(kind),
  );
  const { ip: wanted } = floor.bind ?? {};
  const { ip } = policy.bind ?? {};
  // Of a family that is not stated here there are no tokens; one that only the floor leaves out is refused there.
  const network =
    wanted !== undefined &&
    (ip === undefined ||
      FAMILIES.some((family) => ip[family] !== undefined && ip[family] < (wanted[family] ?? Number.POSITIVE_INFINITY)));
  const bound = BOUND.filter((kind) => !within(floor.bind?.[kind] ?? [], policy.bind?.[kind] ?? []));
  return [
    ...(floor.session && !policy.session ? ['a session'] : []),
    ...places.map((kind) => `\`${kind}\` out of its own`),
    ...(fallback ? ['no wider `fallback`'] : []),
    ...(network ? ['an address bound as narrowly'] : []),
    ...bound.map((kind) => `\`bind.${kind}\` with all of its own`),
  ];
}

/** Kinds of checks of a policy that no stream's policy has: the edge function is built without them, and refuses. */
function unchecked(policy: Policy, { streams, policies }: Environment): string[] {
  const floors = Object.values(streams).flatMap((stream) => own(policies, stream.policy) ?? []);
  // A check of regions or cities brings that of countries along.
  const places = LISTS.filter(
    (kind) =>
      policy[kind] !== undefined &&
      !floors.some((floor) =>
        kind === 'countries' ? LISTS.some((any) => floor[any] !== undefined) : floor[kind] !== undefined,
      ),
  );
  const bound = (['ip', ...BOUND] as const).filter(
    (kind) => policy.bind?.[kind] !== undefined && !floors.some((floor) => floor.bind?.[kind] !== undefined),
  );
  return [...places, ...bound.map((kind) => `bind.${kind}`)];
}

function within(some: readonly string[] | undefined, all: readonly string[]): boolean {
  return some?.every((item) => all.includes(item)) === true;
}

function own<T>(map: Readonly<Record<string, T>>, name: string): T | undefined {
  return Object.hasOwn(map, name) ? map[name] : undefined;
}
