/** A rule that nothing can break proves nothing: for each there is a template that breaks it, and only it. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { root } from '../templates/rendering.ts';
import { cfnGuard, GUARD_RULES } from '../templates/validators/cfn-guard.ts';

const folder = join(root, 'test/guard/broken');
/** `<rule>.yaml` or `<rule>.<variant>.yaml`. */
const broken = readdirSync(folder).sort();
const ruleOf = (file: string): string => (file.split('.')[0] ?? '').replaceAll('-', '_');

describe('guard rules', () => {
  const found = cfnGuard(broken.map((file) => join(folder, file)));

  test.each(broken)('%s breaks its rule and no other', (file) => {
    expect(found.filter((one) => one.file === file).map((one) => one.rule)).toEqual([ruleOf(file)]);
  });

  test('each rule has a template that breaks it', () => {
    const rules = [...readFileSync(GUARD_RULES, 'utf8').matchAll(/^rule (\w+)/gm)].map(([, name]) => name);
    expect([...new Set(broken.map(ruleOf))].sort()).toEqual([...rules].sort());
  });
});
