import type { EdgeStream } from '../base/edge-settings.ts';
import { holdsAll } from '../token/lists.ts';
import { isObject, PLACES } from './check-settings.ts';
import { refuse } from './issue-error.ts';
import type { IssueRequest, Viewer } from './issue-types.ts';

export type Places = Pick<EdgeStream, 'co' | 'reg' | 'cty' | 'fallback'>;

const KINDS = [
  ['co', 'countries', 'country'],
  ['reg', 'regions', 'region'],
  ['cty', 'cities', 'city'],
] as const;

/**
 * Places of a token: the policy's, or fewer where the request says so. Throws `geography_not_allowed` where it asks for more,
 * for an empty list, or for cities without countries.
 */
export function choosePlaces(policy: Places, geography: IssueRequest['geography']): Places {
  if (geography === undefined) return policy;
  if (!isObject(geography)) return refuse('request_invalid', '`geography` must be an object.');
  const places: Places = { ...(policy.fallback && { fallback: policy.fallback }) };
  for (const [claim, word] of KINDS) {
    const allowed = policy[claim];
    const wanted = geography[word] ?? allowed;
    if (wanted === undefined) continue;
    const expected = wanted.length === 0 ? `one or more ${word}` : PLACES[word](wanted);
    if (expected !== '') return refuse('geography_not_allowed', `\`${word}\` must be ${expected}.`);
    if (allowed !== undefined && !holdsAll(allowed, [...wanted]))
      refuse('geography_not_allowed', `The policy does not allow all of these ${word}.`);
    places[claim] = [...wanted];
  }
  if (places.cty && !places.co)
    refuse('geography_not_allowed', 'Cities need countries: a city name alone is ambiguous.');
  return places;
}

/**
 * Throws `geo_not_allowed` when the viewer is known to be where the token will not play. Where nothing is said about the viewer
 * the token is issued: the edge decides, request by request, and knows better than a CMS.
 */
export function checkWhereabouts(places: Places, viewer: Viewer): void {
  for (const [claim, word, where] of KINDS) {
    const place = viewer[where];
    if (place !== undefined && place !== null && places[claim] && !places[claim].includes(place))
      refuse('geo_not_allowed', `The viewer is in none of the ${word} of the token.`);
  }
}
