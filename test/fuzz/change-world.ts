/** Changes of the world: clock, state, revocations. */
import { createHash } from 'node:crypto';
import { testKey } from '../helpers/sign.ts';
import { AUD, K1, K2, NOW, SESSION, state } from '../runtime/base/world.ts';
import type { Change } from './change.ts';
import type { Draft } from './draft.ts';
import type { Random } from './random.ts';

const clock = (d: Draft, r: Random): number => {
  const { exp, iat, nbf } = d.claims;
  const times = [exp, nbf, typeof iat === 'number' ? iat - 120 : undefined, d.state.override?.until].filter(
    (time) => typeof time === 'number',
  );
  return ((times.length > 0 ? r.pick(times) : NOW) as number) + r.pick([-1, -0.001, 0, 0.001, 0.5, 1, 3600, -3600]);
};
const hashed = (session: string): string =>
  `r.${createHash('sha256').update(session).digest().subarray(0, 16).toString('base64url')}`;
const voided = (d: Draft, r: Random): number =>
  Math.max(0, Math.floor(Number(d.claims.iat) || 0) + r.int(3) - 1) % 9_999_999_999;

export const worldChanges: Change[] = [
  {
    name: 'another time',
    apply: (d, r) => {
      d.now = Math.min(Math.max(clock(d, r), 0), 4e12);
    },
  },
  {
    name: 'no state',
    apply: (d, r) => {
      d.stateText = r.pick([null, { fail: true as const }, '', 'ep1', '{}']);
    },
  },
  {
    name: 'state damaged',
    apply: (d, r) => {
      const text = state({ keys: d.state.keys, voidBefore: d.state.voidBefore });
      d.stateText = r.pick([
        text.slice(0, -1),
        `${text}A`,
        text.replace('ep1', 'ep2'),
        text.slice(0, 200),
        `${text}\n`,
      ]);
    },
  },
  {
    name: 'other keys',
    apply: (d, r) => {
      d.state.keys = r.pick([
        [K1],
        [K2],
        [testKey('key-3')],
        [testKey('a'), K2, K1, testKey('b'), testKey('c')],
        [{ ...K1, sign: K2.sign }, K2],
        [{ ...K1, bind: K2.bind }, K2],
      ]);
    },
  },
  {
    name: 'another deployment',
    apply: (d, r) => {
      d.state.audience = r.pick([AUD, 'acme/prod', 'a.b/c-d']);
    },
  },
  {
    name: 'void before',
    apply: (d, r) => {
      d.state.voidBefore = voided(d, r);
    },
  },
  {
    name: 'an override',
    apply: (d, r) => {
      d.state.override = {
        mode: r.pick(['report', 'enforce']),
        until: Math.min(Math.max(Math.floor(d.now) + r.int(4) - 1, 0), 9_999_999_999),
      };
    },
  },
  {
    name: 'sessions revoked',
    apply: (d, r) => {
      d.revoked = r.pick([
        [`r.${SESSION}`],
        [`r.${d.session}`, hashed(String(d.session))],
        [hashed(String(d.session))],
        [`r.${d.session}`],
        null,
        ['state', 'r.'],
      ]);
    },
  },
];
