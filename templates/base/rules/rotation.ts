/** Whether keys can be rotated as often as the settings ask for. */
import { keepsUntil, knownFrom, MAX_ISSUER_DELAY } from '../../../runtime/keys/rotation-times.ts';
import { longestLifetime, propagationOf, rotateEveryOf } from '../key-settings.ts';
import { AT, type Rule, when } from '../rule.ts';

const HOUR = 3_600;

/** The edge state has room for five keys: one signs, one is the spare, so three may be waiting for their tokens to expire. */
const RETIRING = 3;

export const rotationFits: Rule = (settings, environment) => {
  const rotateEvery = rotateEveryOf(settings);
  const lifetime = longestLifetime(environment);
  const times = { rotateEvery, propagation: propagationOf(settings), longestLifetime: lifetime };
  // Keys are taken away where it is looked, every hour.
  const kept = keepsUntil({ signUntil: MAX_ISSUER_DELAY, longestLifetime: lifetime }, times) + HOUR;
  // A spare is made when the last one began to sign, and it is looked every hour.
  const spare = knownFrom({ published: 0 }, times) + HOUR;
  const least = Math.max(Math.ceil(kept / RETIRING), spare);
  return when(rotateEvery < least, {
    severity: 'error',
    rule: 'rotation-too-often',
    path: AT.rotateEvery,
    message: `Tokens live up to ${lifetime} s, so a key is needed for ${kept} s after it was replaced; with a rotation every ${rotateEvery} s more than five keys would be live.`,
    hint: `Rotate every ${Math.ceil(least / HOUR)}h or less often, or shorten the lifetimes.`,
  });
};

export const propagationIsReal: Rule = (settings) => {
  const propagation = propagationOf(settings);
  return [
    ...when(propagation > HOUR, {
      severity: 'error',
      rule: 'propagation-too-long',
      path: AT.propagation,
      message: 'The workflow of the keys waits no longer than an hour for a write to reach every edge location.',
      hint: 'Writes take seconds as a rule: `5m` is on the safe side.',
    }),
    ...when(propagation < 60, {
      severity: 'warning',
      rule: 'propagation-short',
      path: AT.propagation,
      message: 'Viewers at an edge location that a write has not reached yet are refused after a rotation.',
      hint: 'Writes take seconds as a rule, and sometimes minutes: `5m` is on the safe side.',
    }),
  ];
};

export const ROTATION_RULES: readonly Rule[] = [rotationFits, propagationIsReal];
