/** Steps 5 to 8: form, header, key id, signature, types. Everything here is signed with the right key unless it says otherwise. */
import { SignJWT } from 'jose';
import { expect, it } from 'vitest';
import { describeWith } from '../../helpers/needs.ts';
import { runEdge } from '../../helpers/njs.ts';
import { encode, mac, signToken } from '../../helpers/sign.ts';
import { AUD, type Case, claims, edgeText, K1, K2, NOW, run, SESSION, table, token, verdict } from './world.ts';

const good = claims(['/vod/']);
const vod = token(good);
const [HEADER, PAYLOAD, SIGNATURE] = vod.split('.') as [string, string, string];
const at = (text: string): { uri: string } => ({ uri: `/${text}/vod/a` });
const PASS = 'pass /vod/a';
const MALFORMED = '401 token_malformed';

/** A token with its parts as given, signed as they are. */
const parts = (header: string, payload: string): string =>
  `${header}.${payload}.${mac(K1.sign, `${header}.${payload}`)}`;
const header = (value: unknown): { uri: string } => at(signToken({ key: K1, claims: good, header: value }));
const raw = (payload: string): { uri: string } => at(signToken({ key: K1, claims: payload }));
const withClaims = (more: Record<string, unknown>): { uri: string } => at(token(claims(['/vod/'], more)));

const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';
const last = SIGNATURE.at(-1) as string;
const stray = [1, 2, 3].map((bit) => SIGNATURE.slice(0, -1) + ALPHABET[ALPHABET.indexOf(last) + bit]);

table('form', [
  ['no session', at(vod), PASS],
  ['a session without the claim', at(`${SESSION}.${vod}`), MALFORMED],
  ['no signature', at(`${HEADER}.${PAYLOAD}.`), MALFORMED],
  ['no signature and no dot', at(`${HEADER}.${PAYLOAD}`), MALFORMED],
  ['no payload', at(`${HEADER}..${SIGNATURE}`), MALFORMED],
  ['no header', at(`.${PAYLOAD}.${SIGNATURE}`), MALFORMED],
  ['five parts', at(`${SESSION}.x.${vod}`), MALFORMED],
  ['a signature cut by one', at(vod.slice(0, -1)), MALFORMED],
  ['a signature longer by one', at(`${vod}A`), MALFORMED],
  ['a payload cut by one', at(`${HEADER}.${PAYLOAD.slice(0, -1)}.${SIGNATURE}`), '401 signature_invalid'],
  ['a payload longer by one', at(`${HEADER}.${PAYLOAD}A.${SIGNATURE}`), '401 signature_invalid'],
  ['a payload of length 4n+1, signed', at(parts(HEADER, `${encode('{"a":1}').slice(0, 8)}A`)), MALFORMED],
  [
    'padding at the payload, signed',
    at(parts(HEADER, `${encode(`${JSON.stringify(good)} `.padEnd(121))}==`)),
    MALFORMED,
  ],
  ['padding at the signature', at(`${vod}=`), MALFORMED],
  ['plus and slash alphabet, signed', at(parts(HEADER, `${PAYLOAD}+`)), MALFORMED],
  [
    'an invalid character in the middle, signed',
    at(parts(HEADER, `${PAYLOAD.slice(0, 40)}*${PAYLOAD.slice(40)}`)),
    MALFORMED,
  ],
  [
    'an invalid character in the header, signed',
    at(parts(`${HEADER.slice(0, 8)}!${HEADER.slice(8)}`, PAYLOAD)),
    MALFORMED,
  ],
  [
    'an invalid character in the signature',
    at(`${HEADER}.${PAYLOAD}.${SIGNATURE.slice(0, 20)}~${SIGNATURE.slice(21)}`),
    MALFORMED,
  ],
  ...stray.map(
    (text, i): Case => [`stray bits ${i + 1} in the signature`, at(`${HEADER}.${PAYLOAD}.${text}`), MALFORMED],
  ),
  ['a session of 15', at(token(claims(['/vod/'], { ssn: 's'.repeat(15) }))), MALFORMED],
  ['a session of 16', at(token(claims(['/vod/'], { ssn: 's'.repeat(16) }))), PASS],
  ['a session of 64', at(token(claims(['/vod/'], { ssn: 's'.repeat(64) }))), PASS],
  ['a session of 65', at(token(claims(['/vod/'], { ssn: 's'.repeat(65) }))), MALFORMED],
  ['a session with another character', at(token(claims(['/vod/'], { ssn: `${'s'.repeat(20)}~` }))), MALFORMED],
  ['a session that begins like a token', at(token(claims(['/vod/'], { ssn: `eyJ${'s'.repeat(19)}` }))), PASS],
  ['another session in front', at(token({ ...good, ssn: SESSION }, { session: 'x'.repeat(22) })), MALFORMED],
  ['no session in front', at(token({ ...good, ssn: SESSION }, { session: null })), MALFORMED],
  ['2,048 characters', at(sized(2048)), PASS],
  ['2,049 characters and more', at(sized(2051)), MALFORMED],
]);

