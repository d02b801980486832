/** The same claims in other spellings, as JWT libraries write them: other tokens, which the edge takes for the same. */
import { encode, mac, type TestKey } from '../../helpers/sign.ts';
import type { TokensFile, TokenVector } from '../types.ts';
import { deployments } from './deployments.ts';

type Spelling = [how: string, header: (kid: string) => string, payload: (claims: object) => string];

const ours = (kid: string): string => `{"alg":"HS256","typ":"JWT","kid":"${kid}"}`;
const sorted = (claims: object, turn = 1): object =>
  Object.fromEntries(Object.entries(claims).sort(([a], [b]) => (a < b ? -turn : turn)));

/** JSON that is ASCII: what is not is written as `\uXXXX`, as Python does unless told otherwise. */
const ascii = (claims: object): string =>
  JSON.stringify(claims).replace(/[^ -~]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`);

const SPELLINGS: Spelling[] = [
  ['claims from a to z', ours, (claims) => JSON.stringify(sorted(claims))],
  [
    'claims from z to a, header with kid in front',
    (kid) => `{"kid":"${kid}","typ":"JWT","alg":"HS256"}`,
    (claims) => JSON.stringify(sorted(claims, -1)),
  ],
  [
    'white space in both, text in ASCII',
    (kid) => `{"alg": "HS256", "typ": "JWT", "kid": "${kid}"}`,
    (claims) => ascii(claims).replace(/,"/g, ', "').replace(/":/g, '": '),
  ],
  [
    'line by line, header without typ',
    (kid) => `{\n  "alg": "HS256",\n  "kid": "${kid}"\n}`,
    (claims) => JSON.stringify(claims, null, 2),
  ],
  [
    'slashes escaped, header with another member',
    (kid) => `{"typ":"JWT","alg":"HS256","kid":"${kid}","cty":"x"}`,
    (claims) => JSON.stringify(claims).replaceAll('/', '\\/'),
  ],
];

const NAMES = [
  'plain',
  'with a session',
  'for cities, with a fallback',
  'bound to a header and a session',
  'with everything',
];

export function variantsOf(tokens: TokenVector[]): TokensFile['variants'] {
  return NAMES.flatMap((of) => {
    const vector = tokens.find(({ name }) => name === of);
    if (vector === undefined) throw new Error(`no token ${of}`);
    const { claims, kid } = vector;
    const key = deployments.keys[kid] as TestKey;
    return SPELLINGS.map(([how, headerOf, payloadOf]) => {
      const [header, payload] = [headerOf(kid), payloadOf(claims)];
      const signed = `${encode(header)}.${encode(payload)}`;
      const session = claims.ssn === undefined ? '' : `${claims.ssn}.`;
      return { of, how, header, payload, token: `${session}${signed}.${mac(key.sign, signed)}` };
    });
  });
}
