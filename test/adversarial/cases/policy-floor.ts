/** A stream's policy is a floor: a token that omits or widens what it demands is refused, however well it is signed. */
import { AGENT, type Asked, bind, claims, IPV4, NOW, SESSION, token } from '../../runtime/base/world.ts';
import { AT_HOME, each, everything, type Family, MALFORMED, NOT_ALLOWED, POLICY } from '../build.ts';

const to = (stream: string, more: Record<string, unknown> = {}, headers: Asked['headers'] = {}): Asked => ({
  uri: `/${token(claims([`/${stream}/`], more))}/${stream}/a`,
  headers: { ...headers },
});
/** Stream `all` with some of the attributes only; `intsig` fits what is claimed. */
function part(more: Record<string, unknown>, attributes: Parameters<typeof bind>[1]): Asked {
  const content = claims(['/all/ch1/'], { ssn: SESSION, co: ['FR'], ...more });
  const made = attributes.length > 0 ? bind(content, attributes) : content;
  return { uri: `/${token(made)}/all/ch1/x`, ...(AT_HOME && { headers: AT_HOME }) };
}
const net: Parameters<typeof bind>[1][0] = ['i', '4/32', IPV4];
const ua: Parameters<typeof bind>[1][0] = ['h', 'user-agent', AGENT];
const fr = { 'cloudfront-viewer-country': 'FR' };
const us = { 'cloudfront-viewer-country': 'US', 'cloudfront-viewer-country-region': 'CA' };

