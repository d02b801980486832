/** The cache behaviours of a distribution. Every one carries the token check: there is no way around it. */
import type { Environment, Json, Origin } from '../../generator/modules/contract.ts';
import type { Distribution } from './distributions.ts';
import { defaultTarget, patternsOf, patternsWithin, type Target } from './patterns.ts';
import { PLANS } from './plans.ts';
import { policyIds } from './policies.ts';
import type { BaseSettings } from './settings.ts';

/** Behaviours of one distribution as CloudFormation wants them. */
export function behaviorProperties(
  environment: Environment,
  { settings, distribution }: { settings: BaseSettings; distribution: Distribution },
): { default: Json; others: Json[] } {
  const fallback = defaultTarget(environment, distribution);
  const limit = PLANS[settings.distribution.plan].behaviors;
  const patterns = patternsWithin(patternsOf(environment, distribution), fallback, limit);
  const behavior = (target: Target): { [key: string]: Json } => properties(environment, { settings, target });
  return {
    default: behavior(fallback),
    others: patterns.map((item) => ({ PathPattern: item.pattern, ...behavior(item) })),
  };
}

function properties(
  environment: Environment,
  { settings, target }: { settings: BaseSettings; target: Target },
): { [key: string]: Json } {
  const ids = policyIds(environment, settings);
  const { type } = environment.origins[target.origin] as Origin;
  const responseHeaders = ids.responseHeaders[target.isPrivate ? 'private' : 'shared'];
  return {
    TargetOriginId: target.origin,
    // Not a redirect: by then the token has crossed the network in clear text.
    ViewerProtocolPolicy: 'https-only',
    // The function answers preflights; it cannot if CloudFront refuses the method before.
    AllowedMethods: ['GET', 'HEAD', 'OPTIONS'],
    CachedMethods: ['GET', 'HEAD'],
    // Playlists shrink to a tenth. CloudFront compresses by content type and leaves video and audio alone.
    Compress: true,
    CachePolicyId: ids.cache[type],
    ...(ids.originRequest !== null && { OriginRequestPolicyId: ids.originRequest }),
    ...(responseHeaders !== null && { ResponseHeadersPolicyId: responseHeaders }),
    FunctionAssociations: [
      { EventType: 'viewer-request', FunctionARN: { 'Fn::GetAtt': ['Validator', 'FunctionARN'] } },
    ],
  };
}
