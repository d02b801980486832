/** What a token is bound to, and where it plays. */
import type { Attribute } from '../../../helpers/sign.ts';
import type { Claims, Pair, RequestVector } from '../../types.ts';
import { AGENT, IPV4, IPV6, KEY1, KEY2, NOW, SESSION } from '../keys.ts';
import { at, bound, type Case, claims, forward, refuse } from './ask.ts';

const MISMATCH = refuse('binding_mismatch');
const POLICY = refuse('policy_not_met');
const GEO = refuse('geo_not_allowed');

/** A request whose viewer is at `viewer`, with a token for the network `value`. */
function network(name: `${4 | 6}/${number}`, value: string, viewer: string): Case[1] {
  const [family, width] = name.split('/').map(Number) as [number, number];
  const content = bound(claims(['/network/'], { ip: width, ip_ver: family }), [['i', name, value]]);
  return at('/network/a', content, { ip: viewer });
}
const toNetwork = forward('/network/a');
const V6_56 = '2001:0db8:85a3:0800:0000:0000:0000:0000';

export const networks: Case[] = [
  ['IPv4', network('4/24', '203.0.113.0', IPV4), toNetwork],
  ['IPv4, the last address', network('4/24', '203.0.113.0', '203.0.113.255'), toNetwork],
  ['IPv4, the next network', network('4/24', '203.0.113.0', '203.0.114.0'), MISMATCH],
  ['IPv4, a width that is no whole byte', network('4/27', '203.0.113.64', IPV4), toNetwork],
  ['IPv4, narrower than the policy', network('4/32', IPV4, IPV4), toNetwork],
  ['IPv4, wider than the policy', network('4/23', '203.0.112.0', IPV4), POLICY],
  ['IPv4, host bits left in', network('4/24', IPV4, IPV4), MISMATCH],
  ['IPv4, mapped into IPv6', network('4/24', '203.0.113.0', `::ffff:${IPV4}`), toNetwork],
  ['IPv6', network('6/56', V6_56, IPV6), toNetwork],
  ['IPv6, upper case and short', network('6/64', '2001:0db8:0000:0000:0000:0000:0000:0000', '2001:DB8::1'), toNetwork],
  ['IPv6, the next network', network('6/56', V6_56, '2001:db8:85a3:900::1'), MISMATCH],
  ['IPv6, bound in short form', network('6/56', '2001:db8:85a3:800::', IPV6), MISMATCH],
  ['IPv6, wider than the policy', network('6/48', '2001:0db8:85a3:0000:0000:0000:0000:0000', IPV6), POLICY],
  ['the other family', network('4/24', '203.0.113.0', IPV6), MISMATCH],
  ['not bound', at('/network/a', claims(['/network/'])), POLICY],
];

const agent: Attribute = ['h', 'user-agent', AGENT];
const sent = (...headers: Pair[]): Partial<RequestVector> => ({ headers });
const ua = (value = AGENT): Claims =>
  bound(claims(['/agent/'], { headers: ['user-agent'] }), [['h', 'user-agent', value]]);
const two: Attribute[] = [agent, ['h', 'x-device', 'tv']];
const withDevice = bound(claims(['/agent/'], { headers: ['user-agent', 'x-device'] }), two);
const toAgent = forward('/agent/a');

export const boundHeaders: Case[] = [
  ['the same', at('/agent/a', ua()), toAgent],
  ['another value', at('/agent/a', ua(), sent(['user-agent', 'Other'])), MISMATCH],
  ['other case of the value', at('/agent/a', ua(), sent(['user-agent', AGENT.toLowerCase()])), MISMATCH],
  ['absent', at('/agent/a', ua(), sent()), MISMATCH],
  ['empty', at('/agent/a', ua(''), sent(['user-agent', ''])), MISMATCH],
  ['repeated', at('/agent/a', ua(), sent(['user-agent', AGENT], ['user-agent', AGENT])), MISMATCH],
  ['beyond ASCII', at('/agent/a', ua('Télé 日本'), sent(['user-agent', 'Télé 日本'])), toAgent],
  ['1,024 bytes', at('/agent/a', ua('x'.repeat(1024)), sent(['user-agent', 'x'.repeat(1024)])), toAgent],
  ['1,025 bytes', at('/agent/a', ua('x'.repeat(1025)), sent(['user-agent', 'x'.repeat(1025)])), MISMATCH],
  [
    'more than the policy demands',
    at('/agent/a', withDevice, sent(['user-agent', AGENT], ['x-device', 'tv'])),
    toAgent,
  ],
  ['more than the policy demands, absent', at('/agent/a', withDevice), MISMATCH],
  ['values swapped', at('/agent/a', withDevice, sent(['user-agent', 'tv'], ['x-device', AGENT])), MISMATCH],
  ['not bound', at('/agent/a', claims(['/agent/'])), POLICY],
  [
    'another one bound',
    at('/agent/a', bound(claims(['/agent/'], { headers: ['x-device'] }), two.slice(1)), sent(['x-device', 'tv'])),
    POLICY,
  ],
];

