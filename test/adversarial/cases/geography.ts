/** Geography: headers absent, empty, repeated, moved from one to the other, and fallbacks that reach too far. */
import { type Asked, claims, token } from '../../runtime/base/world.ts';
import { each, type Family, GEO, POLICY } from '../build.ts';

const CO = 'cloudfront-viewer-country';
const REG = 'cloudfront-viewer-country-region';
const CTY = 'cloudfront-viewer-city';
const to = (stream: string, more: Record<string, unknown>, headers: Asked['headers']): Asked => ({
  uri: `/${token(claims([`/${stream}/`], more))}/${stream}/a`,
  ...(headers && { headers }),
});
const co = (value: string | string[] | undefined, more = {}): Asked =>
  to('country', { co: ['FR', 'BE'], ...more }, value === undefined ? {} : { [CO]: value });
const reg = (country: string | string[] | undefined, region: string | string[] | undefined, soft = false): Asked =>
  to(
    'region',
    { reg: ['US-CA'], ...(soft && { reg_fallback: true }) },
    {
      ...(country !== undefined && { [CO]: country }),
      ...(region !== undefined && { [REG]: region }),
    },
  );
const cty = (country: string | undefined, city: string | string[] | undefined, soft = false): Asked =>
  to(
    'city',
    { co: ['FR'], cty: ['Paris'], ...(soft && { cty_fallback: true }) },
    {
      ...(country !== undefined && { [CO]: country }),
      ...(city !== undefined && { [CTY]: city }),
    },
  );

export const geography: Family[] = [
  {
    attack: 'country headers',
    cases: [
      ['FR', co('FR'), 'pass /country/a'],
      ['BE', co('BE'), 'pass /country/a'],
      ...each(
        GEO,
        [
          undefined,
          '',
          ' ',
          'DE',
          'fr',
          'Fr',
          'F',
          'FRA',
          'FR ',
          ' FR',
          'FR,BE',
          'FR;BE',
          'France',
          'undefined',
          'null',
          '0',
          '\u0000',
          'FR\u0000',
          'FR\n',
          '*',
          '\uff26\uff32',
        ].map((value) => [`${JSON.stringify(value)}`, co(value)]),
      ),
      ...each(GEO, [
        ['twice the same', co(['FR', 'FR'])],
        ['two that are both allowed', co(['FR', 'BE'])],
        ['the first allowed', co(['FR', 'DE'])],
        ['the last allowed', co(['DE', 'FR'])],
        ['one empty', co(['FR', ''])],
      ]),
      ['the country of the region header', to('country', { co: ['FR'] }, { [REG]: 'FR' }), GEO],
      ['the country of the city header', to('country', { co: ['FR'] }, { [CTY]: 'FR' }), GEO],
      ['in a parameter', { ...to('country', { co: ['FR'] }, {}), query: `${CO}=FR` }, GEO],
      ['in a cookie', { ...to('country', { co: ['FR'] }, {}), cookies: { [CO]: 'FR' } }, GEO],
      [
        'in other headers',
        to('country', { co: ['FR'] }, { 'cf-ipcountry': 'FR', 'x-country': 'FR', 'viewer-country': 'FR' }),
        GEO,
      ],
      ['a token of its own countries on a free stream', to('vod', { co: ['FR'] }, { [CO]: 'DE' }), GEO],
      ['and no header there', to('vod', { co: ['FR'] }, {}), GEO],
      ['and the right one there', to('vod', { co: ['FR'] }, { [CO]: 'FR' }), 'pass /vod/a'],
    ],
  },
  {
    attack: 'region headers',
    cases: [
      ['as claimed', reg('US', 'CA'), 'pass /region/a'],
      ...each(GEO, [
        ['another region', reg('US', 'NV')],
        ['the region of another country', reg('MX', 'CA')],
        ['no country', reg(undefined, 'CA')],
        ['no region', reg('US', undefined)],
        ['neither', reg(undefined, undefined)],
        ['both in the region', reg(undefined, 'US-CA')],
        ['both in the country', reg('US-CA', undefined)],
        ['both in the region, empty country', reg('', 'US-CA')],
        ['both in the country, empty region', reg('US-CA', '')],
        ['the dash moved to the country', reg('US-', 'CA')],
        ['the dash moved to the region', reg('US', '-CA')],
        ['letters moved to the region', reg('U', 'S-CA')],
        ['letters moved to the country', reg('US-C', 'A')],
        ['swapped', reg('CA', 'US')],
        ['lower case', reg('us', 'ca')],
        ['country twice', reg(['US', 'US'], 'CA')],
        ['region twice', reg('US', ['CA', 'CA'])],
        ['region in the city header', to('region', { reg: ['US-CA'] }, { [CO]: 'US', [CTY]: 'CA' })],
      ]),
    ],
  },
  {
    attack: 'a region that may fall back',
    cases: [
      ...each('pass /region/a', [
        ['as claimed', reg('US', 'CA', true)],
        ['no region', reg('US', undefined, true)],
        ['neither', reg(undefined, undefined, true)],
        ['no country', reg(undefined, 'CA', true)],
      ]),
      ...each(GEO, [
        ['another region', reg('US', 'NV', true)],
        ['another country', reg('DE', undefined, true)],
        ['another country, the region fits', reg('MX', 'CA', true)],
        ['empty region', reg('US', '', true)],
        ['empty country', reg('', undefined, true)],
        ['empty both', reg('', '', true)],
        ['region twice', reg('US', ['CA', 'CA'], true)],
        ['country twice', reg(['US', 'US'], undefined, true)],
        ['no country, empty region', reg(undefined, '', true)],
        ['part of the country', reg('U', undefined, true)],
      ]),
    ],
  },
  {
    attack: 'city headers',
    cases: [
      ['as claimed', cty('FR', 'Paris'), 'pass /city/a'],
      ['no header, and it may fall back', cty('FR', undefined, true), 'pass /city/a'],
      ...each(GEO, [
        ['another city', cty('FR', 'Lyon')],
        ['the city of another country', cty('US', 'Paris')],
        ['no city', cty('FR', undefined)],
        ['no country', cty(undefined, 'Paris')],
        ['empty', cty('FR', '')],
        ['twice', cty('FR', ['Paris', 'Paris'])],
        ['lower case', cty('FR', 'paris')],
        ['a blank', cty('FR', 'Paris ')],
        ['empty, and it may fall back', cty('FR', '', true)],
        ['twice, and it may fall back', cty('FR', ['Paris', 'Paris'], true)],
        ['another one, and it may fall back', cty('FR', 'Lyon', true)],
        ['no header at all, and it may fall back', cty(undefined, undefined, true)],
        ['another country, and it may fall back', cty('BE', undefined, true)],
      ]),
      [
        'a city beyond ASCII',
        to('vod', { co: ['DE'], cty: ['M\u00fcnchen'] }, { [CO]: 'DE', [CTY]: 'M\u00fcnchen' }),
        'pass /vod/a',
      ],
      [
        'a city beyond ASCII, decomposed',
        to('vod', { co: ['DE'], cty: ['M\u00fcnchen'] }, { [CO]: 'DE', [CTY]: 'Mu\u0308nchen' }),
        GEO,
      ],
      ['cities and the wrong policy', to('city', { co: ['FR'], cty: ['Nice'] }, { [CO]: 'FR', [CTY]: 'Nice' }), POLICY],
    ],
  },
];
