/** What an issuer gives, checked with jose and with a binding computed from the specification's text. */
import { jwtVerify } from 'jose';
import { describe, expect, it, vi } from 'vitest';
import { createIssuer, fixedKey, type IssueError } from '../../../runtime/issuer/index.ts';
import { type Attribute, signBinding } from '../../helpers/sign.ts';
import { AGENT, AUD, environment, HOST, IPV6, issuer, KEY, NOW, record, VIEWER } from './world.ts';

const at = (path: string): string => `https://${HOST}${path}`;
const ALL = { policy: 'all', url: at('/all/ch1/index.m3u8'), viewer: VIEWER };

async function claimsOf(token: string): Promise<Record<string, unknown>> {
  const [, ...parts] = token.split('.').length === 4 ? token.split('.') : ['', ...token.split('.')];
  const { payload, protectedHeader } = await jwtVerify(parts.join('.'), Buffer.from(KEY.sign, 'base64url'), {
    audience: AUD,
    currentDate: new Date(NOW * 1000),
  });
  expect(protectedHeader).toEqual({ alg: 'HS256', typ: 'JWT', kid: KEY.kid });
  return payload;
}

describe('a token', () => {
  it('has exactly the claims of its policy, and no other member', async () => {
    const { url, session, token, expires, ...rest } = await issuer().issue(ALL);
    expect(rest).toEqual({});
    expect(session).toMatch(/^[\w-]{22}$/);
    expect(expires).toBe(NOW + 3600);
    expect(token.startsWith(`${session}.eyJ`)).toBe(true);
    expect(url).toBe(at(`/${token}/all/ch1/index.m3u8`));
    const bound: Attribute[] = [
      ['i', '4/24', '203.0.113.0'],
      ['h', 'user-agent', AGENT],
    ];
    const head = { iat: NOW, exp: NOW + 3600, aud: AUD, ssn: session as string };
    expect(await claimsOf(token)).toEqual({
      ...head,
      paths: ['/all/ch1/'],
      exc: ['/ads/', '/all/free/'],
      co: ['FR', 'BE'],
      ip: 24,
      ip_ver: 4,
      headers: ['user-agent'],
      intsig: signBinding(KEY, head, bound),
    });
  });

  it('binds IPv6, several headers and the query in the order of the specification', async () => {
    const device = {
      ...environment.policies.device,
      bind: { ip: { v4: 24, v6: 56 }, headers: ['x-b', 'x-a'], query: ['z', 'a'] },
    };
    const made = createIssuer({
      keys: fixedKey(record),
      audience: AUD,
      now: () => NOW * 1000,
      policies: { device: { ...device, lifetime: 60, session: false } },
    });
    const { token, url } = await made.issue({
      policy: 'device',
      url: at('/x/y.mp4?a=1=%20+&z=9#t=3'),
      viewer: { ip: IPV6, headers: { 'x-a': 'é', 'x-b': '1:h' } },
      subject: 'user-7',
    });
    expect(url).toBe(at(`/${token}/x/y.mp4?a=1=%20+&z=9#t=3`));
    const head = { iat: NOW, exp: NOW + 60, aud: AUD };
    const bound: Attribute[] = [
      ['i', '6/56', '2001:0db8:85a3:0800:0000:0000:0000:0000'],
      ['h', 'x-b', '1:h'],
      ['h', 'x-a', 'é'],
      ['q', 'z', '9'],
      ['q', 'a', '1=%20+'],
    ];
    expect(await claimsOf(token)).toEqual({
      ...head,
      paths: ['/x/'],
      ip: 56,
      ip_ver: 6,
      headers: ['x-b', 'x-a'],
      qs: ['z', 'a'],
      intsig: signBinding(KEY, head, bound),
      sub: 'user-7',
    });
  });

  it('states places and their fallbacks, and fewer places where asked', async () => {
    const url = at('/places/a/b.mpd');
    const all = await claimsOf((await issuer().issue({ policy: 'places', url })).token);
    expect(all).toMatchObject({
      co: ['FR', 'US'],
      reg: ['FR-IDF', 'US-CA'],
      cty: ['Paris', '%C3%89vry'],
      reg_fallback: true,
      cty_fallback: true,
    });
    expect(all).not.toHaveProperty('co_fallback');
    const fewer = await issuer().issue({
      policy: 'places',
      url,
      geography: { countries: ['FR'], cities: ['%C3%89vry'] },
    });
    expect(await claimsOf(fewer.token)).toMatchObject({
      co: ['FR'],
      reg: ['FR-IDF', 'US-CA'],
      cty: ['%C3%89vry'],
      cty_fallback: true,
    });
  });

  it('meets a floor with fewer places that its policy alone does not meet', async () => {
    const request = { ...ALL, policy: 'broad' };
    await expect(issuer().issue(request)).rejects.toMatchObject({ code: 'policy_not_met' });
    const { token } = await issuer().issue({ ...request, geography: { countries: ['FR'] } });
    expect(await claimsOf(token)).toMatchObject({ co: ['FR'], ip: 24, headers: ['user-agent'] });
  });

  it('is carried where the stream wants it', async () => {
    const query = await issuer().issue({ policy: 'plain', url: at('/query/a?b=1') });
    expect(query.url).toBe(at(`/query/a?b=1&token=${query.token}`));
    expect((await issuer().issue({ policy: 'plain', url: at('/query/a') })).url).toMatch(/\/query\/a\?token=eyJ/);
    expect((await issuer().issue({ policy: 'plain', url: at('/query/a?') })).url).toMatch(/\/query\/a\?token=eyJ/);
    const cookie = await issuer().issue({ policy: 'session', url: at('/cookie/a') });
    expect(cookie).toMatchObject({ url: at('/cookie/a'), cookie: { name: 'ept', value: cookie.token } });
    const header = await issuer().issue({ policy: 'plain', url: at('/header/a') });
    expect(header).toMatchObject({ url: at('/header/a'), header: { name: 'x-token', value: header.token } });
  });

  it('is the same on other delivery domains, where they serve the stream', async () => {
    const { token, urls } = await issuer().issue({ policy: 'plain', url: at('/plain/a?b'), domains: 'all' });
    expect(urls).toEqual({
      media: at(`/${token}/plain/a?b`),
      segments: `https://segments.example.com/${token}/plain/a?b`,
      ads: `https://ads.example.com/${token}/plain/a?b`,
    });
    expect(
      Object.keys((await issuer().issue({ policy: 'plain', url: at('/hosted/a'), domains: 'all' })).urls ?? {}),
    ).toEqual(['media']);
    expect(
      Object.keys((await issuer().issue({ policy: 'plain', url: at('/plain/a'), domains: ['ads'] })).urls ?? {}),
    ).toEqual(['ads']);
  });

  it('takes a session of the CMS, asks whether it is revoked, and never asks about its own', async () => {
    const isRevoked = vi.fn((session: string) => Promise.resolve(session === 'r'.repeat(16)));
    const made = issuer({ isRevoked });
    expect((await made.issue({ ...ALL, session: 'x'.repeat(64) })).session).toBe('x'.repeat(64));
    await expect(made.issue({ ...ALL, session: 'r'.repeat(16) })).rejects.toMatchObject({ code: 'session_revoked' });
    await made.issue(ALL);
    expect(isRevoked.mock.calls).toEqual([['x'.repeat(64)], ['r'.repeat(16)]]);
    const voluntary = await made.issue({ policy: 'plain', url: at('/plain/a'), session: 'y'.repeat(16) });
    expect(await claimsOf(voluntary.token)).toBeDefined();
    expect(voluntary.token.startsWith(`${'y'.repeat(16)}.eyJ`)).toBe(true);
  });

  it('makes sessions that differ', async () => {
    const made = issuer();
    const ids = await Promise.all(Array.from({ length: 500 }, async () => (await made.issue(ALL)).session));
    expect(new Set(ids).size).toBe(500);
  });
});