const tv = bound(claims(['/device/'], { qs: ['device'] }), [['q', 'device', 'tv']]);
const escaped = bound(claims(['/device/'], { qs: ['device'] }), [['q', 'device', '%74v']]);
const toDevice = forward('/device/a');
const NOT_CANONICAL = refuse('query_not_canonical');

export const boundQuery: Case[] = [
  ['the same', at('/device/a', tv, { query: 'device=tv' }), toDevice],
  ['among others', at('/device/a', tv, { query: 'a=1&device=tv&b=%20' }), toDevice],
  ['another value', at('/device/a', tv, { query: 'device=pc' }), MISMATCH],
  ['another spelling of the value', at('/device/a', tv, { query: 'device=%74v' }), MISMATCH],
  ['bound in the spelling in which it is sent', at('/device/a', escaped, { query: 'device=%74v' }), toDevice],
  ['absent', at('/device/a', tv), MISMATCH],
  ['empty', at('/device/a', tv, { query: 'device=' }), MISMATCH],
  ['repeated', at('/device/a', tv, { query: 'device=tv&device=tv' }), MISMATCH],
  ['not bound', at('/device/a', claims(['/device/']), { query: 'device=tv' }), POLICY],
  ...['d%65vice=tv', 'device=tv;x=1', 'device[]=tv', 'device=tv&&x=1', 'device=tv&', '=tv', 'a+b=1&device=tv'].map(
    (query): Case => [`not canonical, ${query}`, at('/device/a', tv, { query }), NOT_CANONICAL],
  ),
  ['free where nothing is read from it', at('/vod/a', claims(['/vod/']), { query: 'a[]=1;b&&c' }), forward('/vod/a')],
];

const content = claims(['/agent/'], { ssn: SESSION, headers: ['user-agent'] });
const withIntsigOf = (other: Claims, key = KEY1): Case[1] =>
  at('/agent/a', { ...content, intsig: bound({ ...content, ...other }, [agent], key).intsig });

export const bindings: Case[] = [
  ['of this token', withIntsigOf({}), toAgent],
  ['of another session', withIntsigOf({ ssn: 'y'.repeat(22) }), MISMATCH],
  ['of another iat', withIntsigOf({ iat: NOW - 61 }), MISMATCH],
  ['of another exp', withIntsigOf({ exp: NOW + 601 }), MISMATCH],
  ['of another audience', withIntsigOf({ aud: 'acme/prod' }), MISMATCH],
  ['by another kid', withIntsigOf({}, KEY2), MISMATCH],
  ['by the sign key', withIntsigOf({}, { ...KEY1, bind: KEY1.sign }), MISMATCH],
  [
    'over the audience that matches, of a list',
    at('/agent/a', { ...bound(content, [agent]), aud: ['acme/prod', 'acme/test'] }),
    toAgent,
  ],
  ['empty', at('/agent/a', { ...content, intsig: '' }), MISMATCH],
];

const COUNTRY = 'cloudfront-viewer-country';
const REGION = 'cloudfront-viewer-country-region';
const CITY = 'cloudfront-viewer-city';
const from = (stream: string, more: Claims, headers: Pair[]): Case[1] =>
  at(`/${stream}/a`, claims([`/${stream}/`], more), { headers });
const fr = { co: ['FR'] };
const ca = { reg: ['US-CA'] };
const soft = { ...ca, reg_fallback: true };
const paris = { co: ['FR'], cty: ['Paris'] };
const us: Pair = [COUNTRY, 'US'];

