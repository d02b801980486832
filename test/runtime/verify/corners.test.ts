/** Corners that random requests seldom reach; `table` asks edge and reference alike. */
import type { Stream } from '../../../generator/modules/contract.ts';
import {
  type Asked,
  bind,
  claims,
  edgeText,
  environment,
  NOW,
  options,
  SESSION,
  state,
  table,
  token,
} from '../base/world.ts';

const vod = token(claims(['/vod/']));
const plain = token(claims(['/session/']));
const s = { ssn: SESSION };
const hosts = (...names: string[]): Stream => ({
  paths: ['/session/'],
  policy: 'plain',
  mode: 'enforce',
  carriage: { in: 'path' },
  hosts: names,
});

table(
  'paths of no stream, passed',
  [
    ['not behind a malformed token', { uri: `/${vod}A/site/a` }, '403 path_not_allowed'],
    ['not behind a well-formed token', { uri: `/${vod}/site/a` }, '403 path_not_allowed'],
    ['not behind a token alone', { uri: `/${vod}/` }, '403 path_not_allowed'],
  ],
  () => edgeText(environment, { ...options, unmatched: 'pass' }),
);

const on = (host: string, text: string, path = '/session/a'): Asked => ({ uri: `/${text}${path}`, headers: { host } });
const shared = {
  ...environment,
  streams: { ...environment.streams, named: hosts('A.example', 'b.example'), none: { ...hosts(), paths: ['/none/'] } },
};
table(
  'a prefix of one stream for a host and of another for all',
  [
    ['the host has its own', on('a.example', plain), 'pass /session/a'],
    ['so has its second name', on('B.EXAMPLE', plain), 'pass /session/a'],
    ['others have the other', on('c.example', plain), '403 policy_not_met'],
    ['others pass by the other', on('c.example', token(claims(['/session/'], s))), 'pass /session/a'],
    ['an empty list is every host', on('c.example', token(claims(['/none/'])), '/none/a'), 'pass /none/a'],
  ],
  () => edgeText(shared),
);

/** Requests are made half a second past their time; these are made at it, or at another part of a second. */
const at = (second: number, more: Partial<Asked> = {}): Asked => ({ uri: `/${vod}/vod/a`, now: second - 0.5, ...more });
const issued = (iat: number): Asked => at(NOW, { uri: `/${token(claims(['/vod/'], { iat }))}/vod/a` });
const notBefore = (nbf: number): Asked => at(NOW, { uri: `/${token(claims(['/vod/'], { nbf }))}/vod/a` });
const override = state({ override: { mode: 'report', until: NOW + 10 } });
table('on the second', [
  ['a millisecond before the end', at(NOW + 599.999), 'pass /vod/a'],
  ['the end', at(NOW + 600), '401 token_expired'],
  ['issued as far ahead as may be', issued(NOW + 120), 'pass /vod/a'],
  ['issued a second further ahead', issued(NOW + 121), '401 token_not_yet_valid'],
  ['not before this second', notBefore(NOW), 'pass /vod/a'],
  ['a millisecond before it', { ...notBefore(NOW), now: NOW - 0.501 }, '401 token_not_yet_valid'],
  ['an override in its last millisecond', at(NOW + 9.999, { uri: '/vod/a', state: override }), 'pass /vod/a'],
  ['an override at its end', at(NOW + 10, { uri: '/vod/a', state: override }), '401 token_missing'],
]);

const network = (ip_ver: 4 | 6, ip: number, value: string): string =>
  token(bind(claims(['/vod/'], { ip, ip_ver }), [['i', `${ip_ver}/${ip}`, value]]));
const onVod = (more: Record<string, unknown>, paths = ['/vod/']): Asked => ({
  uri: `/${token(claims(paths, more))}/vod/a`,
});
const regions = { reg: ['FR-75', 'US-CA'] };
const country = 'cloudfront-viewer-country';
table('limits and lists', [
  ['valid since 1970', onVod({ nbf: 0 }), 'pass /vod/a'],
  ['issued in 1970', onVod({ iat: 0 }), '403 policy_not_met'],
  ['an IPv4 /16', { uri: `/${network(4, 16, '203.0.0.0')}/vod/a` }, 'pass /vod/a'],
  [
    'an IPv6 /32',
    { uri: `/${network(6, 32, '2001:0db8:0000:0000:0000:0000:0000:0000')}/vod/a`, ip: '2001:db8::1' },
    'pass /vod/a',
  ],
  ['one exception over one path', onVod({ exc: ['/x/', '/ads/'] }, ['/vod/', '/ads/a/']), '401 token_malformed'],
  [
    'regions of two countries',
    { ...onVod(regions), headers: { [country]: 'US', [`${country}-region`]: 'CA' } },
    'pass /vod/a',
  ],
  [
    'the region of the other',
    { ...onVod(regions), headers: { [country]: 'US', [`${country}-region`]: '75' } },
    '451 geo_not_allowed',
  ],
]);
