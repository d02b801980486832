import { readFileSync } from 'node:fs';
import { Ajv } from 'ajv';
import { describe, expect, it } from 'vitest';
import { MANIFEST_FILE, sha256 } from '../../../generator/output/manifest.ts';
import { root } from '../../helpers/config.ts';
import { generated } from '../../helpers/generated.ts';

const { environments, diagnostics } = await generated();
const schema = JSON.parse(readFileSync(`${root}/schema/manifest.schema.json`, 'utf8')) as object;
const check = new Ajv({ allErrors: true, strict: true, allowMatchingProperties: true }).compile(schema);

describe('the manifest', () => {
  it('is made for every environment of the example', () => {
    expect(diagnostics.filter((d) => d.severity === 'error')).toEqual([]);
    expect(environments.map(({ tree }) => tree.environment)).toEqual(['dev', 'staging', 'prod']);
  });

  it.each(environments.map(({ tree }) => [tree.environment, tree] as const))(
    '%s: matches its schema and its files',
    (_name, tree) => {
      const text = Buffer.from(tree.files.get(MANIFEST_FILE) ?? []).toString();
      expect(check(JSON.parse(text)) ? [] : check.errors).toEqual([]);
      const others = [...tree.files.keys()].filter((path) => path !== MANIFEST_FILE).sort();
      expect(tree.manifest.files.map((file) => file.path)).toEqual(others);
      for (const file of tree.manifest.files) {
        const bytes = tree.files.get(file.path) ?? new Uint8Array();
        expect([file.size, file.sha256]).toEqual([bytes.length, sha256(bytes)]);
      }
      for (const stack of tree.manifest.stacks) expect(others).toContain(stack.template);
      for (const fn of tree.manifest.functions) expect(others).toContain(fn.file);
    },
  );

  it('wires only to stacks that come before', () => {
    for (const { tree } of environments)
      for (const [index, stack] of tree.manifest.stacks.entries())
        for (const source of Object.values(stack.parameters))
          if ('from' in source) expect(tree.manifest.stacks.slice(0, index).map((s) => s.id)).toContain(source.from);
  });

  it('has a digest that changes with any content', () => {
    const digests = environments.map(({ tree }) => tree.manifest.digest);
    expect(new Set(digests).size).toBe(digests.length);
    const { digest, ...content } = environments[0]?.tree.manifest ?? { digest: '' };
    expect(digest).toBe(sha256(JSON.stringify(content)));
  });
});
