/** What has to change on a distribution that edgepass did not make, so that nobody gets around the token check. Pure. */
import type { CacheBehavior, DefaultCacheBehavior, DistributionConfig } from '@aws-sdk/client-cloudfront';

/** What the deployed environment says that the distribution needs. */
export interface Wanted {
  functionArn: string;
  /** Left out: policies stay as they are. */
  cachePolicyId?: string;
  originRequestPolicyId?: string;
  /** Ids of origins that hold what is protected. */
  origins: readonly string[];
  /** Path patterns that need a behaviour of their own. */
  patterns: readonly string[];
}

export interface FieldChange {
  field: string;
  before: string;
  after: string;
}

export interface BehaviorChange {
  /** Path pattern, or `default`. */
  behavior: string;
  origin: string;
  /** Whether requests got around the token check until now. */
  open: boolean;
  fields: FieldChange[];
}

export interface Attachment {
  /** As it was, but for the changes. */
  config: DistributionConfig;
  changes: BehaviorChange[];
  /** Behaviours where something else runs on viewer requests. */
  conflicts: { behavior: string; by: string }[];
  /** Behaviours that let tokens cross the network in clear text. */
  clearText: string[];
  missingPatterns: string[];
  missingOrigins: string[];
}

type Behavior = DefaultCacheBehavior | CacheBehavior;

const NONE = 'none';

export function attachment(config: DistributionConfig, wanted: Wanted): Attachment {
  const reaching = originsReaching(config, wanted.origins);
  const reaches = ({ TargetOriginId }: Behavior): boolean => reaching.has(TargetOriginId ?? '');
  const behaviors = behaviorsOf(config);
  const affected = behaviors.filter(reaches);
  const conflicts = affected.flatMap((behavior) => {
    const by = conflictOf(behavior, wanted);
    return by === undefined ? [] : [{ behavior: nameOf(behavior), by }];
  });
  const changed = affected.map((behavior) => ({ behavior, fields: fieldsOf(behavior, wanted) }));
  const apply = <T extends Behavior>(behavior: T): T => (reaches(behavior) ? applied(behavior, wanted) : behavior);
  const { DefaultCacheBehavior: fallback, CacheBehaviors: others } = config;
  const patterns = behaviors.map(nameOf);
  return {
    config: {
      ...config,
      DefaultCacheBehavior: fallback && apply(fallback),
      ...(others?.Items ? { CacheBehaviors: { ...others, Items: others.Items.map(apply) } } : {}),
    },
    changes: changed
      .filter(({ fields }) => fields.length > 0)
      .map(({ behavior, fields }) => ({
        behavior: nameOf(behavior),
        origin: behavior.TargetOriginId ?? '',
        open: functionOf(behavior) !== wanted.functionArn,
        fields,
      })),
    conflicts,
    clearText: affected.filter((one) => one.ViewerProtocolPolicy !== 'https-only').map(nameOf),
    missingPatterns: wanted.patterns.filter((pattern) => !patterns.includes(pattern)),
    missingOrigins: wanted.origins.filter((id) => !(config.Origins?.Items ?? []).some((origin) => origin.Id === id)),
  };
}

/** By their own id, by another id for the same host, and by groups that have one of them. */
function originsReaching({ Origins, OriginGroups }: DistributionConfig, origins: readonly string[]): Set<string> {
  const items = Origins?.Items ?? [];
  const hosts = new Set(items.filter(({ Id }) => origins.includes(Id ?? '')).map(({ DomainName }) => DomainName));
  const ids = new Set([
    ...origins,
    ...items.filter(({ DomainName }) => hosts.has(DomainName)).map(({ Id = '' }) => Id),
  ]);
  const groups = (OriginGroups?.Items ?? []).filter(({ Members }) =>
    (Members?.Items ?? []).some(({ OriginId = '' }) => ids.has(OriginId)),
  );
  return new Set([...ids, ...groups.map(({ Id = '' }) => Id)]);
}

function behaviorsOf({ CacheBehaviors, DefaultCacheBehavior }: DistributionConfig): Behavior[] {
  return [...(CacheBehaviors?.Items ?? []), ...(DefaultCacheBehavior === undefined ? [] : [DefaultCacheBehavior])];
}

function nameOf(behavior: Behavior): string {
  return 'PathPattern' in behavior ? (behavior.PathPattern ?? '') : 'default';
}

function functionOf({ FunctionAssociations }: Behavior): string | undefined {
  return FunctionAssociations?.Items?.find(({ EventType }) => EventType === 'viewer-request')?.FunctionARN;
}

/** An event takes one function, and viewer events of a behaviour one kind of functions. Source: CloudFront Developer Guide, "Restrictions on edge functions". */
function conflictOf(behavior: Behavior, { functionArn }: Wanted): string | undefined {
  const present = functionOf(behavior);
  if (present !== undefined && present !== functionArn) return present;
  return behavior.LambdaFunctionAssociations?.Items?.find(({ EventType }) => EventType?.startsWith('viewer-'))
    ?.LambdaFunctionARN;
}

/** What a cache policy takes the place of; CloudFront refuses both together. */
const LEGACY = ['ForwardedValues', 'MinTTL', 'DefaultTTL', 'MaxTTL'] as const;

function fieldsOf(behavior: Behavior, { functionArn, cachePolicyId, originRequestPolicyId }: Wanted): FieldChange[] {
  const legacy = cachePolicyId === undefined ? [] : LEGACY.filter((field) => behavior[field] !== undefined);
  const fields: FieldChange[] = [
    { field: 'viewer-request function', before: functionOf(behavior) ?? NONE, after: functionArn },
    policyField('cache policy', behavior.CachePolicyId, cachePolicyId),
    policyField('origin request policy', behavior.OriginRequestPolicyId, originRequestPolicyId),
    ...legacy.map((field) => ({ field, before: JSON.stringify(behavior[field]), after: NONE })),
  ];
  return fields.filter(({ before, after }) => before !== after);
}

function policyField(field: string, before: string | undefined, after: string | undefined): FieldChange {
  const present = before === undefined || before === '' ? NONE : before;
  return { field, before: present, after: after ?? present };
}

function applied<T extends Behavior>(behavior: T, { functionArn, cachePolicyId, originRequestPolicyId }: Wanted): T {
  const kept = (behavior.FunctionAssociations?.Items ?? []).filter(({ EventType }) => EventType !== 'viewer-request');
  const items = [...kept, { EventType: 'viewer-request' as const, FunctionARN: functionArn }];
  const here = functionOf(behavior) === functionArn;
  const changed: T = {
    ...behavior,
    ...(here ? {} : { FunctionAssociations: { Quantity: items.length, Items: items } }),
    ...(cachePolicyId === undefined ? {} : { CachePolicyId: cachePolicyId }),
    ...(originRequestPolicyId === undefined ? {} : { OriginRequestPolicyId: originRequestPolicyId }),
  };
  if (cachePolicyId !== undefined) for (const field of LEGACY) delete changed[field];
  return changed;
}