export const policyFloor: Family[] = [
  {
    attack: 'a demand that is left out',
    cases: [
      [
        'nothing is',
        { uri: `/${token(everything())}/all/ch1/x`, ...(AT_HOME && { headers: AT_HOME }) },
        'pass /all/ch1/x',
      ],
      ...each(POLICY, [
        ['the session', part({ ssn: undefined, ip: 32, ip_ver: 4, headers: ['user-agent'] }, [net, ua])],
        ['the network', part({ headers: ['user-agent'] }, [ua])],
        ['the header', part({ ip: 32, ip_ver: 4 }, [net])],
        ['the countries', part({ co: undefined, ip: 32, ip_ver: 4, headers: ['user-agent'] }, [net, ua])],
        ['both bindings', part({}, [])],
        ['network of /31', part({ ip: 31, ip_ver: 4, headers: ['user-agent'] }, [['i', '4/31', '203.0.113.76'], ua])],
        ['network of /16', part({ ip: 16, ip_ver: 4, headers: ['user-agent'] }, [['i', '4/16', '203.0.0.0'], ua])],
        ['another header instead', part({ ip: 32, ip_ver: 4, headers: ['accept'] }, [net, ['h', 'accept', '*/*']])],
        ['a parameter instead', part({ ip: 32, ip_ver: 4, qs: ['user-agent'] }, [net, ['q', 'user-agent', AGENT]])],
        ['the network of a small stream', to('network')],
        ['the header of a small stream', to('agent')],
        ['the parameter of a small stream', to('device')],
        ['the countries of a small stream', to('country', {}, fr)],
        ['the regions of a small stream', to('region', {}, us)],
        ['the cities of a small stream', to('city', { co: ['FR'] }, fr)],
        ['the countries beside the cities', to('city', { co: ['FR', 'BE'], cty: ['Paris'] }, fr)],
        ['the session of a small stream', to('session')],
        ['the session of a stream in a stream', { uri: `/${token(claims(['/vod/premium/']))}/vod/premium/a` }],
      ]),
    ],
  },
  {
    attack: 'more places than the policy',
    cases: [
      ...each(POLICY, [
        ['one more country', to('country', { co: ['FR', 'BE', 'DE'] }, fr)],
        ['another country', to('country', { co: ['DE'] }, { 'cloudfront-viewer-country': 'DE' })],
        ['lower case', to('country', { co: ['fr'] }, fr)],
        ['a blank', to('country', { co: ['FR '] }, fr)],
        ['a star', to('country', { co: ['*'] }, fr)],
        ['both in one', to('country', { co: ['FR,BE'] }, fr)],
        ['one more region', to('region', { reg: ['US-CA', 'US-TX'] }, us)],
        ['a region without its country', to('region', { reg: ['CA'] }, us)],
        ['a country for a region', to('region', { reg: ['US'] }, us)],
        ['countries for regions', to('region', { co: ['US'] }, us)],
        ['one more city', to('city', { co: ['FR'], cty: ['Paris', 'Nice'] }, fr)],
        ['__proto__', to('country', { co: ['__proto__'] }, { 'cloudfront-viewer-country': '__proto__' })],
      ]),
      ...each('pass /country/a', [
        ['fewer', to('country', { co: ['FR'] }, fr)],
        ['the same', to('country', { co: ['FR', 'BE'] }, fr)],
        ['the same in another order', to('country', { co: ['BE', 'FR'] }, fr)],
        ['one of them twice', to('country', { co: ['FR', 'FR', 'BE'] }, fr)],
      ]),
    ],
  },
  {
    attack: 'a fallback that the policy does not give',
    cases: [
      ...each(POLICY, [
        ['countries', to('country', { co: ['FR'], co_fallback: true }, fr)],
        ['countries, and no header', to('country', { co: ['FR'], co_fallback: true })],
        [
          'countries of the stream with a fallback for cities',
          to('city', { co: ['FR'], cty: ['Paris'], co_fallback: true }, fr),
        ],
        ['where the policy has no places', to('vod', { co: ['FR'], co_fallback: true }, fr)],
      ]),
      ['cities', to('city', { co: ['FR'], cty: ['Paris'], cty_fallback: true }, fr), 'pass /city/a'],
      ['regions', to('region', { reg: ['US-CA'], reg_fallback: true }), 'pass /region/a'],
      ['false is none', to('country', { co: ['FR'], co_fallback: false }, fr), 'pass /country/a'],
      [
        'for a claim that is not there',
        to('vod', { co_fallback: true, reg_fallback: true, cty_fallback: true }),
        'pass /vod/a',
      ],
    ],
  },
  {
    attack: 'a life that another stream would allow',
    cases: [
      ['as long as the policy', to('session', { ssn: SESSION, iat: NOW - 60, exp: NOW + 3540 }), 'pass /session/a'],
      ['a second longer', to('session', { ssn: SESSION, iat: NOW - 60, exp: NOW + 3541 }), POLICY],
      ['what stream vod allows', to('session', { ssn: SESSION, iat: NOW - 60, exp: NOW + 7140 }), POLICY],
      ['on the stream that allows it', to('vod', { iat: NOW - 60, exp: NOW + 7140 }), 'pass /vod/a'],
      [
        'in the stream inside it',
        { uri: `/${token(claims(['/vod/premium/'], { ssn: SESSION, exp: NOW + 7000 }))}/vod/premium/a` },
        POLICY,
      ],
    ],
  },
  {
    attack: 'paths of other streams',
    cases: [
      ['its own', to('vod'), 'pass /vod/a'],
      ...each(NOT_ALLOWED, [
        ['all of the deployment', { uri: `/${token(claims(['/']))}/vod/a` }],
        ['another stream', { uri: `/${token(claims(['/vod/']))}/session/a` }],
        ['the stream around it', { uri: `/${token(claims(['/vod/']))}/vod/premium/a` }],
        ['the stream inside it', { uri: `/${token(claims(['/vod/premium/'], { ssn: SESSION }))}/vod/a` }],
        ['another folder', { uri: `/${token(claims(['/vod/b/']))}/vod/a` }],
        ['a name that is longer', { uri: `/${token(claims(['/vod/movie1/']))}/vod/movie10/a` }],
        ['a name that is shorter', { uri: `/${token(claims(['/vod/movie10/']))}/vod/movie1/a` }],
        ['an escape in the claim', { uri: `/${token(claims(['/%76od/']))}/vod/a` }],
        ['dots in the claim', { uri: `/${token(claims(['/x/../vod/']))}/vod/a` }],
        ['a star in the claim', { uri: `/${token(claims(['/*/', '/vod/*/']))}/vod/a` }],
        ['an expression in the claim', { uri: `/${token(claims(['/.*/', '/v.d/']))}/vod/a` }],
        ['two slashes in the claim', { uri: `/${token(claims(['//vod/', '/vod//']))}/vod/a` }],
        ['a host in the claim', { uri: `/${token(claims(['/media.example.com/vod/']))}/vod/a` }],
        ['upper case in the claim', { uri: `/${token(claims(['/VOD/']))}/vod/a` }],
      ]),
      ['several, the last fits', { uri: `/${token(claims(['/', '/x/', '/vod/']))}/vod/a` }, 'pass /vod/a'],
      [
        'one inside the other',
        { uri: `/${token(claims(['/vod/', '/vod/a/', '/vod/a/b/']))}/vod/a/b/c` },
        'pass /vod/a/b/c',
      ],
      [
        'a hundred',
        { uri: `/${token(claims([...Array.from({ length: 100 }, (_, i) => `/p${i}/`), '/vod/']))}/vod/a` },
        'pass /vod/a',
      ],
      ['no slash at the end', to('vod', { paths: ['/vod'] }), MALFORMED],
    ],
  },
];
