// biome-ignore-all lint/style/useTemplate: at the edge a template costs twice as much as `+`
import { holdsAll } from '../token/lists.ts';
import { POLICY_NOT_MET, type Verdict } from '../token/verdict.ts';
import { single } from './single.ts';
import type { KnownVisit } from './visit.ts';

const COUNTRY = 'cloudfront-viewer-country';

/** Checks one kind of place against token and policy; `header` is where CloudFront says it. */
function checkPlace(claim: 'co' | 'reg' | 'cty', header: string, visit: KnownVisit): Verdict {
  const claims = visit.claims;
  const stream = visit.stream;
  const claimed = claims[claim];
  const wanted = stream[claim];
  // A token may allow fewer places than the policy, never more; without places in the policy the token decides.
  if (!claimed) return wanted ? POLICY_NOT_MET : '';
  const fallback = claims[(claim + '_fallback') as 'co_fallback'];
  if ((wanted && !holdsAll(wanted, claimed)) || (fallback && !holdsAll(stream.fallback, [claim])))
    return POLICY_NOT_MET;
  const headers = visit.event.request.headers;
  const field = headers[header];
  let place = single(field);
  let absent = !field;
  if (FLAG_REGION && claim === 'reg') {
    const country = single(headers[COUNTRY]);
    // Half of the pair may be missing; the half that is there must be one value that fits.
    if ((field && !place) || (headers[COUNTRY] && !claimed.some((one) => !!country && one.startsWith(`${country}-`))))
      return 'geo_not_allowed';
    absent = absent || !headers[COUNTRY];
    place = country && place && `${country}-${place}`;
  }
  // Only a header that is not there at all may be passed over: a repeated or empty one is somebody's doing.
  return (absent && fallback) || claimed.indexOf(place) >= 0 ? '' : 'geo_not_allowed';
}

/**
 * Whether the viewer is where token and policy allow. The headers are CloudFront's word only because the distribution's
 * policies name them; a claim whose header they do not name is refused before (`check-claims.ts`).
 */
export function checkPlaces(visit: KnownVisit): Verdict {
  return (
    checkPlace('co', COUNTRY, visit) ||
    (FLAG_REGION && checkPlace('reg', `${COUNTRY}-region`, visit)) ||
    (FLAG_CITY && checkPlace('cty', 'cloudfront-viewer-city', visit)) ||
    ''
  );
}
