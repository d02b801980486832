import { findKey, signKey } from '../keys/state.ts';
import { isClaims } from '../token/claim-types.ts';
import { crypto } from '../token/crypto.ts';
import { parseSegment } from '../token/parse-segment.ts';
import { headerSegment, kidOf } from '../token/protected-header.ts';
import { sameBytes } from '../token/same-bytes.ts';
import { STATE_UNAVAILABLE, TOKEN_MALFORMED, type Verdict } from '../token/verdict.ts';
import type { KnownVisit } from './visit.ts';

/**
 * Steps 6 and 8: protected header, key, signature, types of the claims. Sets `visit.key` and `visit.claims`.
 *
 * A header segment that is one of the state's own, letter for letter, needs no parsing: the writer of the state made it
 * (`headerSegment`). Any other is parsed, and its key found by the segment its key id would have.
 */
export function verifyToken(visit: KnownVisit): Verdict {
  const token = visit.token;
  const state = visit.state;
  let at = findKey(state, token[3] as string);
  if (at === -1) {
    const kid = kidOf(token[3] as string);
    if (kid === '') return TOKEN_MALFORMED;
    at = findKey(state, headerSegment(kid));
    if (at === -1) return state.indexOf('|eyJ') < 0 ? STATE_UNAVAILABLE : 'key_unknown';
  }
  visit.key = at;
  const key = signKey(state, at);
  // A shorter key would be a cut or wrong state, and could be guessed.
  if (key.length !== 32) return STATE_UNAVAILABLE;
  const digest = crypto
    .createHmac('sha256', key)
    .update(token[2] as string)
    .digest();
  if (!sameBytes(digest, Buffer.from(token[6] as string, 'base64url'))) return 'signature_invalid';
  const payload = token[4] as string;
  const claims = parseSegment(payload, token[5] === payload);
  // The session in front of the token is what gets revoked and logged: without it the claim would say nothing.
  if (!isClaims(claims) || claims.ssn !== token[1]) return TOKEN_MALFORMED;
  visit.claims = claims;
  return '';
}
