import { findKey, signKey } from '../keys/state.ts';
import { readClaims, SSN } from '../token/claim-text.ts';
import { crypto } from '../token/crypto.ts';
import { decodeSegment } from '../token/decode-segment.ts';
import { headerSegment, kidOf } from '../token/protected-header.ts';
import { isDigest } from '../token/same-bytes.ts';
import { type Refusal, STATE_UNAVAILABLE, TOKEN_MALFORMED } from '../token/verdict.ts';
import { checkClaims } from './check-claims.ts';
import type { KnownVisit } from './visit.ts';

/**
 * Steps 6, 8 and 9, with a whole edge state (`isWholeState`) at a time (seconds since 1970): protected header, key, signature, types of the claims, and what they say.
 *
 * A header segment that is one of the state's own, letter for letter, needs no parsing: the writer of the state made it
 * (`headerSegment`). Any other is parsed, and its key found by the segment its key id would have.
 */
export function verifyToken(visit: KnownVisit, state: string, now: number): Refusal | '' {
  const token = visit.token;
  const header = token[3] as string;
  let at = findKey(state, header);
  if (at < 0) {
    const kid = kidOf(header);
    if (!kid) return TOKEN_MALFORMED;
    at = findKey(state, headerSegment(kid));
    if (at < 0) return state.indexOf('|eyJ') < 0 ? STATE_UNAVAILABLE : '401 key_unknown';
  }
  const key = signKey(state, at);
  // A shorter key would be a cut or wrong state, and could be guessed.
  if (key.length !== 32) return STATE_UNAVAILABLE;
  const digest = crypto
    .createHmac('sha256', key)
    .update(token[2] as string)
    .digest();
  if (!isDigest(digest, token[6] as string)) return '401 signature_invalid';
  const payload = token[4] as string;
  const claims = readClaims(decodeSegment(payload, token[5] === payload));
  // The session in front of the token is what gets revoked and logged: without it the claim would say nothing.
  return claims && claims[SSN] === token[1] ? checkClaims(visit, claims, state, at, now) : TOKEN_MALFORMED;
}
