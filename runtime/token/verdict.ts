/** Every reason to refuse a request, with its HTTP status. The same word is logged, exposed to players and counted by alarms. */
const STATUS = {
  path_not_canonical: 400,
  query_not_canonical: 400,
  token_missing: 401,
  token_malformed: 401,
  signature_invalid: 401,
  key_unknown: 401,
  token_expired: 401,
  token_not_yet_valid: 401,
  audience_mismatch: 401,
  path_not_allowed: 403,
  policy_not_met: 403,
  binding_mismatch: 403,
  method_not_allowed: 403,
  session_revoked: 410,
  token_voided: 410,
  geo_not_allowed: 451,
  state_unavailable: 503,
} as const;

/** Why the edge refuses a request. */
export type Reason = keyof typeof STATUS;

/** Result of a check: a reason to refuse, or `''` when the request may go on. */
export type Verdict = Reason | '';

/** All reasons, in the order of the specification. */
export const REASONS = /* @__PURE__ */ Object.keys(STATUS) as Reason[];

/** HTTP status with which a reason is answered. */
export function statusOf(reason: Reason): number {
  return STATUS[reason];
}

/** A reason with its status in front, as the edge function writes it: a table of both would be another half a kilobyte. */
export type Refusal = { [reason in Reason]: `${(typeof STATUS)[reason]} ${reason}` }[Reason];

// Refusals that are given in several places: as a constant each stands once in the function's text.
export const TOKEN_MALFORMED = '401 token_malformed';
export const PATH_NOT_ALLOWED = '403 path_not_allowed';
export const POLICY_NOT_MET = '403 policy_not_met';
export const STATE_UNAVAILABLE = '503 state_unavailable';