describe('the key', () => {
  it.each([
    ['before signFrom', NOW - 1001, 'key_not_yet_valid'],
    ['in the first second', NOW - 1000, undefined],
    ['in the last second', NOW + 99_999, undefined],
    ['from signUntil on', NOW + 100_000, 'key_expired'],
  ])('%s', async (_name, now, code) => {
    const answer = issuer({ now: () => now * 1000 })
      .issue(ALL)
      .then(
        () => undefined,
        (error: IssueError) => error.code,
      );
    expect(await answer).toBe(code);
  });

  it('is refused when it is another deployment’s', async () => {
    const keys = fixedKey({ ...record, audience: 'acme/prod' });
    await expect(issuer({ keys }).issue(ALL)).rejects.toMatchObject({ code: 'audience_mismatch' });
  });

  it('is taken at the time it signs, not at the time it was asked for', async () => {
    let now = NOW;
    const keys = {
      current: async () => {
        now = NOW + 100_000;
        return fixedKey(record).current(now);
      },
    };
    await expect(issuer({ keys, now: () => now * 1000 }).issue(ALL)).rejects.toMatchObject({ code: 'key_expired' });
  });

  it('is not printed', () => {
    expect(`${JSON.stringify(fixedKey(record))}${String(fixedKey(record).current(NOW))}`).not.toContain(KEY.sign);
  });
});

