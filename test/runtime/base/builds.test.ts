/** Builds with one feature each: what is left out takes nothing with it that is needed. */
import type { Environment, Policy } from '../../../generator/modules/contract.ts';
import type { Attribute } from '../../helpers/sign.ts';
import { AGENT, bind, type Case, claims, edgeText, environment, IPV4, IPV6, table, token } from './world.ts';

const MISMATCH = '403 binding_mismatch';
const MALFORMED = '401 token_malformed';
const POLICY = '403 policy_not_met';

/** A deployment of one stream. */
const only = (name: string, env: Environment = environment): Environment => ({
  ...env,
  streams: { [name]: env.streams[name] as NonNullable<Environment['streams'][string]> },
});

/** A table about the build for one stream. */
function built(name: string, cases: Case[], env = environment): void {
  table(`the build for ${name}`, cases, () => edgeText(only(name, env)));
}

const bound = (path: string, more: Record<string, unknown>, attribute: Attribute): { uri: string } => ({
  uri: `/${token(bind(claims([path], more), [attribute]))}${path}a`,
});
const network = bound('/network/', { ip: 32, ip_ver: 4 }, ['i', '4/32', IPV4]);
const agent = bound('/agent/', { headers: ['user-agent'] }, ['h', 'user-agent', AGENT]);
const device = bound('/device/', { qs: ['device'] }, ['q', 'device', 'tv']);

built('network', [
  ['bound', network, 'pass /network/a'],
  ['another address', { ...network, ip: '203.0.113.76' }, MISMATCH],
  ['not bound', { uri: `/${token(claims(['/network/']))}/network/a` }, POLICY],
]);

built('agent', [
  ['bound', agent, 'pass /agent/a'],
  ['another header', { ...agent, headers: { 'user-agent': 'Other' } }, MISMATCH],
  ['not bound', { uri: `/${token(claims(['/agent/']))}/agent/a` }, POLICY],
]);

built('device', [
  ['bound', { ...device, query: 'device=tv' }, 'pass /device/a'],
  ['another parameter', { ...device, query: 'device=pc' }, MISMATCH],
  ['not bound', { uri: `/${token(claims(['/device/']))}/device/a`, query: 'device=tv' }, POLICY],
  ['not canonical, and no token', { uri: '/device/a', query: 'device=tv;' }, '400 query_not_canonical'],
]);

const query = token(claims(['/query/']));
built('query', [
  ['the parameter', { uri: '/query/a', query: `token=${query}&b=1` }, 'pass /query/a'],
  ['twice', { uri: '/query/a', query: `token=${query}&token=${query}` }, MALFORMED],
  ['in the path', { uri: `/${query}/query/a` }, MALFORMED],
  ['none', { uri: '/query/a', query: 'b=1' }, '401 token_missing'],
  ['not canonical', { uri: '/query/a', query: `token=${query};b` }, '400 query_not_canonical'],
]);

const cookie = token(claims(['/cookie/']));
built('cookie', [
  ['the cookie', { uri: '/cookie/a', cookies: { ept: cookie, b: '1' }, query: 'b[]=1' }, 'pass /cookie/a'],
  ['twice', { uri: '/cookie/a', cookies: { ept: [cookie, cookie] } }, MALFORMED],
  ['in the path', { uri: `/${cookie}/cookie/a` }, MALFORMED],
  ['none', { uri: '/cookie/a', cookies: { b: '1' } }, '401 token_missing'],
]);

const header = token(claims(['/header/']));
built('header', [
  ['the header', { uri: '/header/a', headers: { 'x-token': header }, query: 'b[]=1' }, 'pass /header/a'],
  ['twice', { uri: '/header/a', headers: { 'x-token': [header, header] } }, MALFORMED],
  ['in the path', { uri: `/${header}/header/a` }, MALFORMED],
  ['none', { uri: '/header/a' }, '401 token_missing'],
]);

const headers = { 'cloudfront-viewer-country': 'FR', 'cloudfront-viewer-city': 'Paris' };
const place = (more: Record<string, unknown>): Case[1] => ({
  uri: `/${token(claims(['/country/'], { co: ['FR'], ...more }))}/country/a`,
  headers,
});
built('country', [
  ['its country', place({}), 'pass /country/a'],
  ['a city, which nothing here looks at', place({ cty: ['Paris'] }), POLICY],
  ['a region, which nothing here looks at', place({ reg: ['FR-IDF'] }), POLICY],
]);

/** A deployment whose one policy of addresses names one family. */
const family = (ip: NonNullable<Policy['bind']>['ip']): Environment => ({
  ...environment,
  policies: { ...environment.policies, network: { lifetime: 3600, session: false, bind: { ip: ip ?? {} } } },
});
const network6 = {
  ...bound('/network/', { ip: 64, ip_ver: 6 }, ['i', '6/64', '2001:0db8:85a3:08d3:0000:0000:0000:0000']),
  ip: IPV6,
};
const unbound = { uri: `/${token(claims(['/network/']))}/network/a` };

built(
  'network',
  [
    ['IPv4 only', network, 'pass /network/a'],
    ['IPv4 only, a token of IPv6', network6, POLICY],
    ['IPv4 only, not bound', unbound, POLICY],
  ],
  family({ v4: 24 }),
);
built(
  'network',
  [
    ['IPv6 only', network6, 'pass /network/a'],
    ['IPv6 only, a token of IPv4', network, POLICY],
    ['IPv6 only, not bound', unbound, POLICY],
  ],
  family({ v6: 56 }),
);
