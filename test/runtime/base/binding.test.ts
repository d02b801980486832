/** Step 9, viewer binding: the network, headers and parameters that a token is bound to, and those it should be. */
import type { Attribute } from '../../helpers/sign.ts';
import { AGENT, bind, type Case, claims, IPV4, IPV6, K1, K2, NOW, SESSION, state, table, token } from './world.ts';

const MISMATCH = '403 binding_mismatch';
const POLICY = '403 policy_not_met';

const network = (ip_ver: 4 | 6, ip: number, value: string): string =>
  token(bind(claims(['/network/'], { ip, ip_ver }), [['i', `${ip_ver}/${ip}`, value]]));
const v4 = (bits: number, value: string): string => `/${network(4, bits, value)}/network/a`;
const v6 = (bits: number, value: string): string => `/${network(6, bits, value)}/network/a`;
const PASS_NETWORK = 'pass /network/a';

table('network', [
  ['IPv4 /32', { uri: v4(32, IPV4) }, PASS_NETWORK],
  ['IPv4 /32, neighbour', { uri: v4(32, IPV4), ip: '203.0.113.76' }, MISMATCH],
  ['IPv4 /24', { uri: v4(24, '203.0.113.0') }, PASS_NETWORK],
  ['IPv4 /24, same network', { uri: v4(24, '203.0.113.0'), ip: '203.0.113.255' }, PASS_NETWORK],
  ['IPv4 /24, next network', { uri: v4(24, '203.0.113.0'), ip: '203.0.114.0' }, MISMATCH],
  ['IPv4 /27', { uri: v4(27, '203.0.113.64') }, PASS_NETWORK],
  ['IPv4 /27, outside', { uri: v4(27, '203.0.113.64'), ip: '203.0.113.96' }, MISMATCH],
  ['host bits left in', { uri: v4(24, IPV4) }, MISMATCH],
  ['wider than the policy', { uri: v4(23, '203.0.112.0') }, POLICY],
  ['no binding at all', { uri: `/${token(claims(['/network/']))}/network/a` }, POLICY],
  ['IPv4-mapped viewer', { uri: v4(32, IPV4), ip: `::ffff:${IPV4}` }, PASS_NETWORK],
  ['IPv4-mapped viewer, upper case', { uri: v4(24, '203.0.113.0'), ip: `::FFFF:${IPV4}` }, PASS_NETWORK],
  ['IPv4-mapped viewer in groups', { uri: v4(32, IPV4), ip: '0:0:0:0:0:ffff:cb00:714d' }, PASS_NETWORK],
  [
    'IPv4-mapped viewer for an IPv6 token',
    { uri: v6(128, '0000:0000:0000:0000:0000:ffff:cb00:714d'), ip: `::ffff:${IPV4}` },
    MISMATCH,
  ],
  ['leading zeros', { uri: v4(24, '203.0.113.0'), ip: '203.000.113.077' }, MISMATCH],
  ['IPv6 /128', { uri: v6(128, '2001:0db8:85a3:08d3:1319:8a2e:0370:7348'), ip: IPV6 }, PASS_NETWORK],
  ['IPv6 /64', { uri: v6(64, '2001:0db8:85a3:08d3:0000:0000:0000:0000'), ip: IPV6 }, PASS_NETWORK],
  ['IPv6 /56', { uri: v6(56, '2001:0db8:85a3:0800:0000:0000:0000:0000'), ip: IPV6 }, PASS_NETWORK],
  ['IPv6 /60', { uri: v6(60, '2001:0db8:85a3:08d0:0000:0000:0000:0000'), ip: IPV6 }, PASS_NETWORK],
  ['IPv6 compressed', { uri: v6(64, '2001:0db8:0000:0000:0000:0000:0000:0000'), ip: '2001:DB8::1' }, PASS_NETWORK],
  [
    'IPv6 expanded',
    { uri: v6(128, '2001:0db8:0000:0000:0000:0000:0000:0001'), ip: '2001:0db8:0:0000::0001' },
    PASS_NETWORK,
  ],
  [
    'IPv6 /64, next network',
    { uri: v6(64, '2001:0db8:85a3:08d3:0000:0000:0000:0000'), ip: '2001:db8:85a3:8d4::1' },
    MISMATCH,
  ],
  ['IPv6 wider than the policy', { uri: v6(48, '2001:0db8:85a3:0000:0000:0000:0000:0000'), ip: IPV6 }, POLICY],
  ['IPv6 with a zone', { uri: v6(64, 'fe80:0000:0000:0000:0000:0000:0000:0000'), ip: 'fe80::1%eth0' }, MISMATCH],
  ['the other family', { uri: v4(24, '203.0.113.0'), ip: IPV6 }, MISMATCH],
  ['the other family, reversed', { uri: v6(64, '2001:0db8:85a3:08d3:0000:0000:0000:0000') }, MISMATCH],
  ...[
    '',
    'unknown',
    '1.2.3',
    '1.2.3.4.5',
    '256.1.1.1',
    '1:2',
    '::1::',
    ':::',
    '1:2:3:4:5:6:7:8:9',
    'g::1',
    '12345::',
  ].map(
    (ip): Case => [
      `no address: ${JSON.stringify(ip)}`,
      { uri: v6(64, '0000:0000:0000:0000:0000:0000:0000:0000'), ip },
      MISMATCH,
    ],
  ),
]);

