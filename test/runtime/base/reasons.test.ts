/** Every way to pass and every reason to refuse, once; the other tables go into each. */
import { signToken, testKey } from '../../helpers/sign.ts';
import { AGENT, AUD, bind, claims, IPV4, K1, K2, NOW, SESSION, state, table, token } from './world.ts';

const vod = token(claims(['/vod/']));
const path = '/vod/a/index.m3u8';
const uri = `/${vod}${path}`;
const content = bind(claims(['/all/ch1/'], { ssn: SESSION, co: ['FR'], ip: 32, ip_ver: 4, headers: ['user-agent'] }), [
  ['i', '4/32', IPV4],
  ['h', 'user-agent', AGENT],
]);
const all = { uri: `/${token(content)}/all/ch1/s1.m4s`, headers: { 'cloudfront-viewer-country': 'FR' } };

table('verdicts', [
  ['passes a plain token', { uri }, `pass ${path}`],
  ['passes HEAD', { uri, method: 'HEAD' }, `pass ${path}`],
  ['passes a token of the other key', { uri: `/${token(claims(['/vod/']), { key: K2 })}${path}` }, `pass ${path}`],
  ['passes a token with everything', all, 'pass /all/ch1/s1.m4s'],
  ['path_not_canonical', { uri: `/${vod}/vod/a/../b` }, '400 path_not_canonical'],
  ['query_not_canonical', { uri: '/query/a', query: 'tok%65n=x' }, '400 query_not_canonical'],
  ['token_missing', { uri: path }, '401 token_missing'],
  ['token_malformed', { uri: `/${vod}AAAA${path}` }, '401 token_malformed'],
  [
    'signature_invalid',
    { uri: `/${signToken({ key: K1, claims: claims(['/vod/']), signWith: K2.sign })}${path}` },
    '401 signature_invalid',
  ],
  ['key_unknown', { uri: `/${token(claims(['/vod/']), { key: testKey('key-9') })}${path}` }, '401 key_unknown'],
  ['token_expired', { uri, now: NOW + 600 }, '401 token_expired'],
  ['token_not_yet_valid', { uri: `/${token(claims(['/vod/'], { nbf: NOW + 1 }))}${path}` }, '401 token_not_yet_valid'],
  ['audience_mismatch', { uri: `/${token(claims(['/vod/'], { aud: 'acme/prod' }))}${path}` }, '401 audience_mismatch'],
  ['path_not_allowed by the token', { uri: `/${vod}/off-limits/a` }, '403 path_not_allowed'],
  ['path_not_allowed by the deployment', { uri: '/elsewhere/a' }, '403 path_not_allowed'],
  ['policy_not_met', { uri: `/${token(claims(['/session/']))}/session/a` }, '403 policy_not_met'],
  ['binding_mismatch', { ...all, ip: '203.0.113.78' }, '403 binding_mismatch'],
  ['method_not_allowed', { uri, method: 'POST' }, '403 method_not_allowed'],
  ['session_revoked', { ...all, revoked: [`r.${SESSION}`] }, '410 session_revoked'],
  ['token_voided', { uri, state: state({ voidBefore: NOW - 59 }) }, '410 token_voided'],
  ['not voided at the second', { uri, state: state({ voidBefore: NOW - 60 }) }, `pass ${path}`],
  ['geo_not_allowed', { ...all, headers: { 'cloudfront-viewer-country': 'DE' } }, '451 geo_not_allowed'],
  ['state_unavailable when there is none', { uri, state: null }, '503 state_unavailable'],
  ['state_unavailable when the store fails', { uri, state: { fail: true } }, '503 state_unavailable'],
  ['state_unavailable when revocations cannot be read', { ...all, revoked: null }, '503 state_unavailable'],
  [
    'a preflight is answered',
    { uri, method: 'OPTIONS', headers: { origin: 'https://x.example', 'access-control-request-method': 'GET' } },
    '204',
  ],
  [
    'OPTIONS that is no preflight',
    { uri, method: 'OPTIONS', headers: { origin: 'https://x.example' } },
    '403 method_not_allowed',
  ],
  ['audience in a list', { uri: `/${token(claims(['/vod/'], { aud: ['acme/prod', AUD] }))}${path}` }, `pass ${path}`],
]);
