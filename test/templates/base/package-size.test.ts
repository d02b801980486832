import { join } from 'node:path';
import { expect, it } from 'vitest';
import { bundle } from '../../../generator/bundle/bundle.ts';
import base from '../../../templates/base/module.ts';
import { root } from '../rendering.ts';

/** Bytes: what a cold start has to load, and what is uploaded. */
const MOST = 300_000;

it('all Lambda code of base is one package of at most 300 KB', async () => {
  const planned = Object.entries(base.functions).flatMap(([name, { kind, entry }]) =>
    kind === 'lambda'
      ? [{ id: `base.${name}`, module: 'base', name, kind, entry: join(root, 'runtime/base', entry) }]
      : [],
  );
  expect(planned.length).toBeGreaterThan(1);
  const made = await bundle(planned as never, { root });
  if (!made.ok) throw new Error(JSON.stringify(made.diagnostics));
  const packages = new Map(made.value.map(({ sha256, bytes }) => [sha256, bytes.length]));
  expect(packages.size).toBe(1);
  const [size = 0] = packages.values();
  process.stdout.write(`base: ${size} bytes zipped, for all Lambda functions together\n`);
  expect(size).toBeLessThanOrEqual(MOST);
});
