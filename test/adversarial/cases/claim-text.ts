/** Values that hold pieces of JSON: no text inside a value passes for a claim, an item, or the end of one. */
import { type Asked, AUD, claims, NOW, SESSION, token } from '../../runtime/base/world.ts';
import {
  AUDIENCE,
  at,
  EXPIRED,
  each,
  type Family,
  GEO,
  jsonWith,
  MALFORMED,
  NOT_ALLOWED,
  PASS,
  withClaims,
  withPayload,
} from '../build.ts';

const co = 'cloudfront-viewer-country';
const inside = (value: unknown, request: Partial<Asked> = {}): Asked => withClaims({ sub: value }, request);
/** The good claims with a value as the text of a member that nobody reads. */
const other = (json: string): Asked => withPayload(jsonWith(/\}$/, `,"x":${json}}`));

export const claimText: Family[] = [
  {
    attack: 'an item that holds the end of itself and another item',
    cases: [
      ...each(MALFORMED, [
        ['paths', withClaims({ paths: ['/x/","/vod/'] })],
        ['aud', withClaims({ aud: ['x","acme/test'] })],
        ['exc', withClaims({ exc: ['/x/","/ads/'] })],
        ['co', withClaims({ co: ['XX","FR'] }, { headers: { [co]: 'FR' } })],
        [
          'headers',
          { uri: `/${token(claims(['/agent/'], { headers: ['x","user-agent'], intsig: 'A'.repeat(43) }))}/agent/a` },
        ],
        ['paths, by an escape', withPayload(jsonWith('"/vod/"', '"/x/\\u0022,\\u0022/vod/"'))],
      ]),
      ['without the quotes: paths', withClaims({ paths: ['/x/,/vod/'] }), NOT_ALLOWED],
      ['without the quotes: aud', withClaims({ aud: ['x,acme/test'] }), AUDIENCE],
      ['without the quotes: co', withClaims({ co: ['XX,FR'] }, { headers: { [co]: 'FR' } }), GEO],
      ['a comma that is sent', withClaims({ co: ['XX', 'FR'] }, { headers: { [co]: 'XX","FR' } }), GEO],
      ['two items that are sent as one', withClaims({ co: ['XX', 'FR', 'BE'] }, { headers: { [co]: 'FR","BE' } }), GEO],
      ['items that follow each other', withClaims({ co: ['XX', 'FR'] }, { headers: { [co]: 'FR' } }), PASS],
    ],
  },
  {
    attack: 'quotes, backslashes and control characters in claims that have no use for them',
    cases: each(
      MALFORMED,
      ['"', '\\', '\n', '\u0000', '\u001f', '\\"', '","'].flatMap((piece) => [
        [`paths ${JSON.stringify(piece)}`, withClaims({ paths: [`/vod/${piece}/`] })],
        [`co ${JSON.stringify(piece)}`, withClaims({ co: [`FR${piece}`] })],
      ]),
    ),
  },
  {
    attack: 'claims inside a value that nobody reads',
    cases: [
      ...each(PASS, [
        ['sub that ends itself', inside(`","exp":1,"paths":["/x/"]`)],
        ['sub that ends the object', inside('"}')],
        ['sub that is an object as text', inside(JSON.stringify(claims(['/other/'], { exp: 1 })))],
        ['sub that is an object', inside(claims(['/other/'], { exp: 1, nbf: NOW + 999 }))],
        ['sub that is a list of them', inside([{ exp: 1 }, { iat: 'x' }])],
        ['sub with a backslash at its end', inside('\\')],
        ['sub with two', inside('\\\\')],
        ['sub empty', inside('')],
        [
          'another member with all claims in it',
          other(JSON.stringify(claims(['/x/'], { exp: 1, ssn: SESSION, co: [1] }))),
        ],
        ['members of members', other('{"a":{"exp":1,"nbf":null,"co":"FR"}}')],
        ['sub in front', at(token({ sub: 'u', ...claims(['/vod/']) }))],
        ['sub twice, of other types', withPayload(jsonWith(/\}$/, ',"sub":1,"sub":"u"}'))],
        ['sub of a number', inside(7)],
        ['a member without a name', other('1,"":{"exp":1}')],
        ['a member without a name in front', withPayload(jsonWith(/^\{/, '{"":1,'))],
        ['a member called undefined', other('1,"undefined":1,"null":2')],
        ['a member called toJSON', other('1,"toJSON":1')],
        ['a member called toJSON, an object', other('{"toJSON":{"exp":1}}')],
      ]),
      ['exp inside a value only', withPayload(jsonWith(/"exp":(\d+)/, `"x":{"exp":${NOW + 600}}`)), MALFORMED],
      ['exp inside a text only', withPayload(jsonWith(/"exp":(\d+)/, `"x":"\\",\\"exp\\":${NOW + 600}"`)), MALFORMED],
      ['paths inside a value only', withPayload(jsonWith('"paths":["/vod/"]', '"x":{"paths":["/vod/"]}')), MALFORMED],
      [
        'exp and another inside a value',
        withPayload(jsonWith(/"exp":(\d+)/, `"exp":${NOW - 1},"x":{"exp":${NOW + 600}}`)),
        EXPIRED,
      ],
      ['the audience inside a value', withPayload(jsonWith('"acme/test"', `"a/b","x":{"aud":"${AUD}"}`)), AUDIENCE],
    ],
  },
  {
    attack: 'the order and the text that issuers of ours write, and what is nearly it',
    cases: [
      ['as written', withPayload(ours('')), PASS],
      ['with sub', withPayload(ours(',"sub":"u"')), PASS],
      ['with sub twice', withPayload(ours(',"sub":"u","sub":"v"')), PASS],
      ['with exp behind it', withPayload(ours(',"sub":"u","exp":1')), MALFORMED],
      ['with exp in the past behind it', withPayload(ours(`,"sub":"u","exp":${NOW - 1}`)), EXPIRED],
      ['with a newline behind', withPayload(`${ours('')}\n`), PASS],
      ['with two newlines behind', withPayload(`${ours('')}\n\n`), PASS],
      ['with another object behind', withPayload(ours('') + ours('')), MALFORMED],
      ['with a NUL behind', withPayload(`${ours('')}\u0000`), MALFORMED],
      ['with another object on the next line', withPayload(`${ours('')}\n{}`), MALFORMED],
      ['with null for a claim that may be absent', withPayload(ours(',"nbf":null')), MALFORMED],
      ['with an empty list', withPayload(ours(',"exc":[]')), MALFORMED],
      [
        'with a session of another alphabet',
        at(token(claims(['/vod/'], { ssn: 'a b' }), { session: SESSION })),
        MALFORMED,
      ],
    ],
  },
];

/** Claims in the issuer's own order, with something in front of the last brace. */
function ours(more: string): string {
  return `{"iat":${NOW - 60},"exp":${NOW + 600},"aud":"${AUD}","paths":["/vod/"]${more}}`;
}
