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
import type { TokenParts } from '../token/token-text.ts';
import { type Refusal, STATE_UNAVAILABLE, TOKEN_MALFORMED } from '../token/verdict.ts';
import { clean } from './carriage.ts';
import type { EdgeResponse, ViewerRequest, ViewerRequestEvent } from './event.ts';
import { locate } from './locate.ts';
import { log } from './log.ts';
import { isPreflight, preflight, refuse } from './respond.ts';
import { verifyToken } from './verify-token.ts';
import type { KnownVisit, Visit } from './visit.ts';

/** Answers one viewer request: with the request, to be forwarded, or with a refusal. Never throws. */
export async function handler(event: ViewerRequestEvent): Promise<ViewerRequest | EdgeResponse> {
  const request = event.request;
  const visit: Visit = {
    event,
    path: request.uri,
    token: undefined,
    route: undefined,
    stream: undefined,
  };
  let refusal: Refusal | '' = '';
  let mode = 'enforce';
  let internal = false;
  try {
    refusal = locate(visit);
    const stream = visit.stream;
    if (!refusal) mode = stream ? stream.mode || mode : 'off';
    if (!refusal && mode !== 'off') {
      // 4
      const method = request.method;
      const token = visit.token;
      if (method !== 'GET' && method !== 'HEAD') {
        if (isPreflight(request)) return preflight(request);
        refusal = '403 method_not_allowed';
      }
      // 5
      else if (token === undefined) refusal = '401 token_missing';
      else if (!token || (token[0] as string).length > MAX_TOKEN + 1) refusal = TOKEN_MALFORMED;
      // 7
      const now = Date.now() / 1000;
      const kvs = cf.kvs();
      let state: string | undefined;
      try {
        state = await kvs.get(STATE_KEY);
      } catch (_error) {
        state = '';
      }
      if (isWholeState(state)) {
        mode = stateMode(state, now) || mode;
        if (!refusal) {
          // 6, 8, 9
          refusal = verifyToken(visit as KnownVisit, state, now);
        }
      } else if (!refusal) refusal = kidOf((token as TokenParts)[3] as string) ? STATE_UNAVAILABLE : TOKEN_MALFORMED;
      // 10: what stands in front of the token is the session that was signed.
      const session = refusal || !token ? '' : token[1];
      let revoked = false;
      if (session) {
        try {
          revoked = await kvs.exists(revocationKey(session));
        } catch (_error) {
          refusal = STATE_UNAVAILABLE;
        }
      }
      if (revoked) refusal = '410 session_revoked';
    }
    // 11
    if (!refusal || mode !== 'enforce') {
      request.uri = visit.path;
      clean(request);
      if (FLAG_MULTI_ORIGIN && stream) cf.selectRequestOriginById(stream.origin as string);
    }
  } catch (_error) {
    // An error of ours. Closed, and as an outage that alarms see, not as the viewer's fault.
    refusal = STATE_UNAVAILABLE;
    mode = 'enforce';
    internal = true;
  }
  if (refusal ? FLAG_LOG : FLAG_LOG_ALL) log(visit, internal ? '503 internal' : refusal, mode);
  return refusal && mode === 'enforce' ? refuse(request, refusal) : request;
}
