import { describe, expect, it } from 'vitest';
import {
  decodeState,
  type EdgeState,
  encodeState,
  isState,
  isWholeState,
  MAX_STATE,
  stateMode,
} from '../../../runtime/keys/state.ts';
import { testKey } from '../../helpers/sign.ts';

const keys = (count: number, length = 8): EdgeState['keys'] =>
  Array.from({ length: count }, (_, i) => testKey(`k${i}`.padEnd(length, 'x')));
const full: EdgeState = { audience: 'acme/dev', keys: keys(3), voidBefore: 1_700_000_000 };

describe('edge state', () => {
  it.each<[string, EdgeState]>([
    ['one key', { ...full, keys: keys(1), voidBefore: 0 }],
    ['five keys with the longest ids', { ...full, keys: keys(5, 16) }],
    ['ids of one character', { ...full, keys: [testKey('a'), testKey('_')] }],
    ['report', { ...full, override: { mode: 'report', until: 1_800_000_000 } }],
    ['enforce', { ...full, override: { mode: 'enforce', until: 1 } }],
  ])('comes back as it was: %s', (_name, state) => {
    const text = encodeState(state);
    expect(decodeState(text)).toEqual(state);
    expect(Buffer.byteLength(text)).toBeLessThanOrEqual(MAX_STATE);
  });

  const [a, b] = keys(2) as [EdgeState['keys'][0], EdgeState['keys'][0]];
  it.each<[string, Partial<EdgeState>]>([
    ['no key', { keys: [] }],
    ['six keys', { keys: keys(6) }],
    ['the same id twice', { keys: [a, { ...b, kid: a.kid }] }],
    ['an id with another character', { keys: [{ ...a, kid: 'a|b' }] }],
    ['an id that is too long', { keys: [{ ...a, kid: 'k'.repeat(17) }] }],
    ['an empty id', { keys: [{ ...a, kid: '' }] }],
    ['an id with a newline', { keys: [{ ...a, kid: 'a\n' }] }],
    ['a short key', { keys: [{ ...a, sign: a.sign.slice(1) }] }],
    ['a padded key', { keys: [{ ...a, bind: `${a.bind}=` }] }],
    ['a key with stray bits', { keys: [{ ...a, sign: `${a.sign.slice(0, -1)}B` }] }],
    ['sign and bind the same', { keys: [{ ...a, bind: a.sign }] }],
    ['an audience without environment', { audience: 'acme' }],
    ['an audience with a separator', { audience: 'acme/dev|x' }],
    ['an audience that does not fit', { audience: `acme/${'x'.repeat(900)}` }],
    ['a time with fractions', { voidBefore: 1.5 }],
    ['a negative time', { voidBefore: -1 }],
    ['milliseconds', { voidBefore: 1_700_000_000_000 }],
    ['an override without end', { override: { mode: 'report', until: Number.NaN } }],
  ])('is not written with %s', (_name, change) => {
    const state = { ...full, ...change };
    expect(() => encodeState(state)).toThrow(/^edge state: /);
    try {
      encodeState(state);
    } catch (error) {
      for (const key of state.keys) expect(String(error)).not.toContain(key.sign || 'nothing');
    }
  });

  it('is refused whole when anything in it is wrong', () => {
    const text = encodeState(full);
    for (let i = 0; i < text.length; i++) {
      const changed = `${text.slice(0, i)}*${text.slice(i + 1)}`;
      expect(isState(changed), `character ${i}`).toBe(false);
      expect(decodeState(changed)).toBeNull();
    }
    for (const changed of ['', text.slice(1), text.slice(0, -1), `${text}A`, `${text}\n`, ` ${text}`]) {
      expect(isWholeState(changed)).toBe(false);
    }
    expect(isWholeState(undefined)).toBe(false);
  });

  it('has an override until it ends', () => {
    const text = encodeState({ ...full, override: { mode: 'report', until: 100 } });
    expect([stateMode(text, 99.9), stateMode(text, 100), stateMode(encodeState(full), 0)]).toEqual(['report', '', '']);
  });
});
