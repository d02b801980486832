/** Form, header, key, signature, types of claims, times, audience. */
import { encode, mac, signToken } from '../../../helpers/sign.ts';
import type { Claims, Expected } from '../../types.ts';
import { AUDIENCE, KEY1, KEY2, KEY9, NOW, SESSION } from '../keys.ts';
import { type Case, claims, forward, refuse, token } from './ask.ts';

const good = claims(['/vod/']);
const vod = token(good);
const [HEADER, PAYLOAD, SIGNATURE] = vod.split('.') as [string, string, string];
const at = (text: string): Case[1] => ({ uri: `/${text}/vod/a` });
const withClaims = (more: Claims): Case[1] => at(token(claims(['/vod/'], more)));
const signed = (header: string, payload: string): Case[1] =>
  at(`${header}.${payload}.${mac(KEY1.sign, `${header}.${payload}`)}`);
const header = (content: unknown): Case[1] => at(signToken({ key: KEY1, claims: good, header: content }));
const PASS = forward('/vod/a');
const MALFORMED = refuse('token_malformed');
const INVALID = refuse('signature_invalid');

/** The last character of a signature carries two bits that must be zero. */
const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';
const stray = `${SIGNATURE.slice(0, -1)}${ALPHABET[ALPHABET.indexOf(SIGNATURE.at(-1) as string) + 1]}`;

const session = (ssn: string): Case[1] => at(token(claims(['/vod/'], { ssn })));

export const forms: Case[] = [
  ['plain', at(vod), PASS],
  ['the other key', at(token(good, KEY2)), PASS],
  ['none', { uri: '/vod/a' }, refuse('token_missing')],
  ['no signature', at(`${HEADER}.${PAYLOAD}.`), MALFORMED],
  ['two parts', at(`${HEADER}.${PAYLOAD}`), MALFORMED],
  ['five parts', at(`${SESSION}.x.${vod}`), MALFORMED],
  ['cut by one', at(vod.slice(0, -1)), MALFORMED],
  ['longer by one', at(`${vod}A`), MALFORMED],
  ['padding at the signature', at(`${vod}=`), MALFORMED],
  ['padding at the payload, signed', signed(HEADER, `${encode(`${JSON.stringify(good)} `)}==`), MALFORMED],
  ['the alphabet of base64, signed', signed(HEADER, `${PAYLOAD}+`), MALFORMED],
  ['stray bits in the signature', at(`${HEADER}.${PAYLOAD}.${stray}`), MALFORMED],
  ['two tokens', { uri: `/${vod}/${vod}/vod/a` }, MALFORMED],
  ['a second token in the path', { uri: `/${vod}/vod/${vod}/a` }, MALFORMED],
  ['not in front', { uri: `/vod/${vod}/a` }, MALFORMED],
  [
    'a file whose name begins like a token',
    { uri: `/${vod}/vod/eyJhbGciOi.v1.mp4` },
    forward('/vod/eyJhbGciOi.v1.mp4'),
  ],
  ['a session', session(SESSION), PASS],
  ['a session of 16', session('s'.repeat(16)), PASS],
  ['a session of 64', session('s'.repeat(64)), PASS],
  ['a session of 15', session('s'.repeat(15)), MALFORMED],
  ['a session of 65', session('s'.repeat(65)), MALFORMED],
  ['a session with another character', session('session~of~more~than~16'), MALFORMED],
  ['a session without the claim', at(`${SESSION}.${vod}`), MALFORMED],
  ['the claim without a session', at(signToken({ key: KEY1, claims: { ...good, ssn: SESSION } })), MALFORMED],
  [
    'another session in front',
    at(signToken({ key: KEY1, claims: { ...good, ssn: SESSION }, session: 'x'.repeat(22) })),
    MALFORMED,
  ],
  ['over 2,048 characters', withClaims({ sub: 'u'.repeat(1500) }), MALFORMED],
];

const headerCases: [name: string, content: unknown, expected: Expected][] = [
  ['members in another order', { kid: KEY1.kid, typ: 'JWT', alg: 'HS256' }, PASS],
  ['no typ', { alg: 'HS256', kid: KEY1.kid }, PASS],
  ['more members', { alg: 'HS256', typ: 'JWT', kid: KEY1.kid, cty: 'x' }, PASS],
  ['white space', `{"alg": "HS256", "typ": "JWT",\r\n "kid": "${KEY1.kid}"}`, PASS],
  ['kid twice, the last one counts', `{"kid":"nobody","alg":"HS256","kid":"${KEY1.kid}"}`, PASS],
  ['alg none', { alg: 'none', typ: 'JWT', kid: KEY1.kid }, MALFORMED],
  ['alg HS512', { alg: 'HS512', typ: 'JWT', kid: KEY1.kid }, MALFORMED],
  ['alg in lower case', { alg: 'hs256', typ: 'JWT', kid: KEY1.kid }, MALFORMED],
  ['no alg', { typ: 'JWT', kid: KEY1.kid }, MALFORMED],
  ['another typ', { alg: 'HS256', typ: 'at+jwt', kid: KEY1.kid }, MALFORMED],
  ['crit', { alg: 'HS256', typ: 'JWT', kid: KEY1.kid, crit: ['exp'] }, MALFORMED],
  ['no kid', { alg: 'HS256', typ: 'JWT' }, MALFORMED],
  ['kid a list', { alg: 'HS256', typ: 'JWT', kid: [KEY1.kid] }, MALFORMED],
  ['kid of 17 characters', { alg: 'HS256', typ: 'JWT', kid: 'k'.repeat(17) }, MALFORMED],
  ['kid of no key', { alg: 'HS256', typ: 'JWT', kid: KEY9.kid }, refuse('key_unknown')],
  ['kid __proto__', { alg: 'HS256', typ: 'JWT', kid: '__proto__' }, refuse('key_unknown')],
  ['kid of the other key', { alg: 'HS256', typ: 'JWT', kid: KEY2.kid }, INVALID],
];

