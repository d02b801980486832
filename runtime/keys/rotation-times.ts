/** Times of the rotation; all in seconds. */
import type { RetiringKey, SigningKey, SpareKey } from './key-record.ts';

/** What two clocks may differ by from the true time, each; where two of them meet it counts twice. */
export const SKEW = 120;

/** An issuer's knowledge is never older (`issuer/secrets-manager-key.ts`). */
export const MAX_ISSUER_AGE = 300;

/** After an issuer record has another key, the last moment at which somebody may sign with the one before. */
export const MAX_ISSUER_DELAY = MAX_ISSUER_AGE + 2 * SKEW;

/** How long a key may go on signing when a rotation that is due does not come. Alarms sound long before. */
export const GRACE = 7 * 86_400;

export interface RotationSettings {
  /** How long a key signs before the next one does. */
  rotateEvery: number;
  /** How long a write to the KeyValueStore may take to reach every edge location. */
  propagation: number;
  /** Longest lifetime that a stream allows now. */
  longestLifetime: number;
}

/** When every edge location knows a key whose first state was written at `published`. */
export function knownFrom({ published }: { published: number }, { propagation }: RotationSettings): number {
  return published + propagation + 2 * SKEW;
}

/** When the next rotation is due. */
export function dueFrom({ signFrom }: SigningKey, { rotateEvery }: RotationSettings): number {
  return signFrom + rotateEvery;
}

/** Last moment at which an issuer that has not heard of anything newer may sign. */
export function signsUntil(signFrom: number, { rotateEvery }: RotationSettings): number {
  return signFrom + rotateEvery + GRACE;
}

/**
 * When no token of a retired key can be valid any more: signed at the last moment, for the longest lifetime, looked at by an
 * edge location that is late, removed by somebody who is early.
 */
export function keepsUntil(
  { signUntil, longestLifetime }: Pick<RetiringKey, 'signUntil' | 'longestLifetime'>,
  { propagation }: RotationSettings,
): number {
  return signUntil + longestLifetime + 2 * SKEW + propagation;
}

/** A key that is at the edge, as one that signs from the first moment at which every edge location knows it. */
export function asSigning(
  spare: SpareKey & { published: number },
  { now, settings }: { now: number; settings: RotationSettings },
): SigningKey {
  const signFrom = Math.max(now, knownFrom(spare, settings));
  return {
    ...spare,
    state: 'signing',
    signFrom,
    signUntil: signsUntil(signFrom, settings),
    longestLifetime: settings.longestLifetime,
  };
}