describe('an issuer', () => {
  it('warns of policies that are weaker than a stream they may be meant for', () => {
    const seen: string[] = [];
    const { warnings } = issuer({
      onWarning: ({ policy, stream, demands }) => seen.push(`${policy} ${stream}: ${demands}`),
    });
    expect(seen).toHaveLength(warnings.length);
    expect(seen).toContain('plain short: lifetime');
    expect(seen).toContain('wide all: countries,network');
    expect(seen).toContain('narrow device: query');
    expect(seen.some((line) => line.startsWith('narrow all'))).toBe(false);
    expect(seen.some((line) => line.startsWith('plain session'))).toBe(false);
    expect(issuer({ streams: undefined as never }).warnings).toEqual([]);
  });

  it.each([
    ['a lifetime that is a text', { policies: { a: { lifetime: '4h' as never, session: true } } }],
    ['no lifetime', { policies: { a: { lifetime: 0, session: true } } }],
    ['cities without countries', { policies: { a: { lifetime: 9, session: true, cities: ['Paris'] } } }],
    ['a width out of range', { policies: { a: { lifetime: 9, session: true, bind: { ip: { v4: 8 } } } } }],
    ['no width at all', { policies: { a: { lifetime: 9, session: true, bind: { ip: {} } } } }],
    ['a stream without its policy', { policies: {}, streams: { s: { paths: ['/a/'], policy: 'toString' } } }],
    [
      'a prefix without its slash',
      { policies: { a: { lifetime: 9, session: true } }, streams: { s: { paths: ['/a'], policy: 'a' } } },
    ],
    ['a domain with a path', { domains: { d: { host: 'a.example.com/x' } } }],
  ])('is not made of %s', (_name, options) => {
    expect(() => issuer({ streams: {}, ...options })).toThrow(
      expect.objectContaining({ code: 'configuration_invalid' }),
    );
  });

  it('without streams issues in the path, for the policy’s lifetime, anywhere', async () => {
    const { policies } = environment;
    const made = createIssuer({ keys: fixedKey(record), audience: AUD, policies, now: () => NOW * 1000 });
    const issued = await made.issue({ policy: 'plain', url: 'https://any.example.com/a/b', exclude: ['/ads/'] });
    expect(issued.url).toBe(`https://any.example.com/${issued.token}/a/b`);
    expect(await claimsOf(issued.token)).toMatchObject({ paths: ['/a/'], exc: ['/ads/'] });
    await expect(made.issue({ policy: 'plain', url: at('/a/b'), ttl: 3601 })).rejects.toMatchObject({
      code: 'lifetime_too_long',
    });
  });
});
