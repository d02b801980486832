/** `binding.json`, `sessions.json`, `state.json`: our own code agrees with them. */
import { createHmac } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { decodeState, encodeState, isState, isWholeState } from '../../runtime/keys/state.ts';
import { bindingHead, boundAttribute } from '../../runtime/token/binding.ts';
import { networkOf } from '../../runtime/token/network.ts';
import { revocationKey } from '../../runtime/token/revocation.ts';
import { matchToken } from '../../runtime/token/token-text.ts';
import { root } from '../helpers/config.ts';
import type { TestKey } from '../helpers/sign.ts';
import { published } from './world.ts';

const { binding, sessions, state, deployments } = published;

describe('binding.json', () => {
  it.each(binding.bindings)('$name', ({ aud, ssn, iat, exp, attributes, canonical, hex, kid, intsig }) => {
    const head = bindingHead(aud, ssn ?? '', String(iat), String(exp));
    expect(head + attributes.map((attribute) => boundAttribute(...attribute)).join('')).toBe(canonical);
    expect(Buffer.from(hex, 'hex').toString()).toBe(canonical);
    const key = Buffer.from((deployments.keys[kid] as TestKey).bind, 'base64url');
    expect(createHmac('sha256', key).update(Buffer.from(hex, 'hex')).digest('base64url')).toBe(intsig);
  });

  it('has no canonical string twice, unless for another key', () => {
    const made = binding.bindings.map(({ kid, canonical }) => `${kid} ${canonical}`);
    expect(new Set(made).size).toBe(made.length);
  });

  it.each(binding.networks)('$address in $name', ({ address, family, width, name, network }) => {
    expect(networkOf(address, family, width)).toBe(network);
    expect(networkOf(address, family === 4 ? 6 : 4, 32)).toBe('');
    expect(name).toBe(`${family}/${width}`);
  });

  it.each(binding.noAddress.map((text) => [text]))('no address: %j', (text) => {
    expect([networkOf(text, 4, 32), networkOf(text, 6, 128)]).toEqual(['', '']);
  });
});

describe('sessions.json', () => {
  const rest = `eyJhbGciOiJIUzI1NiJ9.e30.${'A'.repeat(43)}`;

  it.each(sessions.sessions)('$session', ({ session, key }) => {
    expect(revocationKey(session)).toBe(key);
    expect(matchToken(`/${session}.${rest}`)?.[1]).toBe(session);
  });

  it.each(sessions.noSession.map((text) => [text]))('no session: %j', (text) => {
    expect(matchToken(`/${text}.${rest}`)).toBeNull();
  });
});

describe('state.json', () => {
  it.each(state.states)('$name', ({ text, content }) => {
    expect(encodeState(content)).toBe(text);
    expect(decodeState(text)).toEqual(content);
    expect(isWholeState(text)).toBe(true);
  });

  it.each(state.malformed)('malformed: $name', ({ text }) => {
    expect(isState(text)).toBe(false);
    expect(decodeState(text)).toBeNull();
  });
});

describe('README.md', () => {
  const words = new Set(readFileSync(`${root}/test/vectors/README.md`, 'utf8').match(/(?<=`)[\w.]+(?=`)/g));
  const { tokens, requests } = published;
  const lists: [file: string, records: object[]][] = [
    ['tokens', [tokens, ...tokens.tokens, ...tokens.tokens.flatMap(({ issue }) => issue ?? []), ...tokens.variants]],
    ['binding', [binding, ...binding.bindings, ...binding.networks]],
    ['requests', [requests, ...requests.requests, ...requests.requests.map(({ expected }) => expected)]],
    ['sessions', [sessions, ...sessions.sessions]],
    ['state', [state, ...state.states, ...state.malformed, ...state.states.map(({ content }) => content)]],
    ['deployments', [deployments, deployments.deployments.main]],
  ];

  it.each(lists)('names every member of %s.json', (_file, records) => {
    const members = [...new Set(records.flatMap((record) => Object.keys(record)))];
    expect(members.length).toBeGreaterThan(2);
    expect(members.filter((member) => !words.has(member))).toEqual([]);
  });
});
