/**
 * The steps of the rotation as changes of the key record: pure, each of them safe at any time and any number of times. A step
 * that has nothing to do gives back the very record it got.
 *
 * What must stay true, whatever crashes, comes late or runs twice:
 * - nobody signs with a key that some edge location may not know yet;
 * - no key leaves the edge while an unexpired token of it may exist, unless it is killed;
 * - at most five keys are live, and no id comes back.
 *
 * The key record is the truth; edge state and issuer record follow it (`follow.ts`). `now` is in seconds since 1970.
 */
import type { KeyRecord, RecordedKey, RetiringKey, SigningKey, SpareKey } from './key-record.ts';
import {
  asSigning,
  dueFrom,
  keepsUntil,
  knownFrom,
  MAX_ISSUER_DELAY,
  type RotationSettings,
  SKEW,
  signsUntil,
} from './rotation-times.ts';
import { MAX_KEYS } from './state.ts';

/** A key as it is made: an id that was never used, and two independent values of 32 random bytes in base64url. */
export interface NewKey {
  kid: string;
  sign: string;
  bind: string;
}

export interface Moment {
  now: number;
  settings: RotationSettings;
}

/** Keys that are gone are remembered, so that their ids do not come back; the record has room for this many. */
const MAX_REMEMBERED = 40;

export const isLive = (key: RecordedKey): boolean => key.state !== 'gone';

export function signingKey({ keys }: KeyRecord): SigningKey | undefined {
  return keys.find((key) => key.state === 'signing');
}

/** The spare, when the edge state has had it. */
export function publishedSpare({ keys }: KeyRecord): (SpareKey & { published: number }) | undefined {
  const spare = keys.find((key) => key.state === 'spare');
  return spare?.published === undefined ? undefined : { ...spare, published: spare.published };
}

/** The record of a deployment that has none: one key, which signs once it is at the edge. */
export function firstRecord(audience: string, { key, now }: { key: NewKey; now: number }): KeyRecord {
  return { version: 1, audience, keys: [{ state: 'spare', ...key, created: now }] };
}

/** Whether there is neither a spare nor room for one. */
export function isFull(record: KeyRecord): boolean {
  return !record.keys.some(({ state }) => state === 'spare') && record.keys.filter(isLive).length >= MAX_KEYS;
}

/** Adds a spare where there is none, and room for it. */
export function withSpare(record: KeyRecord, { make, now }: { make: () => NewKey; now: number }): KeyRecord {
  if (isFull(record) || record.keys.some(({ state }) => state === 'spare')) return record;
  return { ...record, keys: [...record.keys, { state: 'spare', ...unused(record, make), created: now }] };
}

/** Notes that an edge state with these keys was written. It is noted afterwards, so the time is late rather than early. */
export function withPublished(record: KeyRecord, { kids, now }: { kids: readonly string[]; now: number }): KeyRecord {
  return mapKeys(record, (key) =>
    key.state === 'spare' && key.published === undefined && kids.includes(key.kid)
      ? { ...key, published: Math.max(now, key.created) }
      : key,
  );
}

/**
 * Lets the spare sign. Where no key signs, at once, from the moment at which every edge location knows it; else when the
 * rotation is due or `force`d and that moment has come. The key before it keeps the last moment that issuers were told
 * until they are seen to have another (`withIssuersMoved`).
 */
export function withNextSigning(record: KeyRecord, { now, settings, force }: Moment & { force: boolean }): KeyRecord {
  const spare = publishedSpare(record);
  const current = signingKey(record);
  if (spare === undefined) return record;
  if (current !== undefined) {
    const isDue = force || now >= dueFrom(current, settings);
    if (!isDue || now < knownFrom(spare, settings)) return record;
  }
  return mapKeys(record, (key) => {
    if (key.kid === spare.kid) return asSigning(spare, { now, settings });
    return key === current ? retired(key as SigningKey, settings) : key;
  });
}

