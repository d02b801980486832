/** Longest token (session part included) that is read, in characters. */
export const MAX_TOKEN = 2048;

/** Longest value that can be bound, in bytes. */
export const MAX_BOUND_VALUE = 1024;

/** How far `iat` may lie in the future, in seconds: the clock skew granted to an issuer. */
export const MAX_SKEW = 120;

/** Claims that the edge knows. Times are seconds since 1970. Others (`sub`, `jti`, …) are ignored. */
export interface Claims {
  iat: number;
  exp: number;
  nbf?: number;
  /** `<project>/<environment>`, or a list that holds it. */
  aud: string | string[];
  /** Allowed path prefixes, each starting and ending with `/`. */
  paths: string[];
  /** Prefixes for which viewer binding and geography are skipped. */
  exc?: string[];
  /** Session id: 16–64 characters of `A-Za-z0-9_-`. */
  ssn?: string;
  /** Allowed countries, `FR`. */
  co?: string[];
  /** Allowed regions, `US-CA`. */
  reg?: string[];
  cty?: string[];
  /** Lets a request pass this one check when CloudFront gave no such header. */
  co_fallback?: boolean;
  reg_fallback?: boolean;
  cty_fallback?: boolean;
  /** Prefix length of the viewer's network that is bound: 16–32, or 32–128 for IPv6. */
  ip?: number;
  ip_ver?: 4 | 6;
  /** Names, lower case, of the request headers that are bound. */
  headers?: string[];
  /** Names of the query parameters that are bound. */
  qs?: string[];
  /** MAC over all bound attributes; present exactly when one is bound. */
  intsig?: string;
}