export const headers: Case[] = headerCases.map(([name, content, expected]) => [name, header(content), expected]);

const flipped = Buffer.from(SIGNATURE, 'base64url').map((byte, i) => (i === 31 ? byte ^ 1 : byte));
const signWith = (key: string): Case[1] => at(signToken({ key: KEY1, claims: good, signWith: key }));

export const signatures: Case[] = [
  ['of another payload', at(`${HEADER}.${encode({ ...good, exp: NOW + 601 })}.${SIGNATURE}`), INVALID],
  ['one bit wrong', at(`${HEADER}.${PAYLOAD}.${Buffer.from(flipped).toString('base64url')}`), INVALID],
  ['all zero', at(`${HEADER}.${PAYLOAD}.${'A'.repeat(43)}`), INVALID],
  ['by the bind key', signWith(KEY1.bind), INVALID],
  ['by the text of the key instead of its bytes', signWith(encode(KEY1.sign)), INVALID],
  ['by an empty key', signWith(''), INVALID],
  ['by a key of no state', at(token(good, KEY9)), refuse('key_unknown')],
];

const json = JSON.stringify(good);
const raw = (payload: string): Case[1] => at(token(payload));
const BOUND = { intsig: 'A'.repeat(43) };
/** One claim of a wrong type each, and what it takes for nothing else to be wrong. */
const wrongTypes: [claim: string, value: unknown, rest?: Claims][] = [
  ['exp', '1800000600'],
  ['iat', null],
  ['nbf', 0.5],
  ['aud', []],
  ['paths', '/vod/'],
  ['exc', []],
  ['ssn', null],
  ['co', 'FR'],
  ['reg', []],
  ['cty', [''], { co: ['FR'] }],
  ['co_fallback', 1, { co: ['FR'] }],
  ['ip', '24', { ip_ver: 4, ...BOUND }],
  ['ip_ver', '4', { ip: 24, ...BOUND }],
  ['headers', [], BOUND],
  ['qs', 'device', BOUND],
  ['intsig', null, { headers: ['user-agent'] }],
];

export const types: Case[] = [
  ...wrongTypes.map(
    ([claim, value, rest = {}]): Case => [
      `${claim} ${JSON.stringify(value)}`,
      withClaims({ ...rest, [claim]: value }),
      MALFORMED,
    ],
  ),
  ...['exp', 'iat', 'aud', 'paths'].map(
    (claim): Case => [`no ${claim}`, withClaims({ [claim]: undefined }), MALFORMED],
  ),
  ['a prefix without its slash at the end', withClaims({ paths: ['/vod'] }), MALFORMED],
  ['a prefix without its slash in front', withClaims({ paths: ['/vod/', 'vod/'] }), MALFORMED],
  ['exp 1e999', raw(json.replace(/"exp":\d+/, '"exp":1e999')), MALFORMED],
  ['exp 18000006e2', raw(json.replace(/"exp":\d+/, '"exp":18000006e2')), PASS],
  ['exp equals iat', withClaims({ iat: NOW, exp: NOW }), MALFORMED],
  ['cities without countries', withClaims({ cty: ['Paris'] }), MALFORMED],
  ['ip without ip_ver', withClaims({ ip: 24, ...BOUND }), MALFORMED],
  ['intsig with nothing bound', withClaims(BOUND), MALFORMED],
  ['bound without intsig', withClaims({ headers: ['user-agent'] }), MALFORMED],
  ['network too wide', withClaims({ ip: 15, ip_ver: 4, ...BOUND }), MALFORMED],
  ['exp twice, the last one counts', raw(json.replace('{', '{"exp":1,')), PASS],
  ['no object', raw('[]'), MALFORMED],
  ['no JSON', raw('{'), MALFORMED],
  ['white space', raw(JSON.stringify(good, null, 2)), PASS],
  ['members the edge does not know', withClaims({ sub: 'Zoë 日本', jti: 'a-1', iss: 'cms' }), PASS],
];

const voided = { iat: NOW - 3600, exp: NOW + 3600 };

export const times: Case[] = [
  ['the last second', { ...at(vod), now: NOW + 599 }, PASS],
  ['expired', { ...at(vod), now: NOW + 600 }, refuse('token_expired')],
  ['nbf now', withClaims({ nbf: NOW }), PASS],
  ['nbf in a second', withClaims({ nbf: NOW + 1 }), refuse('token_not_yet_valid')],
  ['iat in 120 seconds', withClaims({ iat: NOW + 120 }), PASS],
  ['iat in 121 seconds', withClaims({ iat: NOW + 121 }), refuse('token_not_yet_valid')],
  ['the longest life of the stream', withClaims(voided), PASS],
  ['a life longer by a second', withClaims({ ...voided, exp: NOW + 3601 }), refuse('policy_not_met')],
  ['another audience', withClaims({ aud: 'acme/prod' }), refuse('audience_mismatch')],
  ['audience in other case', withClaims({ aud: 'Acme/test' }), refuse('audience_mismatch')],
  ['audience in a list', withClaims({ aud: ['acme/prod', AUDIENCE] }), PASS],
  ['a list of other audiences', withClaims({ aud: ['acme/prod', 'acme/dev'] }), refuse('audience_mismatch')],
];
