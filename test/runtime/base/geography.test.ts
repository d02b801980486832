/** Step 9, geography: headers of CloudFront against claims, claims against the policy. */
import { type Case, claims, table, token } from './world.ts';

const COUNTRY = 'cloudfront-viewer-country';
const REGION = 'cloudfront-viewer-country-region';
const CITY = 'cloudfront-viewer-city';
const GEO = '451 geo_not_allowed';
const POLICY = '403 policy_not_met';

type Headers = Record<string, string | string[]>;
const in_ = (stream: string, more: Record<string, unknown>, headers: Headers): Case[1] => ({
  uri: `/${token(claims([`/${stream}/`], more))}/${stream}/a`,
  headers,
});
const fr = { co: ['FR'] };

table('countries', [
  ['allowed', in_('country', { co: ['FR', 'BE'] }, { [COUNTRY]: 'BE' }), 'pass /country/a'],
  ['fewer than the policy', in_('country', fr, { [COUNTRY]: 'FR' }), 'pass /country/a'],
  ['not in the token', in_('country', fr, { [COUNTRY]: 'BE' }), GEO],
  ['not in the policy', in_('country', { co: ['FR', 'DE'] }, { [COUNTRY]: 'FR' }), POLICY],
  ['claim missing', in_('country', {}, { [COUNTRY]: 'FR' }), POLICY],
  ['header missing', in_('country', fr, {}), GEO],
  ['header empty', in_('country', fr, { [COUNTRY]: '' }), GEO],
  ['header repeated', in_('country', fr, { [COUNTRY]: ['FR', 'FR'] }), GEO],
  ['lower case', in_('country', fr, { [COUNTRY]: 'fr' }), GEO],
  ['part of it', in_('country', fr, { [COUNTRY]: 'F' }), GEO],
  ['fallback that the policy does not give', in_('country', { ...fr, co_fallback: true }, { [COUNTRY]: 'FR' }), POLICY],
  ['fallback false', in_('country', { ...fr, co_fallback: false }, { [COUNTRY]: 'FR' }), 'pass /country/a'],
  ['stricter than a policy without places', in_('vod', fr, { [COUNTRY]: 'DE' }), GEO],
  ['stricter, and met', in_('vod', fr, { [COUNTRY]: 'FR' }), 'pass /vod/a'],
]);

const ca = { reg: ['US-CA'] };
const soft = { ...ca, reg_fallback: true };
table('regions', [
  ['allowed', in_('region', ca, { [COUNTRY]: 'US', [REGION]: 'CA' }), 'pass /region/a'],
  ['other region', in_('region', ca, { [COUNTRY]: 'US', [REGION]: 'NV' }), GEO],
  ['same region of another country', in_('region', ca, { [COUNTRY]: 'ES', [REGION]: 'CA' }), GEO],
  ['not in the policy', in_('region', { reg: ['US-TX'] }, { [COUNTRY]: 'US', [REGION]: 'TX' }), POLICY],
  [
    'one of two countries',
    in_('vod', { reg: ['US-CA', 'FR-IDF'] }, { [COUNTRY]: 'US', [REGION]: 'CA' }),
    'pass /vod/a',
  ],
  [
    'the other of two countries',
    in_('vod', { reg: ['US-CA', 'FR-IDF'] }, { [COUNTRY]: 'FR', [REGION]: 'IDF' }),
    'pass /vod/a',
  ],
  ['an empty country beside a region', in_('region', ca, { [COUNTRY]: '', [REGION]: 'CA' }), GEO],
  [
    'an empty country beside a region, as claimed',
    in_('vod', { reg: ['-CA'] }, { [COUNTRY]: '', [REGION]: 'CA' }),
    GEO,
  ],
  ['both in the region header', in_('region', ca, { [COUNTRY]: '', [REGION]: 'US-CA' }), GEO],
  ['split elsewhere', in_('region', ca, { [COUNTRY]: 'US-CA', [REGION]: '' }), GEO],
  ['no region header', in_('region', ca, { [COUNTRY]: 'US' }), GEO],
  ['no country header', in_('region', ca, { [REGION]: 'CA' }), GEO],
  ['fallback, no region header', in_('region', soft, { [COUNTRY]: 'US' }), 'pass /region/a'],
  ['fallback, no header at all', in_('region', soft, {}), 'pass /region/a'],
  ['fallback, wrong region', in_('region', soft, { [COUNTRY]: 'US', [REGION]: 'NV' }), GEO],
  ['fallback, empty region', in_('region', soft, { [COUNTRY]: 'US', [REGION]: '' }), GEO],
  ['fallback, repeated region', in_('region', soft, { [COUNTRY]: 'US', [REGION]: ['CA', 'CA'] }), GEO],
]);

const paris = { co: ['FR'], cty: ['Paris'] };
table('cities', [
  ['allowed', in_('city', paris, { [COUNTRY]: 'FR', [CITY]: 'Paris' }), 'pass /city/a'],
  ['other city', in_('city', paris, { [COUNTRY]: 'FR', [CITY]: 'Lyon' }), GEO],
  ['same city of another country', in_('city', paris, { [COUNTRY]: 'US', [CITY]: 'Paris' }), GEO],
  ['not in the policy', in_('city', { co: ['FR'], cty: ['Nice'] }, { [COUNTRY]: 'FR', [CITY]: 'Nice' }), POLICY],
  ['no city header', in_('city', paris, { [COUNTRY]: 'FR' }), GEO],
  ['fallback, no city header', in_('city', { ...paris, cty_fallback: true }, { [COUNTRY]: 'FR' }), 'pass /city/a'],
  ['fallback skips this one check only', in_('city', { ...paris, cty_fallback: true }, { [COUNTRY]: 'BE' }), GEO],
  [
    'beyond ASCII',
    in_('vod', { co: ['DE'], cty: ['M\u00fcnchen'] }, { [COUNTRY]: 'DE', [CITY]: 'M\u00fcnchen' }),
    'pass /vod/a',
  ],
]);

table('half of country and region', [
  ['region missing', in_('region', soft, { [COUNTRY]: 'US' }), 'pass /region/a'],
  ['region missing, country repeated', in_('region', soft, { [COUNTRY]: ['US', 'FR'] }), GEO],
  ['region missing, country empty', in_('region', soft, { [COUNTRY]: '' }), GEO],
  ['region missing, country of no listed region', in_('region', soft, { [COUNTRY]: 'DE' }), GEO],
  ['region missing, country cut short', in_('region', soft, { [COUNTRY]: 'U' }), GEO],
  ['country missing', in_('region', soft, { [REGION]: 'CA' }), 'pass /region/a'],
  ['country missing, region empty', in_('region', soft, { [REGION]: '' }), GEO],
  ['country missing, region repeated', in_('region', soft, { [REGION]: ['CA', 'CA'] }), GEO],
]);
