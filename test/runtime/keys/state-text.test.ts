/** The text of the edge state, letter by letter: what the edge reads at fixed places, and what it takes for no state. */
import { describe, expect, it } from 'vitest';
import {
  bindKey,
  decodeState,
  type EdgeState,
  encodeState,
  findKey,
  isState,
  isWholeState,
  MAX_STATE,
  signKey,
  stateAudience,
  stateMode,
  stateVoidBefore,
} from '../../../runtime/keys/state.ts';
import { encode, testKey } from '../../helpers/sign.ts';

const [a, b] = [testKey('key-a'), testKey('key-b')];
const header = (kid: string): string => encode({ alg: 'HS256', typ: 'JWT', kid });
const whole: EdgeState = { audience: 'acme/dev', keys: [a, b], voidBefore: 1_700_000_000 };
const text = encodeState(whole);

/** A text with the length that it has, whatever else is wrong with it. */
const sized = (body: string): string => `ep1 ${body.length + 7}${body}`;
const body = text.slice(7);

describe('the text', () => {
  it('is the one of the specification', () => {
    const entries = [a, b].map(({ kid, sign, bind }) => `${header(kid)},${sign},${bind}`).join('|');
    expect(text).toBe(sized(` 1700000000 -0000000000 acme/dev|${entries}`));
    expect(encodeState({ ...whole, voidBefore: 7, override: { mode: 'report', until: 8 } })).toContain(
      ' 0000000007 r0000000008 acme/dev|',
    );
    expect(encodeState({ ...whole, override: { mode: 'enforce', until: 9_999_999_999 } })).toContain(' e9999999999 ');
  });

  it('is read at its places', () => {
    expect(isWholeState(text) && isState(text)).toBe(true);
    expect(stateAudience(text)).toBe('acme/dev');
    expect(stateVoidBefore(text)).toBe(1_700_000_000);
    for (const { kid, sign, bind } of [a, b]) {
      const at = findKey(text, header(kid));
      expect(signKey(text, at).toString('base64url')).toBe(sign);
      expect(bindKey(text, at).toString('base64url')).toBe(bind);
    }
  });

  it.each(['', 'key-a', header('key-c'), header('key-a').slice(1), header('key-a').slice(0, -1), a.sign, a.bind])(
    'has no key for %j',
    (segment) => {
      expect(findKey(text, segment)).toBe(-1);
    },
  );

  it('may be as long as fits, and no longer', () => {
    const room = MAX_STATE - encodeState({ ...whole, keys: [a], audience: `acme/${'x'.repeat(100)}` }).length;
    const longest = `acme/${'x'.repeat(100 + room)}`;
    expect(encodeState({ ...whole, keys: [a], audience: longest })).toHaveLength(MAX_STATE);
    expect(() => encodeState({ ...whole, keys: [a], audience: `${longest}x` })).toThrow(/^edge state: /);
  });
});

describe('of the right length, but no state', () => {
  it.each<[string, string]>([
    ['something behind it', `${body}*`],
    ['a newline behind it', `${body}\n`],
    ['a key cut short', body.slice(0, -1)],
    ['a key with one character more', `${body}A`],
    ['stray bits in a key', `${body.slice(0, -1)}B`],
    ['a third part of a key', `${body},${a.sign}`],
    ['six keys', body + `|${header('key-x')},${a.sign},${a.bind}`.repeat(4)],
    ['no key', body.slice(0, body.indexOf('|')).padEnd(200, 'x')],
    ['an entry that is no header', body.replace('|eyJ', '|eyK')],
    ['a header that is too short', body.replace(header('key-a'), header('').slice(0, 49))],
    ['a header that is too long', body.replace(header('key-a'), `${header('k'.repeat(16))}A`)],
    ['a header with another character', body.replace('|eyJh', '|eyJ.')],
    ['an audience without project', body.replace('acme/dev', '/dev')],
    ['an audience without environment', body.replace('acme/dev', 'acme/')],
    ['an audience of three parts', body.replace('acme/dev', 'acme/dev/x')],
    ['another mode', body.replace(' -0', ' x0')],
    ['a time with a letter', body.replace('1700000000', '170000000x')],
    ['a time that is too short', body.replace('1700000000', '170000000')],
    ['a time that is too long', body.replace('1700000000', '17000000000')],
    ['an end with a letter', body.replace('-0000000000', '-000000000x')],
    ['an end that is too short', body.replace('-0000000000', '-000000000')],
    ['an end that is too long', body.replace('-0000000000', '-00000000000')],
  ])('%s', (_name, changed) => {
    expect(changed).not.toBe(body);
    const state = sized(changed);
    expect(isWholeState(state)).toBe(true);
    expect(isState(state)).toBe(false);
    expect(decodeState(state)).toBeNull();
  });

  it('is refused for its first word and its length alone', () => {
    expect(isState(text.replace('ep1', 'ep2'))).toBe(false);
    expect(isState(`x${text}`)).toBe(false);
    expect(isWholeState(text.replace(/^(ep1 \d{3}) /, '$1x'))).toBe(false);
    expect(isState(text.replace(' 1', '01'))).toBe(false);
    expect(isState(text.replace(/^ep1 \d{3}/, 'ep1 099'))).toBe(false);
  });
});

