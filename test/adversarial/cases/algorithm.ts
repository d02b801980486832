/** The protected header: no algorithm but HS256, no type but JWT, nothing critical. All signed with the right key. */
import { createHmac, createSign, generateKeyPairSync } from 'node:crypto';
import { encode } from '../../helpers/sign.ts';
import { K1 } from '../../runtime/base/world.ts';
import { at, each, type Family, good, HEADER, MALFORMED, PASS, PAYLOAD, SIGNED, vod, withHeader } from '../build.ts';

const kid = K1.kid;
const none = encode({ alg: 'none', typ: 'JWT', kid });
const hs = (hash: string, alg: string): string => {
  const signed = `${encode({ alg, typ: 'JWT', kid })}.${encode(good)}`;
  return `${signed}.${createHmac(hash, Buffer.from(K1.sign, 'base64url')).update(signed).digest('base64url')}`;
};
const rs256 = (): string => {
  const signed = `${encode({ alg: 'RS256', typ: 'JWT', kid })}.${encode(good)}`;
  const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  return `${signed}.${createSign('sha256').update(signed).sign(privateKey, 'base64url')}`;
};

const wrongAlg: unknown[] = [
  ...[
    'none',
    'None',
    'NONE',
    'nOnE',
    'none\u0000',
    'hs256',
    'Hs256',
    'HS384',
    'HS512',
    'HS1',
    'RS256',
    'PS256',
    'ES256',
  ],
  ...[
    'EdDSA',
    'A256KW',
    'dir',
    'HS256 ',
    ' HS256',
    'HS256\n',
    'HS256\u0000',
    'HS\u200b256',
    '\uff28\uff33256',
    'HS256,none',
    '',
  ],
  ...[null, 0, 256, true, false, [], ['HS256'], [['HS256']], {}, { alg: 'HS256' }, { toString: 'HS256' }],
];
const wrongType: unknown[] = [
  ...['jwt', 'Jwt', 'JWS', 'JOSE', 'at+jwt', 'application/jwt', 'JWT ', 'JWT\u0000', ''],
  ...[null, 0, false, true, [], ['JWT'], {}],
];
const wrongCrit: unknown[] = [['exp'], ['b64'], ['alg'], [], {}, '', 'exp', 0, 1, null, false, true];

const json = (value: unknown): string => JSON.stringify(value).slice(0, 40);

export const algorithm: Family[] = [
  {
    attack: 'another algorithm',
    cases: [
      ...each(
        MALFORMED,
        wrongAlg.map((alg) => [`alg ${json(alg)}`, withHeader({ alg, typ: 'JWT', kid })]),
      ),
      ['alg left out', withHeader({ typ: 'JWT', kid }), MALFORMED],
      ['alg under another name', withHeader({ Alg: 'HS256', ALG: 'HS256', kid }), MALFORMED],
      ['none, and no signature', at(`${none}.${PAYLOAD}.`), MALFORMED],
      ['none, no signature and no dot', at(`${none}.${PAYLOAD}`), MALFORMED],
      ['none, and the signature of the good token', at(`${none}.${PAYLOAD}.${SIGNED}`), MALFORMED],
      ['none, and 32 zero bytes', at(`${none}.${PAYLOAD}.${'A'.repeat(43)}`), MALFORMED],
      ['HS256 said and 32 zero bytes given', at(`${HEADER}.${PAYLOAD}.${'A'.repeat(43)}`), '401 signature_invalid'],
      ['HS384, truly', at(hs('sha384', 'HS384')), MALFORMED],
      ['HS512, truly', at(hs('sha512', 'HS512')), MALFORMED],
      ['HS256 said, SHA-384 used', at(hs('sha384', 'HS256')), MALFORMED],
      ['HS256 said, SHA-1 used', at(hs('sha1', 'HS256')), MALFORMED],
      ['HS256 said, MD5 used', at(hs('md5', 'HS256')), MALFORMED],
      ['RS256, truly', at(rs256()), MALFORMED],
      ['five parts, as an encrypted token has', at(`${vod}.AAAA.AAAA`), MALFORMED],
    ],
  },
  {
    attack: 'another type, or something critical',
    cases: [
      ...each(
        MALFORMED,
        wrongType.map((typ) => [`typ ${json(typ)}`, withHeader({ alg: 'HS256', typ, kid })]),
      ),
      ...each(
        MALFORMED,
        wrongCrit.map((crit) => [`crit ${json(crit)}`, withHeader({ alg: 'HS256', kid, crit })]),
      ),
      ['crit with the member it names', withHeader({ alg: 'HS256', kid, b64: false, crit: ['b64'] }), MALFORMED],
      ['crit written with an escape', withHeader(`{"alg":"HS256","kid":"${kid}","cr\\u0069t":["exp"]}`), MALFORMED],
      ['critical is another word', withHeader({ alg: 'HS256', kid, critical: ['exp'], Crit: ['exp'] }), PASS],
    ],
  },
  {
    attack: 'a header that says where to find a key',
    cases: each(PASS, [
      ['jwk', withHeader({ alg: 'HS256', kid, jwk: { kty: 'oct', k: 'AAAA' } })],
      ['jku', withHeader({ alg: 'HS256', kid, jku: 'https://evil.example/keys' })],
      ['x5u and x5c', withHeader({ alg: 'HS256', kid, x5u: 'https://evil.example', x5c: ['AAAA'] })],
      ['zip', withHeader({ alg: 'HS256', kid, zip: 'DEF' })],
      ['cty', withHeader({ alg: 'HS256', kid, cty: 'JWT' })],
    ]),
  },
  {
    attack: 'a header that is no object',
    cases: each(
      MALFORMED,
      ['[]', 'null', '1', '"HS256"', 'true', '{}', '{', '}', '[{"alg":"HS256"}]', '{"alg":"HS256"', '{"alg":"HS256"}{}']
        .concat(['{"alg"}', "{'alg':'HS256'}", '{alg:"HS256"}', `{"alg":"HS256","kid":"${kid}",}`, 'eyJ', 'e30'])
        .concat([
          `{"alg":"HS256","kid":"${kid}"}//`,
          `{"alg":"HS256","kid":"${kid}"}\u0000`,
          `{"header":{"alg":"HS256","kid":"${kid}"}}`,
        ])
        .map((text) => [text, withHeader(text)]),
    ),
  },
];
