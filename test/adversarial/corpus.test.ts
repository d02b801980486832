/** The corpus on the text that ships and on the reference: every case has the verdict that was written for it by hand. */
import { readdirSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { describeWith } from '../helpers/needs.ts';
import { type Case, K1, K2, verdict } from '../runtime/base/world.ts';
import { corpus } from './corpus.ts';
import { eventOf } from './event-of.ts';
import { type Judged, judge } from './judge.ts';

for (const [file, families] of Object.entries(corpus)) {
  for (const family of families) {
    describeWith(['njs'], `${file}: ${family.attack}`, () => {
      let all: Promise<Judged[]> | undefined;
      it.each(family.cases.map((entry, index) => [entry[0], index] as const))('%s', async (_name, index) => {
        all ??= judge(
          family.deployment ?? 'full',
          family.cases.map(([, asked]) => eventOf(asked)),
        );
        const judged = (await all)[index] as Judged;
        const expected = (family.cases[index] as Case)[2];
        expect(verdict(judged.result)).toBe(expected);
        for (const line of judged.result.logs) expectSafe(line);
        if (family.engine) return;
        expect(judged.reference).toBe(expected);
        expect(judged.differences).toEqual([]);
      });
    });
  }
}

/** A log line is small, is ours, and holds neither token nor key. */
function expectSafe(line: string): void {
  expect(Buffer.byteLength(line)).toBeLessThanOrEqual(512);
  expect(JSON.parse(line)).toMatchObject({ v: 1 });
  expect(line).not.toMatch(/eyJ[\w-]{16,}\.[\w-]{16,}|"internal"/);
  for (const key of [K1, K2]) expect(line.includes(key.sign) || line.includes(key.bind)).toBe(false);
}

describe('the corpus', () => {
  const cases = Object.values(corpus).flatMap((families) => families.flatMap((family) => family.cases));

  it('is large, and has both sides of it', () => {
    expect(cases.length).toBeGreaterThanOrEqual(300);
    expect(cases.filter(([, , expected]) => expected.startsWith('pass')).length).toBeGreaterThanOrEqual(100);
  });

  it('has every reason', () => {
    const reasons = new Set(cases.map(([, , expected]) => expected.split(' ')[1] as string));
    for (const reason of REASONS) expect(reasons, reason).toContain(reason);
  });

  it('has no two cases of one name in a family', () => {
    for (const family of Object.values(corpus).flat()) {
      const names = family.cases.map(([name]) => name);
      expect(
        names.filter((name, index) => names.indexOf(name) !== index),
        family.attack,
      ).toEqual([]);
    }
  });

  it('leaves out no file', () => {
    const files = readdirSync(new URL('cases', import.meta.url)).map((name) => name.replace('.ts', ''));
    expect(Object.keys(corpus).toSorted()).toEqual(files.toSorted());
  });
});

const REASONS = [
  ...[
    'path_not_canonical',
    'query_not_canonical',
    'token_missing',
    'token_malformed',
    'signature_invalid',
    'key_unknown',
  ],
  ...[
    'token_expired',
    'token_not_yet_valid',
    'audience_mismatch',
    'path_not_allowed',
    'policy_not_met',
    'binding_mismatch',
  ],
  ...['method_not_allowed', 'session_revoked', 'token_voided', 'geo_not_allowed', 'state_unavailable'],
];
