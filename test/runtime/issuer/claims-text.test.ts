/** The order in which claims are written is the one that the edge reads fastest. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { claimsText, type IssuedClaims } from '../../../runtime/issuer/claims-text.ts';
import { createIssuer, fixedKey } from '../../../runtime/issuer/index.ts';
import { AGENT, AUD, HOST, IPV6, NOW, record } from './world.ts';

const ORDER =
  'iat exp nbf aud paths exc ssn co co_fallback reg reg_fallback cty cty_fallback ip ip_ver headers qs intsig sub ctx'.split(
    ' ',
  );

const texts = fc.array(fc.string({ unit: 'binary' }), { maxLength: 3 });
const frozen = texts.map((list) => Object.freeze(list) as string[]);
const list = fc.oneof(texts, frozen);
const time = fc.nat();
const claims: fc.Arbitrary<IssuedClaims> = fc.record(
  {
    ctx: fc.string({ unit: 'binary' }),
    sub: fc.string({ unit: 'binary' }),
    intsig: fc.string(),
    qs: list,
    headers: list,
    ip_ver: fc.constantFrom(4 as const, 6 as const),
    ip: fc.nat(128),
    cty_fallback: fc.boolean(),
    cty: list,
    reg_fallback: fc.boolean(),
    reg: list,
    co_fallback: fc.boolean(),
    co: list,
    ssn: fc.string({ unit: 'binary' }),
    exc: list,
    paths: list,
    aud: fc.oneof(fc.string({ unit: 'binary' }), list),
    nbf: time,
    exp: time,
    iat: time,
  },
  { requiredKeys: ['iat', 'exp', 'aud', 'paths'] },
);

describe('claims', () => {
  it('are written as JSON.stringify writes them, in one order', () => {
    fc.assert(
      fc.property(claims, (given) => {
        const ordered = Object.fromEntries(
          ORDER.filter((name) => Object.hasOwn(given, name)).map((name) => [name, given[name as keyof IssuedClaims]]),
        );
        expect(claimsText(given)).toBe(JSON.stringify(ordered));
        // The text of a list that never changes is kept.
        expect(claimsText(given)).toBe(JSON.stringify(ordered));
      }),
      { numRuns: 2000 },
    );
  });

  it('see a list that was changed', () => {
    const paths = ['/a/'];
    const given = { iat: 1, exp: 2, aud: 'a/b', paths };
    expect(claimsText(given)).toContain('["/a/"]');
    paths.push('/b/');
    expect(claimsText(given)).toContain('["/a/","/b/"]');
  });

  it('stand in that order in what is issued', async () => {
    const policies = {
      all: {
        lifetime: 60,
        session: true,
        countries: ['FR'],
        regions: ['FR-IDF'],
        cities: ['%C3%89vry'],
        fallback: ['countries', 'regions', 'cities'],
        bind: { ip: { v6: 56 }, headers: ['user-agent'], query: ['d'] },
      },
    } as const;
    const made = createIssuer({ keys: fixedKey(record), audience: AUD, policies, now: () => NOW * 1000 });
    const { token } = await made.issue({
      policy: 'all',
      url: `https://${HOST}/a/b?d=1`,
      viewer: { ip: IPV6, headers: { 'user-agent': AGENT } },
      exclude: ['/ads/'],
      subject: 'user-7',
      context: '1800000000:trailer:all',
    });
    const text = Buffer.from(token.split('.')[2] as string, 'base64url').toString();
    expect(text).toBe(JSON.stringify(JSON.parse(text)));
    expect(Object.keys(JSON.parse(text) as object)).toEqual(ORDER.filter((name) => name !== 'nbf'));
  });
});
