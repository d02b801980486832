/**
 * The one codec of the KeyValueStore key `state`: what the edge knows of keys and of the operator's wishes. Written by
 * rotation, read by every request, so it is one line with everything of fixed width in front:
 *
 *     ep1 <length, 3 digits> <void before, 10 digits> <override: - r e><its end, 10 digits> <audience>|<key>|…
 *     key: <header>,<sign>,<bind>
 *
 * `<length>` is that of the whole text: a cut or padded state is noticed without a search through it. `<header>` is the
 * header segment our issuers write for the key, so that the usual token finds its key by one search and no JSON is
 * parsed before the signature is verified. `<sign>` and `<bind>` are 43 characters of base64url.
 */
// biome-ignore-all lint/style/useTemplate: at the edge a template costs twice as much as `+`
import { headerSegment, isKid, kidOf } from '../token/protected-header.ts';

/** KeyValueStore key under which the edge state is kept. */
export const STATE_KEY = 'state';

/** KeyValueStore values hold 1 KB; this leaves room, and three digits are enough for a length. */
export const MAX_STATE = 999;

export const MAX_KEYS = 5;

/** One key id with its two independent keys: 32 bytes each, base64url without padding. */
export interface EdgeKey {
  kid: string;
  sign: string;
  bind: string;
}

/** What an operator put in place of the configured modes, until a time (seconds since 1970). */
export interface ModeOverride {
  mode: 'enforce' | 'report';
  until: number;
}

export interface EdgeState {
  /** `<project>/<environment>`. */
  audience: string;
  /** One to five. The order has no meaning; the key that signs is found soonest where it comes first. */
  keys: EdgeKey[];
  /** Tokens issued before this time (seconds since 1970) are refused; 0 voids none. */
  voidBefore: number;
  override?: ModeOverride;
}

/** 32 bytes of base64url: of the last character's six bits two are over, and zero. */
const KEY = /^[\w-]{42}[AEIMQUYcgkosw048]$(?!\n)/;
const AUDIENCE = /^[\w.-]+\/[\w.-]+$(?!\n)/;
const STATE =
  /^ep1 \d{3} \d{10} [-re]\d{10} [\w.-]+\/[\w.-]+(?:\|eyJ[\w-]{47,67}(?:,[\w-]{42}[AEIMQUYcgkosw048]){2}){1,5}$(?!\n)/;
const AUDIENCE_AT = 31;

/** Whether a text is an edge state, in every detail; anything else is treated like no state at all. */
export function isState(text: string): boolean {
  return isWholeState(text) && text.search(STATE) === 0;
}

/**
 * The part of `isState` that every request pays for: form and length, so that what was cut, padded or written by somebody
 * else is told. The keys that are used are checked where they are used.
 */
export function isWholeState(text: string | undefined): text is string {
  return typeof text === 'string' && text.startsWith('ep1 ' + text.length + ' ');
}

/** Audience of this deployment. Like the readers below it expects what `isWholeState` let through. */
export function stateAudience(state: string): string {
  return state.slice(AUDIENCE_AT, state.indexOf('|', AUDIENCE_AT));
}

/** Tokens issued before this time are void. */
export function stateVoidBefore(state: string): number {
  return +state.slice(8, 18);
}

/** The operator's mode at a time (seconds since 1970); `''` when there is none or it has ended. */
export function stateMode(state: string, now: number): 'enforce' | 'report' | '' {
  const mode = state[19];
  // Asked this way round, so that an end which is no number ends the override.
  if (mode === '-' || !(+state.slice(20, 30) > now)) return '';
  return mode === 'r' ? 'report' : 'enforce';
}

/**
 * Where the keys of a header segment stand in a state; -1 when no key has it. A header segment has neither `|` nor
 * `,`, so that nothing but the header of an entry can match.
 */
export function findKey(state: string, header: string): number {
  const at = state.indexOf('|' + header + ',', AUDIENCE_AT);
  return at === -1 ? -1 : at + header.length + 2;
}

/** Key that signs tokens, at a place that `findKey` gave. */
export function signKey(state: string, at: number): Buffer {
  return Buffer.from(state.slice(at, at + 43), 'base64url');
}

/** Key that signs bindings, at a place that `findKey` gave. */
export function bindKey(state: string, at: number): Buffer {
  return Buffer.from(state.slice(at + 44, at + 87), 'base64url');
}

function time(value: number, what: string): string {
  if (!Number.isInteger(value) || value < 0 || value > 9999999999) {
    throw new Error(`edge state: ${what} must be an integer number of seconds of at most ten digits`);
  }
  return String(value).padStart(10, '0');
}

function entry(key: EdgeKey, index: number, keys: EdgeKey[]): string {
  const kid = key.kid;
  if (!isKid(kid)) throw new Error(`edge state: the id of key ${index + 1} is not 1 to 16 of A-Za-z0-9_-`);
  if (keys.findIndex((other) => other.kid === kid) !== index) throw new Error(`edge state: two keys "${kid}"`);
  if (key.sign.search(KEY) === -1 || key.bind.search(KEY) === -1 || key.sign === key.bind) {
    throw new Error(`edge state: key "${kid}" needs two different values of 32 bytes in canonical base64url`);
  }
  return `|${headerSegment(kid)},${key.sign},${key.bind}`;
}

/** The text of a state. Throws on anything that the edge would not read back exactly; messages hold no key. */
export function encodeState(state: EdgeState): string {
  const keys = state.keys;
  const override = state.override;
  if (state.audience.search(AUDIENCE) === -1)
    throw new Error('edge state: the audience must be <project>/<environment>');
  if (keys.length < 1 || keys.length > MAX_KEYS)
    throw new Error(`edge state: 1 to ${MAX_KEYS} keys, not ${keys.length}`);
  const mode = override === undefined ? '-' : override.mode === 'report' ? 'r' : 'e';
  const until = time(override === undefined ? 0 : override.until, 'the end of the override');
  const body = ` ${time(state.voidBefore, 'void-before')} ${mode}${until} ${state.audience}${keys.map(entry).join('')}`;
  const text = `ep1 ${body.length + 7}${body}`;
  if (text.length > MAX_STATE) throw new Error(`edge state: ${text.length} bytes, and at most ${MAX_STATE} fit`);
  return text;
}

/** The state of a text, for the writer and for tools; `null` when it is malformed. */
export function decodeState(text: string): EdgeState | null {
  if (!isState(text)) return null;
  const parts = text.split('|');
  const keys = parts.slice(1).map((part) => {
    const fields = part.split(',') as [string, string, string];
    return { kid: kidOf(fields[0]), sign: fields[1], bind: fields[2] };
  });
  const state: EdgeState = { audience: stateAudience(text), keys, voidBefore: stateVoidBefore(text) };
  const mode = text[19];
  if (mode !== '-') state.override = { mode: mode === 'r' ? 'report' : 'enforce', until: Number(text.slice(20, 30)) };
  return state;
}
