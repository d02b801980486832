/**
 * Cache, origin request and response headers policies: our own where the pricing plan allows, else managed ones.
 * Ids and contents of managed policies: CloudFront Developer Guide, "Use managed cache policies", "… origin request
 * policies", "… response headers policies".
 */
import type { Environment, Json, Origin } from '../../generator/modules/contract.ts';
import { edgeSettings } from '../../runtime/base/edge-settings.ts';
import { PLANS } from './plans.ts';
import type { BaseSettings } from './settings.ts';

/** Adds every viewer location header and, on a cache miss, sends all the viewer sent but `Host`. */
const ALL_VIEWER_EXCEPT_HOST = 'b689b0a8-53d0-40ab-baf2-68738e2966ac';
/** `access-control-allow-origin: *` where the origin says nothing. */
const SIMPLE_CORS = '60669652-455b-4ae9-85a4-c4c02393f86c';
/** Nothing of the query in the cache key; keeps answers without cache-control for a day. */
const CACHING_OPTIMIZED = '658327ea-f89d-4fab-a63d-7e88639e58f6';
/** The query parameters of time-shifted viewing in the cache key. */
const ELEMENTAL_MEDIAPACKAGE = '08627262-05a9-4f76-9ded-b50ca2e3a84f';

/** Headers of an answer that scripts of players read: position, freshness, clock, and our reason for a refusal. */
const EXPOSED = ['age', 'content-length', 'content-range', 'date', 'etag'];

/** Ids of policies as CloudFormation values; null where a behaviour has none. */
export interface PolicyIds {
  cache: Record<Origin['type'], Json>;
  originRequest: Json;
  responseHeaders: { shared: Json; private: Json };
}

export function policyIds(environment: Environment, { distribution }: BaseSettings): PolicyIds {
  if (PLANS[distribution.plan].ownPolicies) {
    const cache = { Ref: 'CachePolicy' };
    return {
      cache: { custom: cache, s3: cache, mediapackage: cache },
      originRequest: { Ref: 'OriginRequestPolicy' },
      responseHeaders: {
        shared: { Ref: 'ResponseHeadersPolicy' },
        private: hasPrivateStreams(environment) ? { Ref: 'PrivateResponseHeadersPolicy' } : null,
      },
    };
  }
  return {
    cache: { custom: CACHING_OPTIMIZED, s3: CACHING_OPTIMIZED, mediapackage: ELEMENTAL_MEDIAPACKAGE },
    // It exposes the origin to everything viewers send, so it is there only if somebody needs the headers.
    originRequest: usesGeography(environment) ? ALL_VIEWER_EXCEPT_HOST : null,
    // The managed policies know no list of websites; without a policy the origin's own headers hold.
    responseHeaders: { shared: environment.cors.origins.includes('*') ? SIMPLE_CORS : null, private: null },
  };
}

/** Contents of our own policies; null where the plan has managed ones. */
export function ownPolicies(environment: Environment, { distribution, edge }: BaseSettings): Json {
  if (!PLANS[distribution.plan].ownPolicies) return null;
  const query = distribution.cacheQuery;
  return {
    query:
      query.length > 0 ? { QueryStringBehavior: 'whitelist', QueryStrings: query } : { QueryStringBehavior: 'none' },
    cors: {
      AccessControlAllowCredentials: environment.cors.credentials,
      AccessControlAllowOrigins: { Items: environment.cors.origins },
      AccessControlAllowMethods: { Items: ['GET', 'HEAD'] },
      // The same list as in the function's answer to a preflight: whichever of the two speaks, browsers hear one thing.
      AccessControlAllowHeaders: { Items: edgeSettings(environment, edge).settings.cors?.headers.split(', ') ?? [] },
      AccessControlExposeHeaders: { Items: edge.exposeReason ? [...EXPOSED, 'x-edgepass-reason'] : EXPOSED },
      AccessControlMaxAgeSec: 7200,
      // What an origin answers to one website must not be repeated, out of the cache, to another.
      OriginOverride: true,
    },
    private: hasPrivateStreams(environment),
  };
}

/** Streams whose answers depend on a cookie or header, which caches on the way to the viewer do not see. */
export function hasPrivateStreams({ streams }: Environment): boolean {
  return Object.values(streams).some(({ carriage }) => carriage.in === 'cookie' || carriage.in === 'header');
}

/** Whether the edge check reads location headers. */
export function usesGeography({ streams, policies }: Environment): boolean {
  return Object.values(streams).some(({ policy }) => {
    const { countries, regions, cities } = policies[policy] ?? {};
    return countries !== undefined || regions !== undefined || cities !== undefined;
  });
}
