/** Times: to the second, without leeway, at the clock of the edge; and the operator's "void before". */
import { NOW, state } from '../../runtime/base/world.ts';
import { EARLY, EXPIRED, type Family, good, PASS, POLICY, withClaims } from '../build.ts';

const VOIDED = '410 token_voided';
const voided = (voidBefore: number) => ({ state: state({ voidBefore }) });
/** The world's clock stands half a second behind each second. */
const moment = (now: number): number => now - 0.5;
/** Stream `vod` has a longest lifetime of 7,200 seconds. */
const life = (iat: number, exp: number) => withClaims({ iat: NOW + iat, exp: NOW + exp });

export const times: Family[] = [
  {
    attack: 'expiry',
    cases: [
      ['a second left', withClaims({ exp: NOW + 1 }), PASS],
      ['now', withClaims({ exp: NOW }), EXPIRED],
      ['a second ago', withClaims({ exp: NOW - 1 }), EXPIRED],
      ['long ago, and iat too', life(-7200, -3600), EXPIRED],
      ['at 1 and 2', withClaims({ iat: 1, exp: 2 }), EXPIRED],
      ['at 0 and 1', withClaims({ iat: 0, exp: 1 }), EXPIRED],
      ['the last second, by the clock', withClaims({}, { now: NOW + 599 }), PASS],
      ['one later, by the clock', withClaims({}, { now: NOW + 600 }), EXPIRED],
      ['at that very moment', withClaims({}, { now: moment(NOW + 600) }), EXPIRED],
      ['a thousandth before it', withClaims({}, { now: moment(NOW + 599.999) }), PASS],
      ['a year later', withClaims({}, { now: NOW + 31_536_000 }), EXPIRED],
      ['before it was issued', withClaims({}, { now: NOW - 60 }), PASS],
      ['120 seconds before it was issued', withClaims({}, { now: NOW - 180 }), PASS],
      ['121 seconds before it was issued', withClaims({}, { now: NOW - 181 }), EARLY],
      ['in the year 1970', withClaims({}, { now: 0 }), EARLY],
      ['beyond 2106', withClaims({ iat: 2 ** 32, exp: 2 ** 32 + 600 }, { now: 2 ** 32 + 5 }), PASS],
      ['beyond 2038', withClaims({ iat: 2 ** 31, exp: 2 ** 31 + 600 }, { now: 2 ** 31 + 5 }), PASS],
      ['beyond 2038, expired', withClaims({ iat: 2 ** 31, exp: 2 ** 31 + 600 }, { now: 2 ** 31 + 600 }), EXPIRED],
      ['exp that wraps around 32 bits', withClaims({ exp: (good.exp as number) + 2 ** 32 }), POLICY],
    ],
  },
  {
    attack: 'issued in the future, or not valid yet',
    cases: [
      ['iat now', life(0, 600), PASS],
      ['iat in 120 seconds', life(120, 600), PASS],
      ['iat in 121 seconds', life(121, 600), EARLY],
      ['iat in a year', life(31_536_000, 31_537_000), EARLY],
      ['nbf now', withClaims({ nbf: NOW }), PASS],
      ['nbf in a second', withClaims({ nbf: NOW + 1 }), EARLY],
      ['nbf at that very moment', withClaims({ nbf: NOW + 1 }, { now: moment(NOW + 1) }), PASS],
      ['nbf a thousandth later', withClaims({ nbf: NOW + 1 }, { now: moment(NOW + 0.999) }), EARLY],
      ['nbf a second ago', withClaims({ nbf: NOW - 1 }), PASS],
      ['nbf 0', withClaims({ nbf: 0 }), PASS],
      ['nbf has no 120 seconds', withClaims({ nbf: NOW + 119 }), EARLY],
      ['nbf behind exp', withClaims({ nbf: NOW + 700 }), EARLY],
      ['nbf in front of iat', withClaims({ nbf: NOW - 1000 }), PASS],
      ['nbf huge', withClaims({ nbf: 4_000_000_000_000 }), EARLY],
      ['expired and not valid yet', withClaims({ exp: NOW - 1, nbf: NOW + 9 }), EXPIRED],
    ],
  },
  {
    attack: 'a longer life than the stream gives',
    cases: [
      ['all of it', life(-60, 7140), PASS],
      ['a second more', life(-60, 7141), POLICY],
      ['a second more, nearly over', life(-7200, 1), POLICY],
      ['nearly over', life(-7199, 1), PASS],
      ['all of it in the future', life(120, 7320), PASS],
      ['a second more in the future', life(120, 7321), POLICY],
      ['a century', life(-60, 3_153_600_000), POLICY],
      ['nbf does not count', withClaims({ iat: NOW - 60, exp: NOW + 7141, nbf: NOW }), POLICY],
    ],
  },
  {
    attack: 'tokens that are void',
    cases: [
      ['issued before', withClaims({}, voided(NOW - 59)), VOIDED],
      ['issued at that second', withClaims({}, voided(NOW - 60)), PASS],
      ['issued after', withClaims({}, voided(NOW - 61)), PASS],
      ['nothing is void', withClaims({}, voided(0)), PASS],
      ['nbf does not help', withClaims({ nbf: NOW - 1 }, voided(NOW - 59)), VOIDED],
      ['expired goes first', withClaims({ exp: NOW - 1 }, voided(NOW)), EXPIRED],
      ['the wrong audience goes first', withClaims({ aud: 'a/b' }, voided(NOW)), '401 audience_mismatch'],
      ['void goes before the path', withClaims({ paths: ['/x/'] }, voided(NOW)), VOIDED],
      ['iat 0', withClaims({ iat: 0, exp: NOW + 9 }, voided(1)), VOIDED],
    ],
  },
];