const agent = (value = AGENT, names = ['user-agent'], more: Record<string, unknown> = {}): string => {
  const content = claims(['/agent/'], { headers: names, ...more });
  return `/${token(
    bind(
      content,
      names.map((name) => ['h', name, value]),
    ),
  )}/agent/a`;
};
const PASS_AGENT = 'pass /agent/a';
const long = 'x'.repeat(1024);

table('headers', [
  ['the same', { uri: agent() }, PASS_AGENT],
  ['another', { uri: agent(), headers: { 'user-agent': 'Other' } }, MISMATCH],
  ['other case of the value', { uri: agent(), headers: { 'user-agent': AGENT.toUpperCase() } }, MISMATCH],
  ['absent', { uri: agent(AGENT, ['user-agent', 'x-tv']) }, MISMATCH],
  ['empty', { uri: agent(''), headers: { 'user-agent': '' } }, MISMATCH],
  ['repeated', { uri: agent(), headers: { 'user-agent': [AGENT, AGENT] } }, MISMATCH],
  ['1 KB', { uri: agent(long), headers: { 'user-agent': long } }, PASS_AGENT],
  ['over 1 KB', { uri: agent(`${long}x`), headers: { 'user-agent': `${long}x` } }, MISMATCH],
  [
    'over 1 KB of bytes',
    { uri: agent('\u00fc'.repeat(513)), headers: { 'user-agent': '\u00fc'.repeat(513) } },
    MISMATCH,
  ],
  [
    'beyond ASCII',
    { uri: agent('T\u00e9l\u00e9 \u65e5'), headers: { 'user-agent': 'T\u00e9l\u00e9 \u65e5' } },
    PASS_AGENT,
  ],
  [
    'separators inside',
    { uri: agent('1:h10:user-agent3:abc'), headers: { 'user-agent': '1:h10:user-agent3:abc' } },
    PASS_AGENT,
  ],
  ['not bound', { uri: `/${token(claims(['/agent/']))}/agent/a` }, POLICY],
  ['another one bound', { uri: agent('*/*', ['accept']) }, POLICY],
  [
    'one more bound',
    { uri: agent('same', ['x-a', 'user-agent']), headers: { 'user-agent': 'same', 'x-a': 'same' } },
    PASS_AGENT,
  ],
  ['upper case in the claim', { uri: agent(AGENT, ['User-Agent', 'user-agent']) }, MISMATCH],
  ...['__proto__', 'constructor', 'toString', 'hasOwnProperty', 'cookie'].map(
    (name): Case => [`a header called ${name}`, { uri: agent(AGENT, ['user-agent', name]) }, MISMATCH],
  ),
]);

const pair = (attributes: [name: string, value: string][], request: Record<string, string>): Case[1] => {
  const content = claims(['/agent/'], { headers: attributes.map(([name]) => name) });
  return {
    uri: `/${token(
      bind(
        content,
        attributes.map(([name, value]) => ['h', name, value]),
      ),
    )}/agent/a`,
    headers: request,
  };
};
const two: [string, string][] = [
  ['user-agent', 'ab'],
  ['x-b', 'c'],
];