/** A token of so many characters. */
function sized(length: number): string {
  for (let n = 0; n < length; n++) {
    const text = token(claims(['/vod/'], { sub: 'u'.repeat(n) }));
    if (text.length >= length) return text;
  }
  throw new Error('unreachable');
}

table('header', [
  ['other order', header({ kid: K1.kid, typ: 'JWT', alg: 'HS256' }), PASS],
  ['no typ', header({ alg: 'HS256', kid: K1.kid }), PASS],
  ['more members', header({ alg: 'HS256', typ: 'JWT', kid: K1.kid, cty: 'x', jku: 'https://evil.example' }), PASS],
  ['spaces', header(`{"alg": "HS256", "typ": "JWT",\r\n "kid": "${K1.kid}"}`), PASS],
  ['escaped member', header(`{"\\u0061lg":"HS256","kid":"${K1.kid}"}`), PASS],
  ['duplicate kid, the last one counts', header(`{"kid":"nobody","alg":"HS256","kid":"${K1.kid}"}`), PASS],
  ['duplicate alg, the last one counts', header(`{"alg":"HS256","kid":"${K1.kid}","alg":"none"}`), MALFORMED],
  ['kid of another key', header({ alg: 'HS256', typ: 'JWT', kid: K2.kid }), '401 signature_invalid'],
  ...[
    'none',
    'None',
    'NONE',
    'hs256',
    'HS384',
    'HS512',
    'RS256',
    'ES256',
    '',
    'HS256 ',
    null,
    1,
    true,
    ['HS256'],
    {},
  ].map((alg): Case => [`alg ${JSON.stringify(alg)}`, header({ alg, typ: 'JWT', kid: K1.kid }), MALFORMED]),
  ['no alg', header({ typ: 'JWT', kid: K1.kid }), MALFORMED],
  ['alg none without signature', at(`${encode({ alg: 'none', typ: 'JWT', kid: K1.kid })}.${PAYLOAD}.`), MALFORMED],
  ...['jwt', 'JWS', 'at+jwt', '', null, 1, ['JWT']].map(
    (typ): Case => [`typ ${JSON.stringify(typ)}`, header({ alg: 'HS256', typ, kid: K1.kid }), MALFORMED],
  ),
  ...[['exp'], [], null, false].map(
    (crit): Case => [`crit ${JSON.stringify(crit)}`, header({ alg: 'HS256', kid: K1.kid, crit }), MALFORMED],
  ),
  ...[
    null,
    1,
    true,
    [],
    [K1.kid],
    {},
    '',
    ' ',
    'a b',
    'a|b',
    'a,b',
    'a.b',
    'k'.repeat(17),
    'k'.repeat(300),
    `${K1.kid}\u0000`,
    `${K1.kid}\n`,
  ].map(
    (kid): Case => [`kid ${JSON.stringify(kid).slice(0, 30)}`, header({ alg: 'HS256', typ: 'JWT', kid }), MALFORMED],
  ),
  ['no kid', header({ alg: 'HS256', typ: 'JWT' }), MALFORMED],
  ...['__proto__', 'constructor', 'toString', 'length', '0', 'state', 'nobody'].map(
    (kid): Case => [`kid ${kid}`, header({ alg: 'HS256', typ: 'JWT', kid }), '401 key_unknown'],
  ),
  ['members by __proto__', header(`{"__proto__":{"alg":"HS256","kid":"${K1.kid}"}, "x": 1}`), MALFORMED],
  ...['[]', 'null', '1', '"x"', 'true', '{}', '{', '', '["HS256"]'].map(
    (text): Case => [`is ${text}`, at(parts(encode(text) || 'e', PAYLOAD)), MALFORMED],
  ),
]);

table('signature', [
  ['of another payload', at(`${HEADER}.${encode({ ...good, exp: NOW + 601 })}.${SIGNATURE}`), '401 signature_invalid'],
  ['all zero', at(`${HEADER}.${PAYLOAD}.${'A'.repeat(43)}`), '401 signature_invalid'],
  ['by the bind key', at(signToken({ key: K1, claims: good, signWith: K1.bind })), '401 signature_invalid'],
  ['by the key of another kid', at(signToken({ key: K1, claims: good, signWith: K2.sign })), '401 signature_invalid'],
  [
    'by the text of the key',
    at(signToken({ key: K1, claims: good, signWith: Buffer.from(K1.sign).toString('base64url') })),
    '401 signature_invalid',
  ],
  ['by an empty key', at(signToken({ key: K1, claims: good, signWith: '' })), '401 signature_invalid'],
  ...Array.from({ length: 32 }, (_, byte): Case => {
    const bytes = Buffer.from(SIGNATURE, 'base64url');
    bytes[byte] = (bytes[byte] as number) ^ (1 << (byte % 8));
    return [
      `one bit of byte ${byte} wrong`,
      at(`${HEADER}.${PAYLOAD}.${bytes.toString('base64url')}`),
      '401 signature_invalid',
    ];
  }),
]);