describe('limits', () => {
  it.each<[string, Partial<EdgeState>]>([
    ['the last time of ten digits', { voidBefore: 9_999_999_999 }],
    ['the first time', { voidBefore: 0 }],
    ['an override that has ended', { override: { mode: 'report', until: 0 } }],
    ['dots, dashes and underscores in the audience', { audience: 'a.c-m_e/d.e-v_1' }],
    ['names of one character', { audience: 'a/b' }],
  ])('%s is written and read back', (_name, change) => {
    expect(decodeState(encodeState({ ...whole, ...change }))).toEqual({ ...whole, ...change });
  });

  it.each<[string, Partial<EdgeState>, RegExp]>([
    ['a time of eleven digits', { voidBefore: 10_000_000_000 }, /void-before/],
    ['an end of eleven digits', { override: { mode: 'enforce', until: 10_000_000_000 } }, /end of the override/],
    ['a blank in front of the audience', { audience: ' acme/dev' }, /audience/],
    ['a blank behind the audience', { audience: 'acme/dev ' }, /audience/],
    ['a newline behind the audience', { audience: 'acme/dev\n' }, /audience/],
    ['an audience of three parts', { audience: 'acme/dev/x' }, /audience/],
    ['an audience without project', { audience: '/dev' }, /audience/],
    ['something in front of a key', { keys: [{ ...a, sign: `A${a.sign}` }] }, /"key-a"/],
    ['something behind a key', { keys: [{ ...a, sign: `${a.sign}A` }] }, /"key-a"/],
    ['a newline behind a key', { keys: [{ ...a, bind: `${a.bind}\n` }] }, /"key-a"/],
    ['stray bits in a bind key', { keys: [{ ...a, bind: `${a.bind.slice(0, -1)}B` }] }, /"key-a"/],
    ['an id that is none, by its place', { keys: [a, { ...b, kid: 'k'.repeat(17) }] }, /key 2/],
    ['one id twice', { keys: [a, { ...b, kid: a.kid }] }, /"key-a"/],
    ['no key', { keys: [] }, /1 to 5 keys, not 0/],
    ['six keys', { keys: Array.from({ length: 6 }, (_, i) => testKey(`k${i}`)) }, /not 6/],
    ['more than fits', { audience: `acme/${'x'.repeat(900)}` }, /999/],
  ])('%s is not written, and it says which', (_name, change, message) => {
    expect(() => encodeState({ ...whole, ...change })).toThrow(message);
  });
});

describe('override', () => {
  const until = (mode: 'enforce' | 'report', end: number): string =>
    encodeState({ ...whole, override: { mode, until: end } });

  it('stands until its end, and not at it', () => {
    expect(stateMode(until('report', 100), 99)).toBe('report');
    expect(stateMode(until('enforce', 100), 99)).toBe('enforce');
    expect(stateMode(until('enforce', 100), 100)).toBe('');
    expect(stateMode(until('report', 9_999_999_999), 9_999_999_998)).toBe('report');
  });

  it('is none without a mode, whatever its end', () => {
    const state = text.replace(' -0000000000 ', ' -9999999999 ');
    expect(isState(state)).toBe(true);
    expect(stateMode(state, 1)).toBe('');
    expect(decodeState(state)).toEqual(whole);
  });
});
