/** Which problem an error is. What nobody expected is `internal`, and says nothing of itself. */
import { IssueError, type IssueErrorCode } from '../issuer/issue-error.ts';
import { Problem, type ProblemCode } from './problems.ts';

/** Of the issuer's codes those that a request can cause, or that go away by themselves. */
const OF_ISSUER: Partial<Record<IssueErrorCode, ProblemCode>> = {
  policy_unknown: 'policy-unknown',
  policy_not_met: 'policy-too-weak',
  geo_not_allowed: 'place-not-allowed',
  session_revoked: 'session-revoked',
  host_not_allowed: 'domain-unknown',
  path_outside_stream: 'path-outside-stream',
  lifetime_too_long: 'lifetime-too-long',
  attribute_missing: 'viewer-unfit',
  attribute_too_long: 'viewer-unfit',
  attribute_repeated: 'viewer-unfit',
  attribute_invalid: 'viewer-unfit',
  family_not_allowed: 'viewer-unfit',
  token_too_long: 'token-too-long',
  url_too_long: 'token-too-long',
  revocation_unknown: 'temporarily-unavailable',
  key_unavailable: 'temporarily-unavailable',
  key_not_yet_valid: 'temporarily-unavailable',
  key_expired: 'temporarily-unavailable',
};

/** Seconds after which trying again is worth it. */
export const RETRY = { 'retry-after': '5' };

export function problemOf(error: unknown): Problem {
  if (error instanceof Problem) return error;
  if (error instanceof IssueError) {
    const code = OF_ISSUER[error.code];
    if (code === 'temporarily-unavailable')
      return new Problem(code, { reason: error.code }, { cause: error.cause ?? error, headers: RETRY });
    // Messages of the issuer name neither token nor viewer.
    if (code !== undefined) return new Problem(code, { reason: error.code, detail: error.message });
  }
  if (isOfAws(error)) return new Problem('temporarily-unavailable', {}, { cause: error, headers: RETRY });
  return new Problem('internal', {}, { cause: error });
}

/** An answer of AWS that is no success, or none at all. */
function isOfAws(error: unknown): boolean {
  return typeof error === 'object' && error !== null && '$metadata' in error;
}
