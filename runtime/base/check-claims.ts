import { stateAudience, stateVoidBefore } from '../keys/state.ts';
import {
  AUD,
  AUD_LIST,
  type ClaimText,
  CO,
  CTY,
  EXC,
  EXP,
  HEADERS,
  IAT,
  IPV4,
  IPV6,
  itemsOf,
  NBF,
  PATHS,
  QS,
  REG,
  SSN,
} from '../token/claim-text.ts';
import { MAX_SKEW } from '../token/claims.ts';
import { longestPrefix, reachesInto } from '../token/lists.ts';
import { PATH_NOT_ALLOWED, POLICY_NOT_MET, type Refusal } from '../token/verdict.ts';
import type { StreamText } from './edge-settings.ts';
import { checkPlaces } from './places.ts';
import { settings } from './settings.ts';
import { checkBinding } from './viewer-binding.ts';
import type { KnownVisit } from './visit.ts';
import { lacks } from './within.ts';

/** The stream of a route in which one of these prefixes lies: the token tells streams with a shared `exclude` apart. */
function streamOf(visit: KnownVisit, prefixes: string[]): StreamText | undefined {
  return visit.route.streams
    .map((index) => settings.streams[index] as StreamText)
    .filter((stream) => reachesInto(prefixes, stream.paths))[0];
}

/**
 * Step 9 at a time (seconds since 1970; claims are integers, so fractions change nothing): audience, times, void-before,
 * paths, the stream's policy as a floor, geography, binding.
 */
export function checkClaims(
  visit: KnownVisit,
  claims: ClaimText,
  state: string,
  key: number,
  now: number,
): Refusal | '' {
  const path = visit.path;
  const route = visit.route;
  const audience = stateAudience(state);
  const iat = +(claims[IAT] as string);
  const exp = +(claims[EXP] as string);
  const paths = claims[PATHS] as string;
  const exc = claims[EXC];
  if (claims[AUD] !== audience && itemsOf(claims[AUD_LIST] || '').indexOf(audience) < 0) return '401 audience_mismatch';
  if (exp <= now) return '401 token_expired';
  if (iat > now + MAX_SKEW || +(claims[NBF] || 0) > now) return '401 token_not_yet_valid';
  // Asked this way round, so that a time which is no number voids everything instead of nothing.
  if (!(iat >= stateVoidBefore(state))) return '410 token_voided';

  // A list of several is no prefix of a path: it has quotes.
  const allowed = path.startsWith(paths) ? paths.length : longestPrefix(path, itemsOf(paths));
  const excepted = FLAG_EXCLUDE && exc ? longestPrefix(path, itemsOf(exc)) : 0;
  const isExcepted = FLAG_EXCLUDE && excepted > allowed && route.exc;
  let stream = visit.stream;
  // The matched prefix must lie inside the stream: `/` in a token is no key to every stream. The plain case needs no look.
  if (allowed < route.prefix.length || (FLAG_EXCLUDE && route.exc)) {
    const found = streamOf(visit, isExcepted ? itemsOf(paths) : [path.slice(0, allowed)]);
    if (!found || !(allowed || excepted)) return PATH_NOT_ALLOWED;
    stream = found;
    visit.stream = found;
  }
  if ((stream.ssn && !claims[SSN]) || exp - iat > stream.max || (exc && lacks(stream.exc, exc))) return POLICY_NOT_MET;
  // Token and configuration must agree that the path is excepted, by their longest match each.
  if (isExcepted) return '';
  // Claims that ask for a check this build leaves out: no policy of the deployment has it, so neither the code nor the
  // headers it relies on are there. Refused, because a check that cannot be made is not to be skipped.
  if (
    (!FLAG_COUNTRY && claims[CO]) ||
    (!FLAG_REGION && claims[REG]) ||
    (!FLAG_CITY && claims[CTY]) ||
    (!FLAG_BIND_IP && (claims[IPV4] || claims[IPV6])) ||
    (!FLAG_BIND_HEADERS && claims[HEADERS]) ||
    (!FLAG_BIND_QUERY && claims[QS])
  )
    return POLICY_NOT_MET;
  return (
    (FLAG_COUNTRY && checkPlaces(visit, claims)) ||
    ((FLAG_BIND_IP || FLAG_BIND_HEADERS || FLAG_BIND_QUERY) && checkBinding(visit, claims, audience, state, key)) ||
    ''
  );
}
