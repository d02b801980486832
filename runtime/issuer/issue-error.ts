import type { Reason } from '../token/verdict.ts';

/**
 * Why no token was issued. Stable; the edge's word wherever the edge would refuse the same in just one way. A viewer's request can
 * cause those about `attribute`, `family`, `geo` and `session`; those about `key` are one of operation; the rest is a caller's mistake.
 */
export type IssueErrorCode =
  | Extract<
      Reason,
      | 'path_not_canonical'
      | 'query_not_canonical'
      | 'audience_mismatch'
      | 'policy_not_met'
      | 'geo_not_allowed'
      | 'session_revoked'
    >
  /** Policies, streams, domains or key that contradict themselves; thrown by `createIssuer`. */
  | 'configuration_invalid'
  /** No object, or a member of a wrong type that has no code of its own. */
  | 'request_invalid'
  | 'policy_unknown'
  /** A lifetime that is no whole number of seconds above zero. */
  | 'lifetime_invalid'
  /** Longer than the stream allows. */
  | 'lifetime_too_long'
  /** Not 16–64 characters of `A-Za-z0-9_-`. */
  | 'session_invalid'
  | 'url_invalid'
  /** Longer, with the token, than CloudFront takes. */
  | 'url_too_long'
  /** The URL carries a token already. */
  | 'url_holds_token'
  /** The URL, or an asked URL, is on no delivery domain of the deployment, or on one that does not serve the stream. */
  | 'host_not_allowed'
  /** URL or `paths` lie in no stream, or not all in one. */
  | 'path_outside_stream'
  /** `paths` do not cover the URL. */
  | 'path_not_covered'
  /** A prefix that is not canonical or does not start and end with `/`. */
  | 'prefix_invalid'
  /** `exclude` has a prefix that the stream does not exclude. */
  | 'exclude_not_allowed'
  /** An excluded prefix equals or contains one of `paths`. */
  | 'exclude_covers_path'
  /** Places that are wider than the policy's, or cities without countries. */
  | 'geography_not_allowed'
  /** A bound attribute that is missing or empty. */
  | 'attribute_missing'
  /** A bound attribute over 1 KB. */
  | 'attribute_too_long'
  /** A bound attribute that is there more than once. */
  | 'attribute_repeated'
  /** A bound attribute in a form in which it never reaches the edge. */
  | 'attribute_invalid'
  /** The viewer's address is of a family that the policy does not state. */
  | 'family_not_allowed'
  | 'token_too_long'
  /** `isRevoked` failed, or answered neither true nor false. */
  | 'revocation_unknown'
  /** The key source failed, or gave no key. */
  | 'key_unavailable'
  /** The Secrets Manager source was given no client, and `@aws-sdk/client-secrets-manager` is not installed. */
  | 'sdk_missing'
  | 'key_record_invalid'
  /** Before `signFrom`. */
  | 'key_not_yet_valid'
  /** From `signUntil` on. */
  | 'key_expired';

/**
 * Thrown instead of a token. `code` is for programs; `message` is for people and never has a token, a key, a URL or a value
 * of the viewer's in it. `cause` is there where a key source or `isRevoked` failed, and is what they threw. In a program that loads
 * this library both with `import` and with `require` there are two such classes: compare `name` there.
 */
export class IssueError extends Error {
  override readonly name = 'IssueError';
  readonly code: IssueErrorCode;

  constructor(code: IssueErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
  }
}

/** Throws an `IssueError`; an expression, so that it can stand behind `??`. */
export function refuse(code: IssueErrorCode, message: string): never {
  throw new IssueError(code, message);
}
