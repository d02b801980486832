// biome-ignore-all lint/style/useTemplate: at the edge a template costs twice as much as `+`
import { type ClaimText, CO, CTY, itemsOf, REG } from '../token/claim-text.ts';
import { POLICY_NOT_MET, type Refusal } from '../token/verdict.ts';
import { single } from './single.ts';
import type { KnownVisit } from './visit.ts';
import { lacks } from './within.ts';

const COUNTRY = 'cloudfront-viewer-country';

/** Checks one kind of place, whose list stands at a position of the claims, against token and policy. */
function checkPlace(visit: KnownVisit, claims: ClaimText, at: number, claim: 'co' | 'reg' | 'cty'): Refusal | '' {
  const stream = visit.stream;
  const claimed = claims[at];
  const wanted = stream[claim];
  // A token may allow fewer places than the policy, never more; without places in the policy the token decides.
  if (!claimed) return wanted ? POLICY_NOT_MET : '';
  const fallback = claims[at + 1];
  if ((wanted && wanted !== claimed && lacks(wanted, claimed)) || (fallback && lacks(stream.fallback, claim)))
    return POLICY_NOT_MET;
  const headers = visit.event.request.headers;
  const places = itemsOf(claimed);
  const header =
    headers[
      FLAG_REGION && at === REG ? COUNTRY + '-region' : FLAG_CITY && at === CTY ? 'cloudfront-viewer-city' : COUNTRY
    ];
  let place = single(header);
  let isAbsent = !header;
  if (FLAG_REGION && at === REG) {
    const country = headers[COUNTRY];
    const prefix = single(country) + '-';
    // Half of the pair may be missing; the half that is there must be one value that fits.
    if ((header && !place) || (country && !places.some((one) => prefix !== '-' && one.startsWith(prefix))))
      return '451 geo_not_allowed';
    isAbsent = isAbsent || !country;
    place = prefix + place;
  }
  // Only a header that is not there at all may be passed over: a repeated or empty one is somebody's doing.
  return (isAbsent && fallback) || places.indexOf(place) >= 0 ? '' : '451 geo_not_allowed';
}

/**
 * Whether the viewer is where token and policy allow. The headers are CloudFront's word only because the distribution's
 * policies name them; a claim whose header they do not name is refused before (`check-claims.ts`).
 */
export function checkPlaces(visit: KnownVisit, claims: ClaimText): Refusal | '' {
  return (
    checkPlace(visit, claims, CO, 'co') ||
    (FLAG_REGION && checkPlace(visit, claims, REG, 'reg')) ||
    (FLAG_CITY && checkPlace(visit, claims, CTY, 'cty')) ||
    ''
  );
}
