/** `kid`: looked up as data among the keys of the state, and as nothing else. */
import { encode, testKey } from '../../helpers/sign.ts';
import { claims, K1, K2, state, token } from '../../runtime/base/world.ts';
import {
  at,
  each,
  type Family,
  good,
  HEADER,
  MALFORMED,
  PASS,
  PAYLOAD,
  SIGNATURE,
  STATE,
  signParts,
  UNKNOWN,
  vod,
  withHeader,
} from '../build.ts';

const named = (kid: unknown): [string, ReturnType<typeof at>] => [
  `kid ${JSON.stringify(kid)?.slice(0, 40)}`,
  withHeader({ alg: 'HS256', typ: 'JWT', kid }),
];
const json = (kid: string): [string, ReturnType<typeof at>] => [
  `kid written ${kid}`,
  withHeader(`{"alg":"HS256","typ":"JWT","kid":${kid}}`),
];

const k16 = testKey('k'.repeat(16));
const k1 = testKey('k');
const five = state({ keys: ['a', 'b', 'c', 'd', 'e'].map(testKey) });
const emptyKey = (kid: string): string => signParts(encode({ alg: 'HS256', typ: 'JWT', kid }), PAYLOAD, '');

export const keyId: Family[] = [
  {
    attack: 'a kid that is the name of something else',
    cases: each(
      UNKNOWN,
      [
        ...[
          '__proto__',
          'constructor',
          'prototype',
          'toString',
          'valueOf',
          'hasOwnProperty',
          'length',
          'keys',
          'state',
        ],
        ...['0', '1', '-1', '00', 'key-', 'ey-1', 'key-10', 'key-3', 'KEY-1', 'Key-1', 'key_1', 'ep1', 'acme', 'null'],
        ...['undefined', 'true', 'NaN', '_', '-', 'eyJ', K1.sign.slice(0, 16), K1.bind.slice(0, 16)],
      ].map(named),
    ),
  },
  {
    attack: 'a kid that cannot be one',
    cases: each(MALFORMED, [
      ...[
        ...[
          '',
          ' ',
          'key 1',
          ' key-1',
          'key-1 ',
          'key-1\n',
          '\nkey-1',
          'key-1\u0000',
          'key-1\u0000key-2',
          'key-1|',
          '|key-1',
        ],
        ...[
          'key-1,',
          'key-1,key-2',
          '../key-1',
          '/key-1',
          'key.1',
          '*',
          '.*',
          'key-1"',
          "' or 1=1",
          '%6Bey-1',
          'k\u00e9y',
          '\u212aey-1',
        ],
        ...['k'.repeat(17), 'k'.repeat(100), `${K1.kid}${'\u0000'.repeat(11)}`, 'file:///dev/null'],
        ...[null, 0, 1, -1, 1.5, true, false, [], ['key-1'], [['key-1']], {}, { 0: 'key-1' }, { toString: 'key-1' }],
      ].map(named),
      ...['1e999', '-0', '"key-1', 'key-1', '["key-1"]', '"\\x6bey-1"', '"key-1\t"'].map(json),
      ['no kid', withHeader({ alg: 'HS256', typ: 'JWT' })],
      ['KID instead', withHeader({ alg: 'HS256', typ: 'JWT', KID: K1.kid })],
      ['by __proto__', withHeader(`{"alg":"HS256","__proto__":{"kid":"${K1.kid}"},"typ":"JWT"}`)],
      ['by __proto__, all of it', withHeader(`{"__proto__":{"alg":"HS256","kid":"${K1.kid}"},"zip":1}`)],
    ]),
  },
  {
    attack: 'a kid written otherwise is the same kid',
    cases: each(PASS, [
      ...['"\\u006bey-1"', '"key\\u002d1"', '"\\u006B\\u0065\\u0079\\u002D\\u0031"', ' "key-1"', '"key-1"\t'].map(json),
      ['__proto__ beside it', withHeader(`{"__proto__":{"kid":"nobody"},"alg":"HS256","kid":"${K1.kid}"}`)],
      ['constructor beside it', withHeader(`{"constructor":1,"toString":2,"alg":"HS256","kid":"${K1.kid}"}`)],
      ['one character', { ...at(token(good, { key: k1 })), state: state({ keys: [k1] }) }],
      ['sixteen characters', { ...at(token(good, { key: k16 })), state: state({ keys: [k16, K1] }) }],
      ['the last of five', { ...at(token(good, { key: testKey('e') })), state: five }],
      ['the first of five', { ...at(token(good, { key: testKey('a') })), state: five }],
      ['one key id begins like the other', { ...at(token(good, { key: k1 })), state: state({ keys: [K1, k1, K2] }) }],
    ]),
  },
  {
    attack: 'the key of another kid',
    cases: [
      ['kid 1, key 2', at(signParts(HEADER, PAYLOAD, K2.sign)), SIGNATURE],
      ['kid 2, key 1', withHeader({ alg: 'HS256', typ: 'JWT', kid: K2.kid }), SIGNATURE],
      ['a key that is not at the edge yet', at(token(good, { key: testKey('key-3') })), UNKNOWN],
      ['a key that is gone', { ...at(vod), state: state({ keys: [K2] }) }, UNKNOWN],
      [
        'a kid of the same key under a new name',
        { ...at(vod), state: state({ keys: [{ ...K1, kid: 'key-9' }] }) },
        UNKNOWN,
      ],
      ['an unknown kid with an empty key', at(emptyKey('nobody')), UNKNOWN],
      ['__proto__ with an empty key', at(emptyKey('__proto__')), UNKNOWN],
      ['a known kid with an empty key', at(emptyKey(K1.kid)), SIGNATURE],
      ['a state without keys', { ...at(vod), state: 'ep1 040 0000000000 -0000000000 acme/test' }, STATE],
      ['the other key, its own kid', at(token(claims(['/vod/']), { key: K2 })), PASS],
    ],
  },
];