table('values cannot move between fields', [
  ['as bound', pair(two, { 'user-agent': 'ab', 'x-b': 'c' }), PASS_AGENT],
  ['a letter moved', pair(two, { 'user-agent': 'a', 'x-b': 'bc' }), MISMATCH],
  ['swapped', pair(two, { 'user-agent': 'c', 'x-b': 'ab' }), MISMATCH],
  ['both in one', pair(two, { 'user-agent': 'ab1:h3:x-b1:c', 'x-b': 'c' }), MISMATCH],
  [
    'header for parameter',
    { ...device(['h', 'device', 'tv']), query: 'device=tv', headers: { device: 'tv' } },
    MISMATCH,
  ],
]);

/** A token for `/device/` whose one attribute is bound as given, whatever the claim says. */
function device(attribute: ['h' | 'q', string, string], names = ['device']): { uri: string } {
  return { uri: `/${token(bind(claims(['/device/'], { qs: names }), [attribute]))}/device/a` };
}
const tv = device(['q', 'device', 'tv']);
const PASS_DEVICE = 'pass /device/a';
const QUERY = '400 query_not_canonical';

table('query parameters', [
  ['the same', { ...tv, query: 'device=tv' }, PASS_DEVICE],
  ['among others', { ...tv, query: 'a=1&device=tv&b=%20;'.replace(';', '') }, PASS_DEVICE],
  ['another', { ...tv, query: 'device=pc' }, MISMATCH],
  ['escaped value', { ...tv, query: 'device=%74v' }, MISMATCH],
  ['escaped value as bound', { ...device(['q', 'device', '%74v']), query: 'device=%74v' }, PASS_DEVICE],
  ['absent', { ...tv }, MISMATCH],
  ['empty', { ...device(['q', 'device', '']), query: 'device=' }, MISMATCH],
  ['without value', { ...device(['q', 'device', '']), query: 'device' }, MISMATCH],
  ['repeated', { ...tv, query: 'device=tv&device=tv' }, MISMATCH],
  ['not bound', { uri: `/${token(claims(['/device/']))}/device/a`, query: 'device=tv' }, POLICY],
  [
    'called __proto__',
    {
      uri: `/${token(
        bind(claims(['/device/'], { qs: ['device', '__proto__'] }), [
          ['q', 'device', 'tv'],
          ['q', '__proto__', 'x'],
        ]),
      )}/device/a`,
      query: 'device=tv',
    },
    MISMATCH,
  ],
  ...[
    'd%65vice=tv',
    'device=tv&dev%69ce=pc',
    'device=tv;x=1',
    'a;b=1&device=tv',
    'device[]=tv',
    'device=tv&&x=1',
    '&device=tv',
    'device=tv&',
    'a+b=1&device=tv',
    '=tv',
    'device=tv&=x',
    'de vice=tv',
    'd\u00e9vice=1',
  ].map((query): Case => [`not canonical: ${query}`, { ...tv, query }, QUERY]),
  ['parsed only, the same', { ...tv, query: 'device=tv', raw: false }, PASS_DEVICE],
  ['parsed only, escaped name', { ...tv, query: 'device=tv&dev%69ce=pc', raw: false }, QUERY],
  ['parsed only, semicolon', { ...tv, query: 'device=tv&x=1;device=pc', raw: false }, QUERY],
  ['parsed only, no name', { ...tv, query: '=tv', raw: false }, QUERY],
  ['parsed only, none', { ...tv, raw: false }, MISMATCH],
  [
    'bound where the policy binds none',
    {
      uri: `/${token(bind(claims(['/vod/'], { qs: ['device'] }), [['q', 'device', 'tv']]))}/vod/a`,
      query: 'device=tv',
    },
    'pass /vod/a',
  ],
  [
    'bound where the policy binds none, not canonical',
    {
      uri: `/${token(bind(claims(['/vod/'], { qs: ['device'] }), [['q', 'device', 'tv']]))}/vod/a`,
      query: 'device=tv;',
    },
    QUERY,
  ],
  ['elsewhere the query is free', { uri: `/${token(claims(['/vod/']))}/vod/a`, query: 'a[]=1;b&&c' }, 'pass /vod/a'],
]);

const content = claims(['/agent/'], { headers: ['user-agent'], ssn: SESSION });
const at = (claimsOf: Record<string, unknown>): { uri: string } => ({ uri: `/${token(claimsOf)}/agent/a` });
const ua: ['h', string, string] = ['h', 'user-agent', AGENT];

