/** Sessions: in front of the token, in the claim, both or neither; and those that are revoked. */
import { createHash } from 'node:crypto';
import { type Asked, claims, SESSION, token } from '../../runtime/base/world.ts';
import {
  at,
  each,
  type Family,
  good,
  MALFORMED,
  MISSING,
  NOT_ALLOWED,
  PASS,
  PATH,
  POLICY,
  REVOKED,
  STATE,
  vod,
} from '../build.ts';

const own = { ...good, ssn: SESSION };
const other = 'Zz9_-'.repeat(5).slice(0, 22);
const front = (session: string | null, ssn: string | undefined): Asked => at(token({ ...good, ssn }, { session }));
const need = (session: string | null, ssn: unknown): Asked => ({
  uri: `/${token(claims(['/session/'], { ssn }), { session })}/session/a`,
});
const hashed = (session: string): string =>
  `r.${createHash('sha256').update(session).digest().subarray(0, 16).toString('base64url')}`;
const of = (length: number): string => 'aB3_-'.repeat(40).slice(0, length);
const long = of(23);

export const sessions: Family[] = [
  {
    attack: 'a session that is not the token’s',
    cases: [
      ['the same twice', front(SESSION, SESSION), PASS],
      ['none and no claim', front(null, undefined), PASS],
      ['claim only', front(null, SESSION), MALFORMED],
      ['in front only', front(SESSION, undefined), MALFORMED],
      ['another one in front', front(other, SESSION), MALFORMED],
      ['one letter in another case', front(SESSION.toLowerCase(), SESSION), MALFORMED],
      ['one letter less in front', front(SESSION.slice(0, -1), SESSION), MALFORMED],
      ['one letter more in front', front(`${SESSION}x`, SESSION), MALFORMED],
      ['twice in front', at(`${SESSION}.${token(own)}`), MALFORMED],
      ['an empty one in front', at(`.${vod}`), MALFORMED],
      ['an empty claim', front(null, ''), MALFORMED],
      ['behind the token', at(`${token(own, { session: null })}.${SESSION}`), MALFORMED],
      ['as a folder in front', { uri: `/${SESSION}/${token(own, { session: null })}/vod/a` }, MALFORMED],
      ['as a folder behind', { uri: `/${token(own, { session: null })}/${SESSION}/vod/a` }, NOT_ALLOWED],
      ['swapped with the header', at(token(own).replace(/^([^.]+)\.([^.]+)/, '$2.$1')), MALFORMED],
      ['by an escape', at(`%41b0_-${token(own).slice(5)}`), PATH],
      ['a list', at(`${SESSION},${other}.${token(own, { session: null })}`), MALFORMED],
      ['__proto__ padded', front('__proto__________', '__proto__________'), PASS],
    ],
  },
  {
    attack: 'a session id of a wrong form',
    cases: [
      ...each(
        MALFORMED,
        [
          of(1),
          of(15),
          of(65),
          of(200),
          `${of(20)}~`,
          `${of(20)}=`,
          `${of(20)}+`,
          `${of(20)}!`,
          `${of(20)}:`,
          `${of(20)}@`,
        ].map((id) => [`${id.length} characters, ${id.slice(-3)}`, front(id, id)]),
      ),
      ...each(
        PASS,
        [
          of(16),
          of(17),
          of(21),
          of(22),
          of(23),
          of(63),
          of(64),
          '-'.repeat(22),
          '_'.repeat(16),
          '0'.repeat(64),
          `eyJ${of(19)}`,
        ].map((id) => [`${id.length} characters, ${id.slice(0, 5)}`, front(id, id)]),
      ),
      ['characters beyond ASCII', front('\u00e9'.repeat(20), '\u00e9'.repeat(20)), PATH],
      ['a blank', front(`${of(20)} `, `${of(20)} `), PATH],
      ['an escaped blank', front(`${of(20)}%20`, `${of(20)} `), MALFORMED],
    ],
  },
  {
    attack: 'a policy that demands a session',
    cases: [
      ['there it is', need(SESSION, SESSION), 'pass /session/a'],
      ['none', need(null, undefined), POLICY],
      ['in front only', need(SESSION, undefined), MALFORMED],
      ['claim only', need(null, SESSION), MALFORMED],
      ['in the query', { ...need(null, undefined), query: `ssn=${SESSION}` }, POLICY],
      ['in a header', { ...need(null, undefined), headers: { ssn: SESSION } }, POLICY],
      ['no token but a session', { uri: `/${SESSION}/session/a` }, NOT_ALLOWED],
      ['nothing', { uri: '/session/a' }, MISSING],
    ],
  },
  {
    attack: 'a session that is revoked',
    cases: [
      ['it is', { ...front(SESSION, SESSION), revoked: [`r.${SESSION}`] }, REVOKED],
      ['another is', { ...front(SESSION, SESSION), revoked: [`r.${other}`] }, PASS],
      [
        'one that begins like it',
        { ...front(SESSION, SESSION), revoked: [`r.${SESSION}x`, `r.${SESSION.slice(0, 21)}`] },
        PASS,
      ],
      ['a key without the prefix', { ...front(SESSION, SESSION), revoked: [SESSION, `R.${SESSION}`] }, PASS],
      ['16 characters', { ...front(of(16), of(16)), revoked: [`r.${of(16)}`] }, REVOKED],
      ['22 characters', { ...front(of(22), of(22)), revoked: [`r.${of(22)}`] }, REVOKED],
      ['23 characters, by hash', { ...front(long, long), revoked: [hashed(long)] }, REVOKED],
      ['23 characters, not by hash', { ...front(long, long), revoked: [`r.${long}`] }, PASS],
      ['64 characters, by hash', { ...front(of(64), of(64)), revoked: [hashed(of(64))] }, REVOKED],
      ['64 characters, the hash of another', { ...front(of(64), of(64)), revoked: [hashed(of(63))] }, PASS],
      ['nobody knows', { ...front(SESSION, SESSION), revoked: null }, STATE],
      ['nobody knows, and there is no session', { ...front(null, undefined), revoked: null }, PASS],
      [
        'revoked and expired',
        { ...front(SESSION, SESSION), revoked: [`r.${SESSION}`], now: 1_900_000_000 },
        '401 token_expired',
      ],
      [
        'nobody knows and expired',
        { ...front(SESSION, SESSION), revoked: null, now: 1_900_000_000 },
        '401 token_expired',
      ],
      ['a session called state', { ...front('state'.repeat(4), 'state'.repeat(4)) }, PASS],
      ['HEAD', { ...front(SESSION, SESSION), revoked: [`r.${SESSION}`], method: 'HEAD' }, REVOKED],
    ],
  },
];
