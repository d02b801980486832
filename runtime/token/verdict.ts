/** Why the edge refuses a request. The same word is logged, exposed to players and counted by alarms. */
export type Reason =
  | 'path_not_canonical'
  | 'query_not_canonical'
  | 'token_missing'
  | 'token_malformed'
  | 'signature_invalid'
  | 'key_unknown'
  | 'token_expired'
  | 'token_not_yet_valid'
  | 'audience_mismatch'
  | 'path_not_allowed'
  | 'policy_not_met'
  | 'binding_mismatch'
  | 'method_not_allowed'
  | 'session_revoked'
  | 'token_voided'
  | 'geo_not_allowed'
  | 'state_unavailable';

/** Result of a check: a reason to refuse, or `''` when the request may go on. */
export type Verdict = Reason | '';

/** HTTP status of a reason. Every reason that is not named here is a 401: the token itself is at fault. */
const STATUS: { [reason: string]: number } = {
  path_not_canonical: 400,
  query_not_canonical: 400,
  path_not_allowed: 403,
  policy_not_met: 403,
  binding_mismatch: 403,
  method_not_allowed: 403,
  session_revoked: 410,
  token_voided: 410,
  geo_not_allowed: 451,
  state_unavailable: 503,
};

/** HTTP status with which a reason is answered. */
export function statusOf(reason: Reason): number {
  return STATUS[reason] || 401;
}

// Reasons that are given in several places: as a constant each stands once in the function's text.
export const TOKEN_MALFORMED = 'token_malformed';
export const PATH_NOT_ALLOWED = 'path_not_allowed';
export const POLICY_NOT_MET = 'policy_not_met';
export const BINDING_MISMATCH = 'binding_mismatch';
export const STATE_UNAVAILABLE = 'state_unavailable';
