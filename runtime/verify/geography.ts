import type { Policy } from '../../generator/modules/contract.ts';
import type { Field } from '../base/event.ts';
import type { Claims } from '../token/claims.ts';
import { look } from './fields.ts';
import { type Finding, passed, refused } from './steps.ts';

const COUNTRY = 'cloudfront-viewer-country';
const REGION = 'cloudfront-viewer-country-region';
const CITY = 'cloudfront-viewer-city';

type Kind = 'countries' | 'regions' | 'cities';
const CLAIM = { countries: 'co', regions: 'reg', cities: 'cty' } as const;

/** Where the viewer is: a place, not said, said in a way that is somebody's doing, or in no place that could fit. */
type Where = { place: string } | 'not said' | 'unclear' | 'elsewhere';

/** What one kind of place is checked with. */
interface Asked {
  claims: Claims;
  policy: Policy;
  headers: Record<string, Field>;
}

function header(headers: Record<string, Field>, name: string): Exclude<Where, 'elsewhere'> {
  const found = look(headers, name);
  if (found.is === 'absent') return 'not said';
  return found.is === 'value' ? { place: found.value } : 'unclear';
}

/** A region is named by two headers. Half of the pair may be missing; the half that is there must fit the claim. */
function region(headers: Record<string, Field>, claimed: string[]): Where {
  const country = header(headers, COUNTRY);
  const part = header(headers, REGION);
  if (country === 'unclear' || part === 'unclear') return 'unclear';
  if (country === 'not said') return 'not said';
  if (!claimed.some((one) => one.startsWith(`${country.place}-`))) return 'elsewhere';
  return part === 'not said' ? part : { place: `${country.place}-${part.place}` };
}

/** What keeps the token from meeting the policy in one kind of place; `''` when nothing does. */
function floorFault(kind: Kind, { claims, policy }: Asked): string {
  const claim = CLAIM[kind];
  const claimed = claims[claim];
  const wanted = policy[kind]?.length ? policy[kind] : undefined;
  if (claimed === undefined) return wanted === undefined ? '' : `it has no "${claim}"`;
  if (wanted !== undefined && !claimed.every((place) => wanted.includes(place))) {
    return `its "${claim}" has a place that the policy has not`;
  }
  const fallsBack = claims[`${claim}_fallback`] === true;
  return fallsBack && !policy.fallback?.includes(kind) ? `the policy does not give "${claim}_fallback"` : '';
}

/** `undefined` when nothing is wrong. */
function checkKind(kind: Kind, asked: Asked): Finding | undefined {
  const fault = floorFault(kind, asked);
  if (fault !== '') return refused('policy_not_met', `The token falls short of the policy: ${fault}.`);
  const claimed = asked.claims[CLAIM[kind]];
  if (claimed === undefined) return undefined;
  const { headers } = asked;
  const where = kind === 'regions' ? region(headers, claimed) : header(headers, kind === 'countries' ? COUNTRY : CITY);
  const wrong = (detail: string): Finding => refused('geo_not_allowed', `${detail} (${kind}).`);
  if (where === 'unclear') return wrong("The viewer's place is named more than once, or emptily");
  if (where === 'not said') {
    const passesOver = asked.claims[`${CLAIM[kind]}_fallback`] === true;
    return passesOver ? undefined : wrong("The request does not name the viewer's place");
  }
  if (where !== 'elsewhere' && claimed.includes(where.place)) return undefined;
  return wrong('The viewer is in none of the places of the token');
}

/** Step 9, geography: for countries, regions, cities in turn, the policy as a floor and then the viewer's place. */
export function checkGeography(asked: Asked): Finding {
  for (const kind of ['countries', 'regions', 'cities'] as const) {
    const finding = checkKind(kind, asked);
    if (finding !== undefined) return finding;
  }
  const { co, reg, cty } = asked.claims;
  return passed(co || reg || cty ? 'The viewer is where the token allows.' : 'The token is for every place.');
}
