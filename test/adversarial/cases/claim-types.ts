/** Every claim that is known, with values of every other type. All signed with the right key. */
import { type Asked, claims, NOW, SESSION, token } from '../../runtime/base/world.ts';
import { at, each, type Family, jsonWith, MALFORMED, PASS, POLICY, withClaims, withPayload } from '../build.ts';

/** Wrong whatever claim has it. */
const never: unknown[] = [{}, { a: 1 }, [null], [[]], [{}]];
const noNumber: unknown[] = [...never, null, true, false, '', '0', '1800000600', ' 1', '1e9', [], [1_800_000_600]];
const noTime: unknown[] = [...noNumber, -1, 0.5, NOW + 600.5, -1.5, 1e300, 1e21];
const noList: unknown[] = [
  ...never,
  null,
  true,
  false,
  0,
  1,
  '',
  'FR',
  '/vod/',
  'user-agent',
  [],
  [''],
  [1],
  [true],
  ['x', ''],
];
const noPrefixes: unknown[] = [...noList, ['/vod'], ['vod/'], ['vod'], ['/vod/', 'x/'], ['/vod/', null], [['/vod/']]];
const noFlag: unknown[] = [...never, null, 0, 1, '', 'true', 'false', [], [true]];

const bound = { headers: ['user-agent'], intsig: 'A'.repeat(43) };
const wrong: [claim: string, values: unknown[], beside?: Record<string, unknown>][] = [
  ['exp', noTime],
  ['iat', noTime],
  ['nbf', noTime],
  ['aud', [...never, null, true, false, 0, 1, [], [''], [1], ['acme/test', 1], ['acme/test', null], ['acme/test', '']]],
  ['paths', noPrefixes],
  ['exc', noPrefixes],
  ['ssn', [...never, null, true, false, 0, 1, [], [SESSION], { 0: SESSION }]],
  ['co', noList],
  ['reg', noList],
  ['cty', noList, { co: ['FR'] }],
  ['co_fallback', noFlag],
  ['reg_fallback', noFlag],
  ['cty_fallback', noFlag],
  ['ip', [...noTime, 0, 8, 15, 33, 64, 24.5, 2 ** 32], { ip_ver: 4, intsig: 'A'.repeat(43) }],
  ['ip', [0, 24, 31, 129, 64.5], { ip_ver: 6, intsig: 'A'.repeat(43) }],
  ['ip_ver', [...noTime, 0, 5, 46, 4.5, '4', '6', 'v4', [4]], { ip: 32, intsig: 'A'.repeat(43) }],
  ['headers', noList, { intsig: 'A'.repeat(43) }],
  ['qs', noList, { intsig: 'A'.repeat(43) }],
  ['intsig', [...never, null, true, 0, 1, []], { headers: ['user-agent'] }],
];

/** A session that is no text cannot stand in front of the token. */
const signed = (more: Record<string, unknown>): Asked =>
  at(token(claims(['/vod/'], more), { session: 'ssn' in more ? SESSION : null }));
const text = (value: unknown): string => JSON.stringify(value).slice(0, 40);
const number = (claim: 'exp' | 'iat', written: string): ReturnType<typeof withPayload> =>
  withPayload(jsonWith(new RegExp(`"${claim}":\\d+`), `"${claim}":${written}`));

