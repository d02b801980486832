/** Which requests carry the token of a session. */
import { describe, expect, it } from 'vitest';
import type { Playback } from '../../../runtime/demo/site/answers.ts';
import { Session } from '../../../runtime/demo/site/session.ts';

const part = (value: object): string => Buffer.from(JSON.stringify(value)).toString('base64url');
const token = (name: string): string => `${name}.${part({ alg: 'HS256' })}.${part({ iat: 5, exp: 9 })}.signature`;
const [OLD, NEW] = [token('old'), token('new')];

/** HLS and DASH come from two delivery domains. */
const ONE = 'https://one.example/v/';
const TWO = 'https://two.example/v/';
const ELSEWHERE = 'https://elsewhere.example/v/';

function refreshed(playback: (token: string) => Pick<Playback, 'urls' | 'header'>): Session {
  const answer = (of: string): Playback => ({ token: of, asset: 'film', policy: 'p', ...playback(of) });
  const session = new Session(answer(OLD), 0);
  session.renew(answer(NEW), 0);
  return session;
}

describe('the newest token goes to every delivery host of the playback and to no other', () => {
  it('in the query', () => {
    const session = refreshed((of) => ({ urls: { hls: `${ONE}a.m3u8?t=${of}`, dash: `${TWO}a.mpd?t=${of}` } }));
    for (const at of [ONE, TWO]) {
      expect(session.asked(`${at}1.m4s`)).toBe(`${at}1.m4s?t=${NEW}`);
      expect(session.asked(`${at}1.m4s?t=${OLD}`)).toBe(`${at}1.m4s?t=${NEW}`);
    }
    for (const query of ['', `?t=${OLD}`])
      expect(session.asked(`${ELSEWHERE}1.m4s${query}`)).toBe(`${ELSEWHERE}1.m4s${query}`);
  });

  it('in the path', () => {
    const at = (host: string, of: string): string => `https://${host}.example/${of}/v/`;
    const session = refreshed((of) => ({ urls: { hls: `${at('one', of)}a.m3u8`, dash: `${at('two', of)}a.mpd` } }));
    for (const host of ['one', 'two']) expect(session.asked(`${at(host, OLD)}1.m4s`)).toBe(`${at(host, NEW)}1.m4s`);
    expect(session.asked(`${at('elsewhere', OLD)}1.m4s`)).toBe(`${at('elsewhere', OLD)}1.m4s`);
  });

  it('in a header', () => {
    const header = (value: string) => ({ name: 'x-token', value });
    const session = refreshed((of) => ({ header: header(of), urls: { hls: `${ONE}a.m3u8`, dash: `${TWO}a.mpd` } }));
    for (const at of [ONE, TWO]) expect(session.headers(`${at}1.m4s`)).toEqual({ 'x-token': NEW });
    expect(session.headers(`${ELSEWHERE}1.m4s`)).toEqual({});
    // A port is another host, and no part of a name will do.
    expect(session.headers('https://one.example:8443/v/1.m4s')).toEqual({});
    expect(session.headers('https://one.example.elsewhere.example/v/1.m4s')).toEqual({});
  });
});
