/** Duplicate JSON members: the last one counts, in header and payload, whatever it is. */
import { K1, NOW } from '../../runtime/base/world.ts';
import {
  AUDIENCE,
  EXPIRED,
  each,
  type Family,
  jsonWith,
  MALFORMED,
  NOT_ALLOWED,
  PASS,
  POLICY,
  UNKNOWN,
  withHeader,
  withPayload,
} from '../build.ts';

const head = (text: string): ReturnType<typeof withHeader> => withHeader(`{${text}}`);
const first = (member: string): ReturnType<typeof withPayload> => withPayload(jsonWith(/^\{/, `{${member},`));
const last = (member: string): ReturnType<typeof withPayload> => withPayload(jsonWith(/\}$/, `,${member}}`));
const ours = `"kid":"${K1.kid}"`;

/** A member that would be refused if it counted, and why. */
const bad: [member: string, verdict: string][] = [
  [`"exp":${NOW - 1}`, EXPIRED],
  ['"exp":"1"', MALFORMED],
  ['"exp":null', MALFORMED],
  [`"iat":${NOW + 500}`, '401 token_not_yet_valid'],
  ['"iat":0', POLICY],
  ['"aud":"acme/prod"', AUDIENCE],
  ['"aud":[]', MALFORMED],
  ['"paths":["/other/"]', NOT_ALLOWED],
  ['"paths":"/vod/"', MALFORMED],
];

export const duplicateMembers: Family[] = [
  {
    attack: 'duplicate members of the header',
    cases: [
      ['alg: good last', head(`"alg":"none",${ours},"alg":"HS256"`), PASS],
      ['alg: bad last', head(`"alg":"HS256",${ours},"alg":"none"`), MALFORMED],
      ['alg: null last', head(`"alg":"HS256",${ours},"alg":null`), MALFORMED],
      ['alg: bad last, by an escape', head(`"alg":"HS256",${ours},"\\u0061lg":"none"`), MALFORMED],
      ['alg: good last, by an escape', head(`"alg":"none",${ours},"al\\u0067":"HS256"`), PASS],
      ['kid: good last', head(`"kid":"nobody","alg":"HS256",${ours}`), PASS],
      ['kid: unknown last', head(`${ours},"alg":"HS256","kid":"nobody"`), UNKNOWN],
      ['kid: wrong type last', head(`${ours},"alg":"HS256","kid":1`), MALFORMED],
      ['kid: thrice', head(`${ours},"kid":1,"alg":"HS256",${ours}`), PASS],
      ['typ: bad last', head(`"typ":"JWT","alg":"HS256",${ours},"typ":"x"`), MALFORMED],
      ['typ: good last', head(`"typ":"x","alg":"HS256",${ours},"typ":"JWT"`), PASS],
      ['crit: an empty one last is one', head(`"crit":["exp"],"alg":"HS256",${ours},"crit":[]`), MALFORMED],
      ['__proto__ twice', head(`"__proto__":1,"alg":"HS256",${ours},"__proto__":{"alg":"none"}`), PASS],
    ],
  },
  {
    attack: 'duplicate members of the payload',
    cases: [
      ...each(
        PASS,
        bad.map(([member]) => [`${member} and the good one behind it`, first(member)]),
      ),
      ...bad.map(([member, verdict]): [string, ReturnType<typeof last>, string] => [
        `${member} behind the good one`,
        last(member),
        verdict,
      ]),
      ['exp behind the good one, by an escape', last(`"e\\u0078p":${NOW - 1}`), EXPIRED],
      ['paths twice are not joined', last('"paths":["/vod/b/"]'), NOT_ALLOWED],
      ['exc that is taken back', last('"exc":["/vod/"],"exc":null'), MALFORMED],
      ['nbf in the future, and one in the past behind it', last(`"nbf":${NOW + 9},"nbf":1`), PASS],
      ['nbf in the past, and one in the future behind it', last(`"nbf":1,"nbf":${NOW + 9}`), '401 token_not_yet_valid'],
      ['an unknown claim twice', last('"sub":"a","sub":"b"'), PASS],
    ],
  },
];