const wrong: [string, unknown[]][] = [
  ['exp', ['1800000600', null, true, [], {}, NOW + 0.5, -1]],
  ['iat', ['1799999940', null, true, [], {}, NOW - 60.5, -1]],
  ['nbf', ['0', null, true, [], 0.5]],
  ['aud', [null, 1, {}, [], [null], [AUD, 1], [AUD, '']]],
  ['paths', [null, '/vod/', {}, [], [null], [1], [['/vod/']], ['/vod'], ['vod/'], [''], ['/vod/', 'x/'], ['/vod/', 1]]],
  ['exc', [null, '/ads/', [], [1], ['/ads'], ['ads/']]],
  ['ssn', [null, 1, true, [SESSION]]],
  ['co', [null, 'FR', [], [1], [null], [''], {}]],
  ['reg', [null, 'US-CA', [], [1]]],
  ['cty', [null, 'Paris', [], [1]]],
  ['co_fallback', [null, 1, 'true']],
  ['reg_fallback', [0, 'yes']],
  ['cty_fallback', [[], {}]],
  ['ip', [null, '24', 24.5, -1, []]],
  ['ip_ver', [4, null, '4', 5]],
  ['headers', [null, 'user-agent', [], [1], ['']]],
  ['qs', [null, 'device', [], [1], ['']]],
  ['intsig', [null, 1, '', 'A'.repeat(43)]],
];
const missing = (claim: string): { uri: string } => withClaims({ [claim]: undefined });

table('types of claims', [
  ...wrong.flatMap(([claim, values]) =>
    values.map((value): Case => [`${claim} is ${JSON.stringify(value)}`, withClaims({ [claim]: value }), MALFORMED]),
  ),
  ...['exp', 'iat', 'aud', 'paths'].map((claim): Case => [`no ${claim}`, missing(claim), MALFORMED]),
  ['exp is 1e999', raw(JSON.stringify(good).replace(/"exp":\d+/, '"exp":1e999')), MALFORMED],
  ['exp is 1e300', raw(JSON.stringify(good).replace(/"exp":\d+/, '"exp":1e300')), MALFORMED],
  ['exp is 18000006e2', raw(JSON.stringify(good).replace(/"exp":\d+/, '"exp":18000006e2')), PASS],
  ['iat is -1e999', raw(JSON.stringify(good).replace(/"iat":\d+/, '"iat":-1e999')), MALFORMED],
  ['exp equals iat', withClaims({ iat: NOW, exp: NOW }), MALFORMED],
  ['exp before iat', withClaims({ iat: NOW + 10, exp: NOW + 5 }), MALFORMED],
  ['cty without co', withClaims({ cty: ['Paris'] }), MALFORMED],
  ['ip without ip_ver', withClaims({ ip: 24 }), MALFORMED],
  ...(
    [
      [4, 15],
      [4, 33],
      [6, 31],
      [6, 129],
    ] as const
  ).map(([ip_ver, ip]): Case => [`ip ${ip} of family ${ip_ver}`, withClaims({ ip_ver, ip, intsig: 'x' }), MALFORMED]),
  ['bound without intsig', withClaims({ headers: ['user-agent'] }), MALFORMED],
  ['exc equals paths', withClaims({ exc: ['/vod/'] }), MALFORMED],
  ['exc contains paths', withClaims({ exc: ['/'] }), MALFORMED],
  ['duplicate exp, the last one counts', raw(JSON.stringify(good).replace('{', `{"exp":1,`)), PASS],
  ['duplicate exp, the last one is old', raw(JSON.stringify(good).replace(/}$/, ',"exp":1}')), MALFORMED],
  ['claims by __proto__', raw(`{"__proto__":${JSON.stringify(good)}}`), MALFORMED],
  ['a claim called __proto__', raw(JSON.stringify(good).replace('{', '{"__proto__":{"exp":1},')), PASS],
  ['a claim without a name', withClaims({ '': { exp: 1 } }), PASS],
  ['a claim called constructor', withClaims({ constructor: 1, toString: [], sub: 'u', jti: {} }), PASS],
  ...['null', '[]', '1', '"x"', 'true', '{}', '', '{', `${JSON.stringify(good)}x`, `[${JSON.stringify(good)}]`].map(
    (text): Case => [`payload is ${text.slice(0, 12)}`, raw(text || ' '), MALFORMED],
  ),
  ['payload with spaces', raw(JSON.stringify(good, null, 2)), PASS],
  ['payload with text beyond ASCII', withClaims({ sub: 'J\u00fcrgen \u65e5\u672c \u{1f3ac}' }), PASS],
  ['payload with the characters that make - and _', withClaims({ sub: '>>>???~~~\u00ff\u00ff\u00ff' }), PASS],
  [
    'payload that is no UTF-8',
    at(parts(HEADER, Buffer.from([0x7b, 0x22, 0xff, 0x22, 0x3a, 0x31, 0x7d]).toString('base64url'))),
    MALFORMED,
  ],
]);

