/** What the page is made of, without a browser. */
import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { duration, lifeOf, secondsLeft } from '../../../runtime/demo/site/lifetime.ts';
import { policyText } from '../../../runtime/demo/site/policy-text.ts';
import { messageFor } from '../../../runtime/demo/site/refusals.ts';
import { decodeToken, fromCountry, urlParts, withNewest } from '../../../runtime/demo/site/token-parts.ts';
import { siteHeaders } from '../../../runtime/demo/site-headers.ts';
import { REASONS } from '../../../runtime/token/verdict.ts';
import { siteFiles } from './site-files.ts';

const part = (value: object): string => Buffer.from(JSON.stringify(value)).toString('base64url');
const TOKEN = `${'s'.repeat(22)}.${part({ alg: 'HS256' })}.${part({ cty: ['Liège'], iat: 5 })}.${'g'.repeat(43)}`;

describe('the site', () => {
  it('is at most 350 KB on the wire, player and all', async () => {
    const { files, index } = await siteFiles();
    const sizes = index.files.map(({ path }) => gzipSync(files.get(path) ?? '', { level: 9 }).length);
    expect(sizes.reduce((sum, size) => sum + size, 0)).toBeLessThanOrEqual(350_000);
  });

  it('can be used before the player is there', async () => {
    const { files } = await siteFiles();
    const html = Buffer.from(files.get('index.html') ?? []).toString();
    const first = [...files.keys()].filter((name) => html.includes(name));
    expect(first.length).toBe(3);
    expect(first.reduce((sum, name) => sum + (files.get(name)?.length ?? 0), 0)).toBeLessThan(60_000);
  });

  it('runs no script and takes no style but its own', () => {
    const policy = siteHeaders(['https://media.example.com'])['content-security-policy'] ?? '';
    expect(policy).not.toMatch(/unsafe|\*|https:(?!\/\/media\.example\.com)|data:/);
    expect(policy).toContain("default-src 'none'");
    expect(policy).toContain("connect-src 'self' https://media.example.com;");
    expect(policy).toContain("script-src 'self';");
  });
});

describe('a token in a URL', () => {
  it('is shown in its parts', () => {
    const url = `https://media.example.com/${TOKEN}/vod/a.mpd`;
    const [session, header, payload, signature] = TOKEN.split('.');
    const [before, after] = ['https://media.example.com/', '/vod/a.mpd'];
    expect(urlParts(url, TOKEN)).toEqual({ before, session, header, payload, signature, after });
    const bare = TOKEN.slice(23);
    expect(urlParts(`https://m.example/${bare}/a`, bare)).toMatchObject({ session: '', header, after: '/a' });
    expect(urlParts('https://m.example/a', TOKEN)).toBeUndefined();
    expect(decodeToken(TOKEN)).toEqual({ header: { alg: 'HS256' }, payload: { cty: ['Liège'], iat: 5 } });
  });

  it('gives way to the newest of its session', () => {
    const tokens = ['old.a.b.c', 'older.a.b.c', 'new.a.b.c'];
    expect(withNewest('https://m/older.a.b.c/v/1.m4s', tokens)).toBe('https://m/new.a.b.c/v/1.m4s');
    expect(withNewest('https://m/new.a.b.c/v/1.m4s', tokens)).toBe('https://m/new.a.b.c/v/1.m4s');
    expect(withNewest('https://elsewhere/v/1.m4s', tokens)).toBe('https://elsewhere/v/1.m4s');
    expect(withNewest('https://m/x', [])).toBe('https://m/x');
  });

  it('is asked for from one country at a time', () => {
    const there = fromCountry('http://127.0.0.1:8080/t.o.k.en/v/', 'FR');
    expect(there).toBe('http://127.0.0.1:8080/~country/FR/t.o.k.en/v/');
    expect(fromCountry(there, 'US')).toBe('http://127.0.0.1:8080/~country/US/t.o.k.en/v/');
    expect(fromCountry(there, '')).toBe('http://127.0.0.1:8080/t.o.k.en/v/');
  });
});

describe('the life of a token', () => {
  it("is counted on the page's own clock", () => {
    const life = lifeOf({ iat: 1_800_000_000, exp: 1_800_000_090 }, 5_000);
    expect(life).toEqual({ whole: 90, endsAt: 95_000 });
    expect([5_000, 94_500, 95_000, 99_000].map((now) => secondsLeft(life ?? { whole: 0, endsAt: 0 }, now))).toEqual([
      90, 1, 0, 0,
    ]);
    expect(lifeOf({ iat: 'x', exp: 1 }, 0)).toBeUndefined();
  });

  it('is said in words', () => {
    expect([9, 61, 3599, 3600, 14_460].map(duration)).toEqual([
      '9 s',
      '1 min 01 s',
      '59 min 59 s',
      '1 h 00 min',
      '4 h 01 min',
    ]);
  });
});

describe('messages', () => {
  it('are there for every reason, each of its own', () => {
    const texts = REASONS.map((reason) => messageFor(reason, 0).text);
    expect(new Set(texts).size).toBe(REASONS.length);
  });

  it('without a reason say the status, whatever the header says', () => {
    expect(messageFor('', 403).text).toContain('403');
    expect(messageFor('__proto__', 451).text).toContain('451');
    expect(messageFor('', 404).title).toBe('The content is not there');
  });

  it('say what a policy binds', () => {
    const bind = { ip: { v4: 24 }, headers: ['user-agent'] };
    expect(policyText({ name: 'p', lifetime: 60, session: true, countries: ['FR'], bind })).toBe(
      'A token lives 1 min 00 s; has a session that can be revoked; only in FR; bound to the network (/24 of IPv4); bound to user-agent.',
    );
    expect(policyText({ name: 'p' })).toBe('');
  });
});