/** Shortens the time of retired keys, once the issuer record names another key: nobody's knowledge is older than 5 minutes. */
export function withIssuersMoved(
  record: KeyRecord,
  { now, settings, issuerKid }: Moment & { issuerKid: string },
): KeyRecord {
  const last = now + MAX_ISSUER_DELAY;
  return mapKeys(record, (key) => {
    if (key.state !== 'retiring' || key.kid === issuerKid || key.signUntil <= last) return key;
    const shorter = { ...key, signUntil: Math.max(last, key.signFrom + 1) };
    return { ...shorter, keepUntil: keepsUntil(shorter, settings) };
  });
}

/** Lets keys that may still sign follow settings that grew; what was promised before is never taken back. */
export function withGrownSettings(record: KeyRecord, { now, settings }: Moment): KeyRecord {
  const { longestLifetime } = settings;
  return mapKeys(record, (key) => {
    if (key.state === 'signing') {
      const signUntil = Math.max(key.signUntil, signsUntil(key.signFrom, settings));
      if (signUntil === key.signUntil && longestLifetime <= key.longestLifetime) return key;
      return { ...key, signUntil, longestLifetime: Math.max(key.longestLifetime, longestLifetime) };
    }
    if (key.state !== 'retiring') return key;
    // Issuers may have moved on to longer lifetimes before they moved on to another key.
    const longer =
      key.signUntil + 2 * SKEW >= now ? Math.max(key.longestLifetime, longestLifetime) : key.longestLifetime;
    const keepUntil = Math.max(key.keepUntil, keepsUntil({ ...key, longestLifetime: longer }, settings));
    return keepUntil === key.keepUntil && longer === key.longestLifetime
      ? key
      : { ...key, longestLifetime: longer, keepUntil };
  });
}

/** Removes retired keys whose time is over. */
export function withoutExpired(record: KeyRecord, now: number): KeyRecord {
  return forgetful(mapKeys(record, (key) => (key.state === 'retiring' && key.keepUntil <= now ? gone(key, now) : key)));
}

/**
 * Removes a key at once, and lets the spare sign where it signed. Undefined when no live key has that id. A record never
 * stays without a live key: a new spare takes its place, and signs once it is at the edge.
 */
export function withoutKey(
  record: KeyRecord,
  { kid, make, ...moment }: Moment & { kid: string; make: () => NewKey },
): KeyRecord | undefined {
  if (!record.keys.some((key) => key.kid === kid && isLive(key))) return undefined;
  const { now } = moment;
  const without = mapKeys(record, (key) => (key.kid === kid ? gone(key, now) : key));
  const next = signingKey(without) === undefined ? withNextSigning(without, { ...moment, force: true }) : without;
  return forgetful(next.keys.some(isLive) ? next : withSpare(next, { make, now }));
}

function retired(key: SigningKey, settings: RotationSettings): RetiringKey {
  return { ...key, state: 'retiring', keepUntil: keepsUntil(key, settings) };
}

function gone({ kid, created }: RecordedKey, now: number): RecordedKey {
  return { state: 'gone', kid, created, gone: Math.max(now, created) };
}

function forgetful(record: KeyRecord): KeyRecord {
  const remembered = record.keys.filter(({ state }) => state === 'gone').slice(-MAX_REMEMBERED);
  if (record.keys.filter(({ state }) => state === 'gone').length === remembered.length) return record;
  return { ...record, keys: record.keys.filter((key) => isLive(key) || remembered.includes(key)) };
}

function unused(record: KeyRecord, make: () => NewKey): NewKey {
  for (let tries = 0; tries < 100; tries++) {
    const key = make();
    if (!record.keys.some(({ kid }) => kid === key.kid)) return key;
  }
  throw new Error('no key id is unused');
}

/** The same record where no key changed. */
function mapKeys(record: KeyRecord, change: (key: RecordedKey) => RecordedKey): KeyRecord {
  const keys = record.keys.map(change);
  return keys.every((key, i) => key === record.keys[i]) ? record : { ...record, keys };
}
