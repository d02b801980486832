import { stateAudience, stateVoidBefore } from '../keys/state.ts';
import { type Claims, MAX_SKEW } from '../token/claims.ts';
import { holdsAll, longestPrefix, reachesInto } from '../token/lists.ts';
import { PATH_NOT_ALLOWED, POLICY_NOT_MET, type Verdict } from '../token/verdict.ts';
import type { EdgeStream } from './edge-settings.ts';
import { checkPlaces } from './places.ts';
import { settings } from './settings.ts';
import { checkBinding } from './viewer-binding.ts';
import type { KnownVisit } from './visit.ts';

/** The stream of a route in which one of these prefixes lies: the token tells streams with a shared `exclude` apart. */
function streamOf(visit: KnownVisit, prefixes: string[]): EdgeStream | undefined {
  const candidates = visit.route.streams;
  for (let i = 0; i < candidates.length; i++) {
    const stream = settings.streams[candidates[i] as number] as EdgeStream;
    if (reachesInto(prefixes, stream.paths)) return stream;
  }
  return undefined;
}

/**
 * Claims that ask for a check this build leaves out: no policy of the deployment has it, so neither the code nor the
 * headers it relies on are there. Refused, because a check that cannot be made is not to be skipped.
 */
function asksForWhatIsLeftOut(claims: Claims): unknown {
  return (
    (!FLAG_COUNTRY && claims.co) ||
    (!FLAG_REGION && claims.reg) ||
    (!FLAG_CITY && claims.cty) ||
    (!FLAG_BIND_IP && claims.ip) ||
    (!FLAG_BIND_HEADERS && claims.headers) ||
    (!FLAG_BIND_QUERY && claims.qs)
  );
}

/**
 * Step 9 at a time (seconds since 1970; claims are integers, so fractions change nothing): audience, times, void-before,
 * paths, the stream's policy as a floor, geography, binding.
 */
export function checkClaims(visit: KnownVisit, now: number): Verdict {
  const claims = visit.claims;
  const state = visit.state;
  const path = visit.path;
  const route = visit.route;
  const audience = stateAudience(state);
  const aud = claims.aud;
  const iat = claims.iat;
  const exp = claims.exp;
  const nbf = claims.nbf;
  const exc = claims.exc;
  if (typeof aud === 'string' ? aud !== audience : aud.indexOf(audience) < 0) return 'audience_mismatch';
  if (exp <= now) return 'token_expired';
  if (iat > now + MAX_SKEW || (nbf && nbf > now)) return 'token_not_yet_valid';
  // Asked this way round, so that a time which is no number voids everything instead of nothing.
  if (!(iat >= stateVoidBefore(state))) return 'token_voided';

  const allowed = longestPrefix(path, claims.paths);
  const excepted = FLAG_EXCLUDE && exc ? longestPrefix(path, exc) : 0;
  let stream: EdgeStream | undefined = visit.stream;
  // The matched prefix must lie inside the stream: `/` in a token is no key to every stream. The plain case needs no look.
  if (allowed < route.prefix.length || (FLAG_EXCLUDE && route.exc)) {
    if (!allowed && !excepted) return PATH_NOT_ALLOWED;
    stream = streamOf(visit, FLAG_EXCLUDE && excepted > allowed && route.exc ? claims.paths : [path.slice(0, allowed)]);
    if (!stream) return PATH_NOT_ALLOWED;
    visit.stream = stream;
  }
  if ((stream.ssn && !claims.ssn) || exp - iat > stream.max || (exc && !holdsAll(stream.exc, exc)))
    return POLICY_NOT_MET;
  // Token and configuration must agree that the path is excepted, by their longest match each.
  if (FLAG_EXCLUDE && excepted > allowed && route.exc) return '';
  if (asksForWhatIsLeftOut(claims)) return POLICY_NOT_MET;
  return (
    (FLAG_COUNTRY && checkPlaces(visit)) ||
    ((FLAG_BIND_IP || FLAG_BIND_HEADERS || FLAG_BIND_QUERY) && checkBinding(claims, visit, audience)) ||
    ''
  );
}