export const places: Case[] = [
  ['country', from('country', { co: ['FR', 'BE'] }, [[COUNTRY, 'BE']]), forward('/country/a')],
  ['country, fewer than the policy', from('country', fr, [[COUNTRY, 'FR']]), forward('/country/a')],
  ['country, not in the token', from('country', fr, [[COUNTRY, 'BE']]), GEO],
  ['country, not in the policy', from('country', { co: ['FR', 'DE'] }, [[COUNTRY, 'FR']]), POLICY],
  ['country, no claim', from('country', {}, [[COUNTRY, 'FR']]), POLICY],
  ['country, no header', from('country', fr, []), GEO],
  ['country, header empty', from('country', fr, [[COUNTRY, '']]), GEO],
  [
    'country, header repeated',
    from('country', fr, [
      [COUNTRY, 'FR'],
      [COUNTRY, 'FR'],
    ]),
    GEO,
  ],
  [
    'country, a fallback the policy does not give',
    from('country', { ...fr, co_fallback: true }, [[COUNTRY, 'FR']]),
    POLICY,
  ],
  ['country, where the policy says nothing', from('vod', fr, [[COUNTRY, 'DE']]), GEO],
  ['region', from('region', ca, [us, [REGION, 'CA']]), forward('/region/a')],
  ['region, another', from('region', ca, [us, [REGION, 'NV']]), GEO],
  [
    'region, of another country',
    from('region', ca, [
      [COUNTRY, 'ES'],
      [REGION, 'CA'],
    ]),
    GEO,
  ],
  ['region, no header', from('region', ca, [us]), GEO],
  ['region, no header, fallback', from('region', soft, [us]), forward('/region/a')],
  ['region, no header at all, fallback', from('region', soft, []), forward('/region/a')],
  ['region, another, fallback', from('region', soft, [us, [REGION, 'NV']]), GEO],
  ['region, header empty, fallback', from('region', soft, [us, [REGION, '']]), GEO],
  [
    'city',
    from('city', paris, [
      [COUNTRY, 'FR'],
      [CITY, 'Paris'],
    ]),
    forward('/city/a'),
  ],
  [
    'city, beyond ASCII',
    from('city', { ...paris, cty: ['%C3%89vry'] }, [
      [COUNTRY, 'FR'],
      [CITY, '%C3%89vry'],
    ]),
    forward('/city/a'),
  ],
  [
    'city, another',
    from('city', paris, [
      [COUNTRY, 'FR'],
      [CITY, 'Lyon'],
    ]),
    GEO,
  ],
  ['city, of another country', from('city', paris, [us, [CITY, 'Paris']]), GEO],
  ['city, no header', from('city', paris, [[COUNTRY, 'FR']]), GEO],
  ['city, no header, fallback', from('city', { ...paris, cty_fallback: true }, [[COUNTRY, 'FR']]), forward('/city/a')],
  ['city, the fallback is for the city only', from('city', { ...paris, cty_fallback: true }, [us]), GEO],
];

const everything = bound(
  claims(['/home/ch1/'], { ssn: SESSION, co: ['FR'], ip: 64, ip_ver: 6, headers: ['user-agent'] }),
  [['i', '6/64', '2001:0db8:85a3:08d3:0000:0000:0000:0000'], agent],
);
const atHome: Partial<RequestVector> = {
  ip: IPV6,
  headers: [
    ['user-agent', AGENT],
    [COUNTRY, 'FR'],
  ],
};

const complete = bound(
  claims(['/complete/ch1/'], {
    ssn: SESSION,
    co: ['FR', 'BE'],
    reg: ['FR-IDF'],
    reg_fallback: true,
    cty: ['%C3%89vry'],
    cty_fallback: true,
    ip: 32,
    ip_ver: 4,
    headers: ['user-agent', 'x-device'],
    qs: ['device', 'app'],
  }),
  [['i', '4/32', IPV4], agent, ['h', 'x-device', 'tv-1'], ['q', 'device', 'tv'], ['q', 'app', '7']],
);
const evry: Pair[] = [
  ['user-agent', AGENT],
  ['x-device', 'tv-1'],
  [COUNTRY, 'FR'],
  [REGION, 'IDF'],
  [CITY, '%C3%89vry'],
];
const nowhere = evry.slice(0, 3);

export const together: Case[] = [
  [
    'every claim fits',
    at('/complete/ch1/a', complete, { query: 'app=7&device=tv', headers: evry }),
    forward('/complete/ch1/a'),
  ],
  [
    'every claim fits, two of them by fallback',
    at('/complete/ch1/a', complete, { query: 'app=7&device=tv', headers: nowhere }),
    forward('/complete/ch1/a'),
  ],
  [
    'one parameter of two differs',
    at('/complete/ch1/a', complete, { query: 'app=8&device=tv', headers: evry }),
    MISMATCH,
  ],
  ['all fits', at('/home/ch1/s1.m4s', everything, atHome), forward('/home/ch1/s1.m4s', { origin: 'live' })],
  [
    'another country',
    at('/home/ch1/s1.m4s', everything, {
      ...atHome,
      headers: [
        ['user-agent', AGENT],
        [COUNTRY, 'DE'],
      ],
    }),
    GEO,
  ],
  ['another network', at('/home/ch1/s1.m4s', everything, { ...atHome, ip: IPV4 }), MISMATCH],
  [
    'another player',
    at('/home/ch1/s1.m4s', everything, {
      ...atHome,
      headers: [
        ['user-agent', 'x'],
        [COUNTRY, 'FR'],
      ],
    }),
    MISMATCH,
  ],
  ['another folder', at('/home/ch2/s1.m4s', everything, atHome), refuse('path_not_allowed')],
  ['no session', at('/home/ch1/a', claims(['/home/ch1/'], { co: ['FR'] }), atHome), POLICY],
];
