import { randomBytes } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { packRules, packWithin, sessionsOf } from '../../../runtime/sessions/rule-packing.ts';

const ALPHABET = 'ABab01_-';
const session = fc.string({ unit: fc.constantFrom(...ALPHABET), minLength: 16, maxLength: 24 });
const generated = (count: number): string[] =>
  Array.from({ length: count }, () => randomBytes(16).toString('base64url'));

/** Whether rules refuse a path, as AWS WAF would read them. */
function refuses(rules: ReturnType<typeof packRules>['rules'], path: string): boolean {
  return rules.some(({ Statement }) => {
    const { RegexMatchStatement: regex, ByteMatchStatement: bytes } = Statement ?? {};
    if (regex !== undefined) return new RegExp(regex.RegexString ?? '').test(path);
    return path.startsWith(Buffer.from(bytes?.SearchString ?? '').toString());
  });
}

describe('revoked sessions as rules', () => {
  it('are refused, all of them and no others', () => {
    fc.assert(
      fc.property(
        fc.uniqueArray(session, { maxLength: 60 }),
        fc.array(session, { maxLength: 20 }),
        (revoked, others) => {
          const { rules } = packRules(revoked);
          for (const one of revoked) expect(refuses(rules, `/${one}.eyJ.a.b/live/a.ts`)).toBe(true);
          for (const one of [
            ...others,
            ...revoked.map((r) => r.slice(1)),
            ...revoked.map((r) => `${r}x`),
            ...revoked.map((r) => r.slice(0, -1)),
          ])
            if (!revoked.includes(one)) expect(refuses(rules, `/${one}.eyJ.a.b/live/a.ts`)).toBe(false);
          for (const one of revoked) expect(refuses(rules, `/live/${one}.eyJ.a.b/a.ts`)).toBe(false);
        },
      ),
      { numRuns: 300 },
    );
  });

  it('can be read back, stay within 200 characters, and do not depend on the order', () => {
    fc.assert(
      fc.property(fc.uniqueArray(session, { maxLength: 200 }), (revoked) => {
        const packed = packRules(revoked);
        expect(sessionsOf(packed.rules)?.sort()).toEqual([...revoked].sort());
        expect(packRules([...revoked].reverse())).toEqual(packed);
        for (const { Statement } of packed.rules)
          expect((Statement?.RegexMatchStatement?.RegexString ?? '').length).toBeLessThanOrEqual(200);
      }),
      { numRuns: 200 },
    );
  });

  it('are five times as dense as one rule a session, and no statement of AWS WAF holds more', () => {
    const WCU = 1_500;
    const { held, wcu, rules } = packWithin(generated(6_000), WCU);
    // Capacity units of statements: AWS WAF Developer Guide, "Using match rule statements".
    const oneByOne = WCU / 2;
    const inAPattern = Math.floor((200 - '^/(?:)\\.'.length + 1) / (22 + 1));
    const patterns = WCU / 3;
    const sets = 10 * 10 * inAPattern + Math.floor((WCU - 10 * 25) / 3) * inAPattern;
    process.stdout.write(
      `rules: of 22 characters ${held.length} sessions in ${wcu} WCUs and ${rules.length} rules, one by one ${oneByOne}, with all regex pattern sets of an account ${sets}\n`,
    );
    expect({ oneByOne, inAPattern, patterns, sets }).toEqual({
      oneByOne: 750,
      inAPattern: 8,
      patterns: 500,
      sets: 4_128,
    });
    expect(wcu).toBe(WCU);
    expect(rules).toHaveLength(patterns);
    // A few more where ids happen to begin alike.
    expect(held.length).toBeGreaterThanOrEqual(inAPattern * patterns);
    expect(held.length / oneByOne).toBeGreaterThan(5.3);
  });

  it('of ids that begin alike are denser still', () => {
    const alike = Array.from({ length: 20_000 }, (_, n) => `customer-42-${String(n).padStart(6, '0')}`);
    expect(packWithin(alike, 1_500).held.length).toBeGreaterThan(20 * 750);
  });

  it('of ids of many lengths are packed by their lengths where that is denser', () => {
    const ids = generated(4_000).map((id, n) => (id + id + id).slice(0, 16 + (n % 49)));
    const { held, rules } = packWithin(ids, 1_500);
    // In order it would be 2,140, as a pattern then has room for a short one that is elsewhere.
    expect(held.length).toBeGreaterThan(2_200);
    expect(sessionsOf(rules)?.sort()).toEqual([...held].sort());
  });

  it('of which there are too many are the first ones', () => {
    const all = generated(100);
    const { held, wcu } = packWithin(all, 20);
    expect(held).toEqual(all.slice(0, held.length));
    expect(wcu).toBeLessThanOrEqual(20);
    expect(packRules(all.slice(0, held.length + 1)).wcu).toBeGreaterThan(20);
  });

  it('that somebody else wrote are not ours', () => {
    const [rule] = packRules(['a'.repeat(22)]).rules;
    expect(
      sessionsOf([{ ...rule, Statement: { GeoMatchStatement: { CountryCodes: ['FR'] } } } as never]),
    ).toBeUndefined();
  });
});
