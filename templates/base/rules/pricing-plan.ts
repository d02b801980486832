/** What the CloudFront pricing plan does not allow (see plans.ts). */
import { distributionsOf } from '../distributions.ts';
import { defaultTarget, patternsOf, patternsWithin } from '../patterns.ts';
import { PLANS } from '../plans.ts';
import { hasPrivateStreams, usesGeography } from '../policies.ts';
import { AT, listed, type Rule, when } from '../rule.ts';

/** The token check reads its keys and revocations from a KeyValueStore. */
export const storeAllowed: Rule = ({ distribution }) =>
  when(!PLANS[distribution.plan].keyValueStore, {
    severity: 'error',
    rule: 'plan-without-store',
    path: AT.plan,
    message: `The plan \`${distribution.plan}\` has no KeyValueStore, in which the token check looks for keys and revocations.`,
    hint: 'Use `plan: pro` or a larger one, or `plan: pay-as-you-go`.',
  });

/** Flat-rate plans refuse rule groups. */
export const noRuleGroup: Rule = ({ distribution, revocation }) =>
  when(revocation.waf && PLANS[distribution.plan].flatRate, {
    severity: 'error',
    rule: 'waf-on-flat-rate',
    path: AT.waf,
    message: `The flat-rate plan \`${distribution.plan}\` does not allow AWS WAF rule groups.`,
    hint: 'Set `waf: false` (the edge check refuses revoked sessions anyway), or use `plan: pay-as-you-go`.',
  });

/** A flat-rate plan is for one distribution, and its function and web ACL serve no other. */
export const oneDistribution: Rule = (settings, environment) => {
  const { plan } = settings.distribution;
  const count = distributionsOf(environment, settings).length;
  return when(PLANS[plan].flatRate && count > 1, {
    severity: 'error',
    rule: 'one-distribution-per-plan',
    path: AT.plan,
    message: `The domains have ${count} certificates, which makes ${count} distributions; the flat-rate plan \`${plan}\` is for one.`,
    hint: 'Use one certificate that covers all hosts, or `plan: pay-as-you-go`.',
  });
};

/** Each plan has its number of cache behaviours. */
export const behaviorsFit: Rule = (settings, environment) => {
  const { plan, attach } = settings.distribution;
  const limit = PLANS[plan].behaviors;
  const counts =
    attach === undefined
      ? distributionsOf(environment, settings).map((distribution) => {
          const fallback = defaultTarget(environment, distribution);
          return patternsWithin(patternsOf(environment, distribution), fallback, limit).length + 1;
        })
      : [patternsOf(environment).length + 1];
  const most = Math.max(...counts);
  return when(most > limit, {
    severity: 'error',
    rule: 'too-many-behaviors',
    path: '/streams',
    message: `The streams need ${most} cache behaviours, but the plan \`${plan}\` has ${limit}.`,
    hint: 'Put streams with the same origin under one prefix (path carriage needs two behaviours for each), or choose a larger plan.',
  });
};

/** Plans with managed policies only cannot do what is configured here. */
export const managedPolicies: Rule = ({ distribution }, environment) => {
  const { plan, cacheQuery } = distribution;
  if (PLANS[plan].ownPolicies) return [];
  const { cors } = environment;
  const warning = { severity: 'warning', path: AT.plan } as const;
  return [
    ...when(cacheQuery.length > 0, {
      ...warning,
      rule: 'cache-query-is-managed',
      path: AT.cacheQuery,
      message: `The plan \`${plan}\` allows managed cache policies only, so ${listed(cacheQuery)} are not part of the cache key; low-latency HLS will not work.`,
      hint: 'Use a larger plan, or set `cacheQuery: []` to say that it is not needed.',
    }),
    ...when(!cors.origins.includes('*'), {
      ...warning,
      rule: 'cors-is-managed',
      message: `The plan \`${plan}\` allows managed response headers policies only, and none knows a list of websites: the origin must send the CORS headers.`,
      hint: 'Let the origin send them, or use a larger plan.',
    }),
    ...when(usesGeography(environment), {
      ...warning,
      rule: 'geography-forwards-all',
      message: `On the plan \`${plan}\` location headers come with a managed policy that sends the origin every header, cookie and query parameter of the viewer, though the cache key has none of them.`,
      hint: 'Make sure that the origin answers alike whatever they say, or use a larger plan.',
    }),
    ...when(hasPrivateStreams(environment), {
      severity: 'error',
      rule: 'private-needs-own-policy',
      path: AT.plan,
      message: `Cookie and header carriage need \`cache-control: private\`, which the plan \`${plan}\` cannot set.`,
      hint: 'Use path carriage, or a larger plan.',
    }),
  ];
};

export const PLAN_RULES: readonly Rule[] = [storeAllowed, noRuleGroup, oneDistribution, behaviorsFit, managedPolicies];
