import type { ViewerRequestEvent } from '../base/event.ts';
import type { EdgeState } from '../keys/state.ts';
import type { Claims } from '../token/claims.ts';
import { parseJson } from './base64url.ts';
import { checkBinding } from './binding.ts';
import { checkPaths } from './check-paths.ts';
import { checkBuilt, checkPolicy } from './check-policy.ts';
import { checkAudience, checkTimes, checkVoid } from './check-times.ts';
import { checkTypes } from './claim-types.ts';
import type { Deployment, ProtectedStream } from './deployment.ts';
import type { Match } from './find-stream.ts';
import { checkGeography } from './geography.ts';
import type { TokenParts } from './split-token.ts';
import { type Finding, type Findings, passed, refused, skipped } from './steps.ts';
import { checkHeader } from './token-header.ts';
import { checkKey, checkSignature } from './verify-signature.ts';

/** A request with a well-formed token for the path of a stream. */
export interface Presented {
  deployment: Deployment;
  event: ViewerRequestEvent;
  findings: Findings;
  token: TokenParts;
  match: Match;
  /** The path behind the token. */
  path: string;
  /** `null` when there is none that can be read. */
  state: EdgeState | null;
  /** Seconds since 1970. */
  now: number;
}

/** What a verified token says. */
export interface Verified {
  claims: Claims | undefined;
  owner: ProtectedStream;
}

/** Steps 6 to 9. Stops at the first check that fails. */
export function verifyToken(presented: Presented): Verified {
  const { findings, token, match, path, state, now } = presented;
  const verified: Verified = { claims: undefined, owner: match.streams[0] };

  const [header, kid] = checkHeader(token.header);
  if (!findings.add('protected_header', header)) {
    findings.add('state', skipped('It has no say in this.'));
    return verified;
  }
  if (state === null) {
    findings.add('state', refused('state_unavailable', 'There is no state, or none that can be read.'));
    return verified;
  }
  findings.add('state', passed(`It is that of ${state.audience}.`));

  const [found, key] = checkKey(state, kid);
  if (!findings.add('key', found) || key === undefined) return verified;
  if (!findings.add('signature', checkSignature(token, key))) return verified;

  const [typed, claims] = checkTypes(parseJson(token.payload));
  if (!findings.add('claim_types', typed) || claims === undefined) return verified;
  verified.claims = claims;
  if (!findings.add('session_part', checkSession(claims, token.session))) return verified;

  if (!findings.add('audience', checkAudience(claims, state.audience))) return verified;
  if (!findings.add('times', checkTimes(claims, now))) return verified;
  if (!findings.add('void_before', checkVoid(claims, state.voidBefore))) return verified;
  const [places, allowed] = checkPaths(claims, { path, match });
  if (!findings.add('paths', places) || allowed === undefined) return verified;
  const { owner } = allowed;
  verified.owner = owner;
  if (!findings.add('policy', checkPolicy(claims, owner))) return verified;
  if (allowed.isException) {
    for (const check of ['geography', 'binding'] as const) findings.add(check, skipped('The path is an exception.'));
    return verified;
  }
  const { deployment, event } = presented;
  if (!findings.add('policy', checkBuilt(claims, deployment))) return verified;
  const { headers } = event.request;
  if (!findings.add('geography', checkGeography({ claims, policy: owner.policy, headers }))) return verified;
  findings.add('binding', checkBinding({ claims, owner, event, audience: state.audience, key }));
  return verified;
}

/** What stands in front of the token is what gets revoked and logged: without it the claim would say nothing. */
function checkSession({ ssn }: Claims, part: string | undefined): Finding {
  if (ssn === part) return passed(ssn === undefined ? 'There is no session.' : 'Session part and claim are equal.');
  const detail =
    ssn === undefined
      ? 'There is a session in front of the token, and no such claim.'
      : part === undefined
        ? 'The token has a session, and none is in front of it.'
        : 'The session in front of the token is another than the claim.';
  return refused('token_malformed', detail);
}
