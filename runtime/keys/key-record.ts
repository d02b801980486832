/**
 * The key record: the Secrets Manager document with all keys, their states and times, the durable source of the edge state
 * and of the issuer record. `schema/key-record.schema.json` is its published form. Only the rotation reads and writes it.
 *
 * A member is there exactly when it means something in its state, so that a crash between two steps cannot leave, say, a
 * signing key of which nobody knows whether the edge has it.
 */

import { RecordError } from './record-error.ts';
import {
  asObject,
  checkForEdge,
  checkMembers,
  isAudience,
  isDuration,
  isId,
  isKey,
  isOneOf,
  isTime,
  type Members,
  readObject,
} from './record-members.ts';

/** Times are seconds since 1970. */
interface Live {
  kid: string;
  /** 32 bytes, base64url: signs tokens. */
  sign: string;
  /** 32 bytes, base64url: signs bindings. */
  bind: string;
  created: number;
}

/** Waits to be used; once `published` it may replace a leaked key at once. */
export interface SpareKey extends Live {
  state: 'spare';
  /** When the edge state had it for the first time; absent until then. */
  published?: number;
}

interface Used extends Live {
  published: number;
  /** Not before `published` + propagation. */
  signFrom: number;
  signUntil: number;
  /** Longest lifetime of a token that was allowed while it signed, seconds. */
  longestLifetime: number;
}

export interface SigningKey extends Used {
  state: 'signing';
}

export interface RetiringKey extends Used {
  state: 'retiring';
  /** It may leave the edge: not before `signUntil` + `longestLifetime`, skew and propagation added by the rotation. */
  keepUntil: number;
}

/** What is left of a key, so that its id is not used again. */
export interface GoneKey {
  state: 'gone';
  kid: string;
  created: number;
  gone: number;
}

export type RecordedKey = SpareKey | SigningKey | RetiringKey | GoneKey;

export interface KeyRecord {
  version: 1;
  /** `<project>/<environment>`. */
  audience: string;
  /** Oldest first; one to five that are not gone, at most one that signs. */
  keys: RecordedKey[];
}

const WHAT = 'key record';
/** Keys that are gone are forgotten, oldest first, before the record gets long. */
const MAX_RECORDED = 50;

const isState = isOneOf('spare', 'signing', 'retiring', 'gone');
const LIVE = { state: isState, kid: isId, sign: isKey, bind: isKey, created: isTime };
const USED = { ...LIVE, published: isTime, signFrom: isTime, signUntil: isTime, longestLifetime: isDuration };

/** Members by state, in the order they are written. */
const MEMBERS: Readonly<Record<RecordedKey['state'], Omit<Members, 'what'>>> = {
  spare: { required: LIVE, optional: { published: isTime } },
  signing: { required: USED },
  retiring: { required: { ...USED, keepUntil: isTime } },
  gone: { required: { state: isState, kid: isId, created: isTime, gone: isTime } },
};

/** Times of a key in the order in which they must come. */
function order(key: RecordedKey): [name: string, time: number][] {
  const times: [string, number][] = [['created', key.created]];
  if (key.state === 'gone') {
    times.push(['gone', key.gone]);
    return times;
  }
  if (key.published !== undefined) times.push(['published', key.published]);
  if (key.state !== 'spare') times.push(['signFrom', key.signFrom], ['signUntil', key.signUntil]);
  if (key.state === 'retiring') times.push(['keepUntil', key.keepUntil - key.longestLifetime]);
  return times;
}

function checkKey(value: unknown, index: number): RecordedKey {
  const what = `${WHAT}: key ${index + 1}`;
  const object = asObject(value, what);
  const wrongState = isState(object.state);
  if (wrongState !== '') throw new RecordError(`${what}: "state" must be ${wrongState}`);
  const members = MEMBERS[object.state as RecordedKey['state']];
  checkMembers(object, { what, ...members });
  const names = Object.keys({ ...members.required, ...members.optional }).filter((name) => Object.hasOwn(object, name));
  const key = Object.fromEntries(names.map((name) => [name, object[name]])) as unknown as RecordedKey;
  const times = order(key);
  for (const [at, [name, time]] of times.entries()) {
    const before = times[at - 1];
    if (before !== undefined && (name === 'signUntil' ? time <= before[1] : time < before[1]))
      throw new RecordError(`${what}: "${name}" is too early for "${before[0]}"`);
  }
  return key;
}

/** Throws a `RecordError` unless an object is a key record. */
export function checkKeyRecord(object: Record<string, unknown>): KeyRecord {
  const isKeys = (value: unknown): string =>
    Array.isArray(value) && value.length > 0 && value.length <= MAX_RECORDED ? '' : `1 to ${MAX_RECORDED} keys`;
  checkMembers(object, { what: WHAT, required: { version: isOneOf(1), audience: isAudience, keys: isKeys } });
  const audience = object.audience as string;
  const keys = (object.keys as unknown[]).map(checkKey);
  checkForEdge(
    WHAT,
    audience,
    keys.filter((key) => key.state !== 'gone'),
  );
  // Ids of keys that are gone do not come back: a token of the old key must not meet the new one.
  if (new Set(keys.map(({ kid }) => kid)).size !== keys.length)
    throw new RecordError(`${WHAT}: a key id is there twice`);
  if (keys.filter(({ state }) => state === 'signing').length > 1)
    throw new RecordError(`${WHAT}: more than one key signs`);
  return { version: 1, audience, keys };
}

/** The record of a text. Of a member that is there twice the last one counts. Throws a `RecordError`. */
export function parseKeyRecord(text: string): KeyRecord {
  return checkKeyRecord(readObject(text, WHAT));
}

/** The text of a record, members in the order of the schema. Throws a `RecordError` on what could not be read back. */
export function serialiseKeyRecord(record: KeyRecord): string {
  return JSON.stringify(checkKeyRecord({ ...record }));
}
