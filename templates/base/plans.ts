/**
 * What each CloudFront pricing plan allows.
 * Source: CloudFront Developer Guide, "CloudFront flat-rate pricing plans" (features by tier, unsupported features) and
 * "Quotas" (75 cache behaviours per distribution). Whether the default behaviour counts is not stated; we count it.
 */
import type { PlanName } from './settings.ts';

export interface PricingPlan {
  /** One distribution, a web ACL that cannot be taken off, no rule groups, nothing shared with other distributions. */
  flatRate: boolean;
  /** Own cache, origin request and response headers policies may be used. */
  ownPolicies: boolean;
  /** Functions may use a KeyValueStore, without which there is neither a key nor a revocation at the edge. */
  keyValueStore: boolean;
  /** Behaviours of one distribution, the default one included. */
  behaviors: number;
}

export const PLANS: Readonly<Record<PlanName, PricingPlan>> = {
  'pay-as-you-go': { flatRate: false, ownPolicies: true, keyValueStore: true, behaviors: 75 },
  free: { flatRate: true, ownPolicies: false, keyValueStore: false, behaviors: 5 },
  pro: { flatRate: true, ownPolicies: false, keyValueStore: true, behaviors: 10 },
  business: { flatRate: true, ownPolicies: true, keyValueStore: true, behaviors: 50 },
  premium: { flatRate: true, ownPolicies: true, keyValueStore: true, behaviors: 100 },
};
