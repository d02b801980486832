/**
 * The edge check of JWTs: a CloudFront Function on viewer requests. Steps are numbered as in the token specification.
 *
 * Modes. An operator's override in the state stands in for `enforce` and `report` of every stream until it ends; a stream
 * that is `off` stays off, because nobody has issued tokens for it. While the state cannot be read the configured mode
 * holds. So the state is read for requests that are refused without it as well.
 */
import cf from 'cloudfront';
import { isWholeState, STATE_KEY, stateMode } from '../keys/state.ts';
import { MAX_TOKEN } from '../token/claims.ts';
import { kidOf } from '../token/protected-header.ts';
import { revocationKey } from '../token/revocation.ts';
import { STATE_UNAVAILABLE, TOKEN_MALFORMED, type Verdict } from '../token/verdict.ts';
import { clean } from './carriage.ts';
import { checkClaims } from './check-claims.ts';
import type { EdgeResponse, ViewerRequest, ViewerRequestEvent } from './event.ts';
import { locate } from './locate.ts';
import { log } from './log.ts';
import { isPreflight, preflight, refusal } from './respond.ts';
import { verifyToken } from './verify-token.ts';
import type { KnownVisit, Visit } from './visit.ts';

/** Answers one viewer request: with the request, to be forwarded, or with a refusal. Never throws. */
export async function handler(event: ViewerRequestEvent): Promise<ViewerRequest | EdgeResponse> {
  const request = event.request;
  const visit: Visit = { event, path: request.uri, token: null };
  let reason: Verdict = '';
  let mode = 'enforce';
  let internal = false;
  try {
    reason = locate(visit);
    const stream = visit.stream;
    if (reason === '') mode = stream === undefined ? 'off' : stream.mode;
    if (reason === '' && mode !== 'off') {
      // 4
      const method = request.method;
      if (method !== 'GET' && method !== 'HEAD') {
        if (isPreflight(request)) return preflight(request);
        reason = 'method_not_allowed';
      } else {
        // 5
        const token = visit.token;
        if (!visit.given) reason = 'token_missing';
        else if (!token || (token[0] as string).length > MAX_TOKEN + 1) reason = TOKEN_MALFORMED;
      }
      // 7
      const now = Date.now() / 1000;
      const kvs = cf.kvs();
      let state: string | undefined;
      try {
        state = await kvs.get(STATE_KEY);
      } catch (_error) {
        state = undefined;
      }
      if (isWholeState(state)) {
        mode = stateMode(state, now) || mode;
        if (reason === '') {
          visit.state = state;
          // 6, 8
          reason = verifyToken(visit as KnownVisit) || checkClaims(visit as KnownVisit, now);
        }
      } else if (reason === '') {
        reason = kidOf((visit as KnownVisit).token[3] as string) ? STATE_UNAVAILABLE : TOKEN_MALFORMED;
      }
      // 10: what stands in front of the token is the session that was signed.
      const session = reason === '' && (visit as KnownVisit).token[1];
      let revoked = false;
      if (session) {
        try {
          revoked = await kvs.exists(revocationKey(session));
        } catch (_error) {
          reason = STATE_UNAVAILABLE;
        }
      }
      if (revoked) reason = 'session_revoked';
    }
    // 11
    if (reason === '' || mode !== 'enforce') {
      request.uri = visit.path;
      clean(request);
      if (FLAG_MULTI_ORIGIN && stream !== undefined) cf.selectRequestOriginById(stream.origin as string);
    }
  } catch (_error) {
    // An error of ours. Closed, and as an outage that alarms see, not as the viewer's fault.
    reason = STATE_UNAVAILABLE;
    mode = 'enforce';
    internal = true;
  }
  if (reason === '' ? FLAG_LOG_ALL : FLAG_LOG) log(visit, { reason, mode, internal });
  return reason !== '' && mode === 'enforce' ? refusal(request, reason) : request;
}