table('times and audience', [
  ['the last second', { ...at(vod), now: NOW + 599 }, PASS],
  ['the first second too late', { ...at(vod), now: NOW + 600 }, '401 token_expired'],
  ['iat 120 seconds ahead', withClaims({ iat: NOW + 120 }), PASS],
  ['iat 121 seconds ahead', withClaims({ iat: NOW + 121 }), '401 token_not_yet_valid'],
  // Requests of these tables come half a second after the second they name.
  ['exp at the second', { ...at(vod), now: NOW + 599.5 }, '401 token_expired'],
  ['a moment before exp', { ...at(vod), now: NOW + 599.499 }, PASS],
  ['iat 120 seconds ahead, at the second', { ...withClaims({ iat: NOW + 120 }), now: NOW - 0.5 }, PASS],
  [
    'iat 120 seconds ahead, a moment too early',
    { ...withClaims({ iat: NOW + 120 }), now: NOW - 0.501 },
    '401 token_not_yet_valid',
  ],
  ['nbf at the second', { ...withClaims({ nbf: NOW }), now: NOW - 0.5 }, PASS],
  ['a moment before nbf', { ...withClaims({ nbf: NOW }), now: NOW - 0.501 }, '401 token_not_yet_valid'],
  ['nbf now', withClaims({ nbf: NOW }), PASS],
  ['nbf in a second', withClaims({ nbf: NOW + 1 }), '401 token_not_yet_valid'],
  ['the longest lifetime', withClaims({ iat: NOW - 100, exp: NOW + 7100 }), PASS],
  ['a second more', withClaims({ iat: NOW - 100, exp: NOW + 7101 }), '403 policy_not_met'],
  ...['', 'acme', 'acme/', 'acme/test/', 'ACME/test', 'acme/test|', `${AUD} `].map(
    (aud): Case => [`aud ${JSON.stringify(aud)}`, withClaims({ aud }), '401 audience_mismatch'],
  ),
  ['aud list of ours alone', withClaims({ aud: [AUD] }), PASS],
  ['aud list with ours in front', withClaims({ aud: [AUD, 'a/b'] }), PASS],
  ['aud list without ours', withClaims({ aud: ['a/b', 'c/d'] }), '401 audience_mismatch'],
]);

describeWith(['njs'], 'other libraries', () => {
  it('accepts a token made with jose', async () => {
    const made = await new SignJWT({ paths: ['/vod/'] })
      .setProtectedHeader({ kid: K1.kid, alg: 'HS256' })
      .setAudience(AUD)
      .setIssuedAt(NOW - 5)
      .setExpirationTime(NOW + 5)
      .sign(Buffer.from(K1.sign, 'base64url'));
    const [result] = runEdge(await edgeText(), [run(at(made))]);
    expect(verdict(result as NonNullable<typeof result>)).toBe(PASS);
  });
});

const encoded = (text: string): string => Buffer.from(text).toString('base64url');
const spaced = (text: string): { uri: string } => at(parts(encoded(text), PAYLOAD));
table('a header with space in it is JSON like any other', [
  ['blanks', spaced('{ "alg" : "HS256", "kid" : "key-1" }'), 'pass /vod/a'],
  ['lines', spaced('{\n  "kid": "key-1",\n  "alg": "HS256"\n}\n'), 'pass /vod/a'],
  ['no object', spaced('e"alg"'), '401 token_malformed'],
]);

const whole = token(claims(['/vod/']));
table('a second token inside a segment', [
  ['behind a comma', { uri: `/${whole}/vod/a,${whole}` }, '401 token_malformed'],
  ['behind an equals sign', { uri: `/${whole}/vod/t=${whole}/x` }, '401 token_malformed'],
  ['behind an escape', { uri: `/${whole}/vod/%20${whole}/x` }, '401 token_malformed'],
  [
    'a long name is none',
    { uri: `/${whole}/vod/eyJustALongNameOfAnEpisode.mp4` },
    'pass /vod/eyJustALongNameOfAnEpisode.mp4',
  ],
]);