export const claimTypes: Family[] = [
  ...wrong.map(
    ([claim, values, beside]): Family => ({
      attack: `${claim} of a wrong type${beside ? ` beside ${Object.keys(beside).join(' and ')}` : ''}`,
      cases: each(
        MALFORMED,
        values.map((value) => [`${claim} is ${text(value)}`, signed({ ...beside, [claim]: value })]),
      ),
    }),
  ),
  {
    attack: 'claims that are not there, or not without each other',
    cases: [
      ...each(
        MALFORMED,
        ['exp', 'iat', 'aud', 'paths'].map((claim) => [`no ${claim}`, withClaims({ [claim]: undefined })]),
      ),
      ['none at all', withPayload('{}'), MALFORMED],
      ['ip without ip_ver', withClaims({ ip: 32, intsig: 'A'.repeat(43) }), MALFORMED],
      ['ip_ver without ip', withClaims({ ip_ver: 4 }), MALFORMED],
      ['cty without co', withClaims({ cty: ['Paris'] }), MALFORMED],
      ['headers without intsig', withClaims({ headers: ['user-agent'] }), MALFORMED],
      ['qs without intsig', withClaims({ qs: ['device'] }), MALFORMED],
      ['ip without intsig', withClaims({ ip: 24, ip_ver: 4 }), MALFORMED],
      ['intsig with nothing bound', withClaims({ intsig: bound.intsig }), MALFORMED],
      ['an empty intsig with nothing bound', withClaims({ intsig: '' }), MALFORMED],
      ['exp equals iat', withClaims({ iat: NOW, exp: NOW }), MALFORMED],
      ['exp before iat', withClaims({ iat: NOW + 60, exp: NOW + 59 }), MALFORMED],
      ['exp and iat zero', withClaims({ iat: 0, exp: 0 }), MALFORMED],
    ],
  },
  {
    attack: 'numbers in other spellings',
    cases: [
      ...each(
        MALFORMED,
        [
          '1e999',
          '-1e999',
          '1e308',
          '1800000600.5',
          '18000006e-1',
          '-1800000600',
          '1e-400e',
          '0x6b49d458',
          '1_800_000_600',
        ]
          .concat(['+1800000600', '.5', 'Infinity', '-Infinity', 'NaN', '"1800000600"', '1 800'])
          .concat(['\uff11\uff18', '1800000600n', 'undefined', '', '9'.repeat(400), '[1800000600]', '{"valueOf":1}'])
          .flatMap((written): [string, ReturnType<typeof number>][] => [
            [`exp is ${written.slice(0, 30)}`, number('exp', written)],
            [`iat is ${written.slice(0, 30)}`, number('iat', written)],
          ]),
      ),
      ...each(
        PASS,
        [
          '1800000600.0',
          '18000006e2',
          '1.8000006e9',
          '1.8000006E+9',
          '18000006000e-1',
          '1800000600.000',
          ' 1800000600 ',
        ].map((written) => [`exp is ${written}`, number('exp', written)]),
      ),
      ['exp in milliseconds', number('exp', '1800000600000'), POLICY],
      ['iat is -0, long ago', number('iat', '-0'), POLICY],
      ['iat is 0, long ago', number('iat', '0'), POLICY],
      ['iat is 1e-400, which is 0', number('iat', '1e-400'), POLICY],
      ['exp is -0', number('exp', '-0'), MALFORMED],
    ],
  },
  {
    attack: 'claims that are not known, of any type',
    cases: each(
      PASS,
      [null, 0, -0.5, 1e300, '', 'x', true, [], {}, [[[]]], { a: { b: [1, { c: null }] } }, '\u0000', '"\\'].flatMap(
        (value) => [
          [`sub is ${text(value)}`, withClaims({ sub: value })],
          [`jti is ${text(value)}`, withClaims({ jti: value, iss: value, scope: value })],
        ],
      ),
    ),
  },
  {
    attack: 'claims in other letters are other claims',
    cases: [
      ...each(
        MALFORMED,
        ['exp', 'iat', 'aud', 'paths'].flatMap((claim): [string, ReturnType<typeof withClaims>][] => [
          [claim.toUpperCase(), withPayload(jsonWith(`"${claim}"`, `"${claim.toUpperCase()}"`))],
          [`${claim} with a blank`, withPayload(jsonWith(`"${claim}"`, `"${claim} "`))],
          [`${claim} with a NUL`, withPayload(jsonWith(`"${claim}"`, `"${claim}\\u0000"`))],
        ]),
      ),
      ['NBF in the future is no claim of ours', withClaims({ NBF: NOW + 500, Co: ['XX'], EXC: null }), PASS],
    ],
  },
];