table('the binding belongs to its token', [
  ['as it is', at(bind(content, [ua])), PASS_AGENT],
  [
    'made with the sign key',
    at({ ...content, intsig: bind(content, [ua], { ...K1, bind: K1.sign }).intsig }),
    MISMATCH,
  ],
  ['made with another kid', at(bind(content, [ua], K2)), MISMATCH],
  ['of another session', at({ ...content, intsig: bind({ ...content, ssn: 'y'.repeat(22) }, [ua]).intsig }), MISMATCH],
  ['of another issue', at({ ...content, intsig: bind({ ...content, iat: NOW - 61 }, [ua]).intsig }), MISMATCH],
  ['of another end', at({ ...content, intsig: bind({ ...content, exp: NOW + 601 }, [ua]).intsig }), MISMATCH],
  ['of another audience', at({ ...content, intsig: bind({ ...content, aud: 'acme/prod' }, [ua]).intsig }), MISMATCH],
  ['cut', at({ ...content, intsig: String(bind(content, [ua]).intsig).slice(0, -1) }), MISMATCH],
  ['the audience matched out of a list', at({ ...bind(content, [ua]), aud: ['x/y', 'acme/test'] }), PASS_AGENT],
  [
    'none of the attributes claimed, and none given',
    { ...at(bind(content, [])), headers: { 'user-agent': [AGENT, AGENT] } },
    MISMATCH,
  ],
  [
    'one attribute claimed that is not there, and not bound',
    at(bind({ ...content, headers: ['user-agent', 'x-tv'] }, [ua])),
    MISMATCH,
  ],
  ['of a header, for a viewer with IPv6', { ...at(bind(content, [ua])), ip: IPV6 }, PASS_AGENT],
  ['of a header, with a query that is not canonical', { ...at(bind(content, [ua])), query: 'a[]=1;b' }, PASS_AGENT],
  ['fewer attributes than claimed', at(bind({ ...content, headers: ['user-agent', 'accept'] }, [ua])), MISMATCH],
]);

table('an empty intsig is a wrong one', [
  ['network', { uri: `/${token(claims(['/network/'], { ip: 24, ip_ver: 4, intsig: '' }))}/network/a` }, MISMATCH],
  ['header', { uri: `/${token(claims(['/agent/'], { headers: ['user-agent'], intsig: '' }))}/agent/a` }, MISMATCH],
  [
    'parameter',
    { uri: `/${token(claims(['/device/'], { qs: ['device'], intsig: '' }))}/device/a`, query: 'device=1' },
    MISMATCH,
  ],
]);

const nothing = (path: string, more: Record<string, unknown>): { uri: string } => ({
  uri: `/${token(bind(claims([path], more), []))}${path}a`,
});
table('what is not there is no match for an intsig over nothing', [
  ['an address of the other family', { ...nothing('/network/', { ip: 24, ip_ver: 4 }), ip: IPV6 }, MISMATCH],
  ['an address that is none', { ...nothing('/network/', { ip: 64, ip_ver: 6 }), ip: 'unknown' }, MISMATCH],
  ['a header', nothing('/agent/', { headers: ['user-agent', 'x-tv'] }), MISMATCH],
  ['a parameter', nothing('/device/', { qs: ['device'] }), MISMATCH],
  ['a repeated parameter', { ...nothing('/device/', { qs: ['device'] }), query: 'device=a&device=a' }, MISMATCH],
]);

const free = (more: Record<string, unknown>, attribute: Attribute): { uri: string } => ({
  uri: `/${token(bind(claims(['/vod/'], more), [attribute]))}/vod/a`,
});
table('bound where the policy binds nothing', [
  ['a header', free({ headers: ['user-agent'] }, ua), 'pass /vod/a'],
  ['another header', { ...free({ headers: ['user-agent'] }, ua), headers: { 'user-agent': 'Other' } }, MISMATCH],
  ['an address', free({ ip: 32, ip_ver: 4 }, ['i', '4/32', IPV4]), 'pass /vod/a'],
  ['another address', { ...free({ ip: 32, ip_ver: 4 }, ['i', '4/32', IPV4]), ip: '203.0.113.76' }, MISMATCH],
]);

const cut = `${K1.bind.slice(0, 20)}*${K1.bind.slice(21)}`;
table('a bind key that is none', [
  ['is an outage', { ...at(bind(content, [ua])), state: state().replaceAll(K1.bind, cut) }, '503 state_unavailable'],
  [
    'even for who knows what is left of it',
    { ...at(bind(content, [ua], { ...K1, bind: cut })), state: state().replaceAll(K1.bind, cut) },
    '503 state_unavailable',
  ],
]);
