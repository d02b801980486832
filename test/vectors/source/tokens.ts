/** `tokens.json`: from what an issuer is asked to claims to the token, byte for byte. */
import type { IssueInput, TokensFile, TokenVector } from '../types.ts';
import { deployments } from './deployments.ts';
import { claimed, issued } from './issue.ts';
import { AGENT, AUDIENCE, HOST, IPV4, IPV6, KEY1, KEY2, NOW, SESSION } from './keys.ts';
import { variantsOf } from './variants.ts';

const { main } = deployments.deployments;

function input(policy: string, path: string, more: Partial<IssueInput> = {}): IssueInput {
  const settings = main.policies[policy];
  if (settings === undefined) throw new Error(`no policy ${policy}`);
  const url = `https://${HOST}${path}`;
  return { key: KEY1, audience: AUDIENCE, policy: { name: policy, ...settings }, url, now: NOW, ...more };
}

const agent = { headers: { 'user-agent': AGENT } };
const network24 = { ip: 24, ip_ver: 4 };
const network56 = { ip: 56, ip_ver: 6 };
const NETWORK = '/network/ch1/index.m3u8';

const minted: TokenVector[] = [
  issued('plain', input('plain', '/vod/movie1/index.m3u8')),
  issued('with the other key', input('plain', '/vod/movie1/index.m3u8', { key: KEY2 })),
  issued('for a minute', input('plain', '/vod/movie1/index.m3u8', { lifetime: 60 })),
  issued('for longer than the policy says', input('plain', '/vod/movie1/index.m3u8', { lifetime: 7200 })),
  issued('for the whole stream', input('plain', '/vod/movie1/index.m3u8', { paths: ['/vod/'] })),
  issued('for several folders', input('plain', '/vod/b/index.m3u8', { paths: ['/vod/a/', '/vod/b/'] })),
  issued('of a file in the stream itself', input('plain', '/vod/index.m3u8')),
  issued('of a folder', input('plain', '/vod/movie1/')),
  issued('with the characters of a path that JSON libraries like to escape', input('plain', "/vod/a&b'(c)/@d/x.mpd")),
  issued('with escapes in the path', input('plain', '/vod/%C3%A9t%C3%A9%20%3Cb%3E/index.m3u8')),
  issued('with a query and a fragment that are not bound', input('plain', '/vod/movie1/x.mpd?a=1&b=/c/#t=3')),
  issued('with a pseudonym', input('plain', '/vod/movie1/index.m3u8', { subject: 'user-7' })),
  issued(
    'with a pseudonym beyond ASCII',
    input('plain', '/vod/movie1/index.m3u8', { subject: 'Zoë "日本" <🙂> & \\' }),
  ),
  issued('with a session', input('session', '/session/ch1/index.m3u8', { session: SESSION })),
  issued('with the shortest session', input('session', '/session/ch1/index.m3u8', { session: 'cms-session-0001' })),
  issued('with the longest session', input('session', '/session/ch1/index.m3u8', { session: 'x'.repeat(64) })),
  issued('with a session nobody demands', input('plain', '/vod/movie1/index.m3u8', { session: SESSION })),
  issued('bound to an IPv4 network', input('network', NETWORK, { viewer: { ip: IPV4 } }), {
    claims: network24,
    bound: [['i', '4/24', '203.0.113.0']],
  }),
  issued('bound to an IPv6 network', input('network', NETWORK, { viewer: { ip: IPV6 } }), {
    claims: network56,
    bound: [['i', '6/56', '2001:0db8:85a3:0800:0000:0000:0000:0000']],
  }),
  issued('bound to an IPv6 network, short form', input('network', NETWORK, { viewer: { ip: '2001:DB8::1' } }), {
    claims: network56,
    bound: [['i', '6/56', '2001:0db8:0000:0000:0000:0000:0000:0000']],
  }),
  issued('bound to an IPv4 network, IPv4-mapped', input('network', NETWORK, { viewer: { ip: `::ffff:${IPV4}` } }), {
    claims: network24,
    bound: [['i', '4/24', '203.0.113.0']],
  }),
  issued('bound to a header', input('agent', '/agent/ch1/index.m3u8', { viewer: agent }), {
    claims: { headers: ['user-agent'] },
    bound: [['h', 'user-agent', AGENT]],
  }),
  issued(
    'bound to a header beyond ASCII',
    input('agent', '/agent/ch1/index.m3u8', { viewer: { headers: { 'user-agent': 'Télé 日本 🙂' } } }),
    { claims: { headers: ['user-agent'] }, bound: [['h', 'user-agent', 'Télé 日本 🙂']] },
  ),
  issued(
    'bound to a header and a session',
    input('agent', '/agent/ch1/index.m3u8', { viewer: agent, session: SESSION }),
    {
      claims: { headers: ['user-agent'] },
      bound: [['h', 'user-agent', AGENT]],
    },
  ),
  issued('bound to a query parameter', input('device', '/device/ch1/index.m3u8?x=1&device=tv'), {
    claims: { qs: ['device'] },
    bound: [['q', 'device', 'tv']],
  }),
  issued('bound to a query parameter, undecoded', input('device', '/device/ch1/index.m3u8?device=a%20b+c=d'), {
    claims: { qs: ['device'] },
    bound: [['q', 'device', 'a%20b+c=d']],
  }),
  issued('for countries', input('country', '/country/ch1/index.m3u8'), { claims: { co: ['FR', 'BE'] } }),
  issued('for regions, with a fallback', input('region', '/region/ch1/index.m3u8'), {
    claims: { reg: ['US-CA', 'US-NV'], reg_fallback: true },
  }),
  issued('for cities, with a fallback', input('city', '/city/ch1/index.m3u8'), {
    claims: { co: ['FR'], cty: ['Paris', '%C3%89vry'], cty_fallback: true },
  }),
  issued(
    'with prefixes that are not bound',
    input('home', '/home/ch1/index.m3u8', {
      session: SESSION,
      viewer: { ip: IPV4, ...agent },
      exclude: ['/ads/', '/home/free/'],
    }),
    {
      claims: { co: ['FR'], ip: 32, ip_ver: 4, headers: ['user-agent'] },
      bound: [
        ['i', '4/32', IPV4],
        ['h', 'user-agent', AGENT],
      ],
    },
  ),
  issued(
    'with everything',
    input('complete', '/complete/ch1/index.m3u8?app=7&device=tv', {
      session: SESSION,
      subject: 'user-7',
      viewer: { ip: IPV6, headers: { ...agent.headers, 'x-device': 'tv-1' } },
    }),
    {
      claims: {
        co: ['FR', 'BE'],
        co_fallback: true,
        reg: ['FR-IDF', 'BE-BRU'],
        reg_fallback: true,
        cty: ['Paris', '%C3%89vry', 'Bruxelles'],
        cty_fallback: true,
        ip: 64,
        ip_ver: 6,
        headers: ['user-agent', 'x-device'],
        qs: ['device', 'app'],
      },
      bound: [
        ['i', '6/64', '2001:0db8:85a3:08d3:0000:0000:0000:0000'],
        ['h', 'user-agent', AGENT],
        ['h', 'x-device', 'tv-1'],
        ['q', 'device', 'tv'],
        ['q', 'app', '7'],
      ],
    },
  ),
];

const plain = { iat: NOW, exp: NOW + 600, aud: AUDIENCE, paths: ['/vod/'] };
const byHand: TokenVector[] = [
  claimed('claims only: nbf', { ...plain, nbf: NOW }, KEY1),
  claimed('claims only: several audiences', { ...plain, aud: ['acme/prod', AUDIENCE] }, KEY1),
  claimed(
    'claims only: members the edge does not know',
    { ...plain, jti: 'a-1', sub: 'user-7', iss: 'cms', n: 1.5 },
    KEY1,
  ),
  claimed('claims only: a fallback that is switched off', { ...plain, co: ['FR'], co_fallback: false }, KEY1),
];

const tokenList = [...minted, ...byHand];

export const tokens: TokensFile = { version: 1, now: NOW, tokens: tokenList, variants: variantsOf(tokenList) };
