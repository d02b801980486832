/**
 * What a distribution in front of an API says of errors. CloudFront keeps these for ten seconds, whatever `cache-control` says of them
 * (CloudFront Developer Guide, "HTTP 4xx and 5xx status codes that CloudFront caches", "Control how long CloudFront caches errors").
 */
export const NOT_KEPT = [400, 403, 404, 405, 414, 500, 501, 502, 503, 504].map((ErrorCode) => ({
  ErrorCode,
  ErrorCachingMinTTL: 0,
}));
