/** A run that finds its bundles in the cache must not load esbuild: that takes longer than all else in such a run. */
import { execFileSync } from 'node:child_process';
import { cp, mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { type BuildOptions, build } from 'esbuild';
import { afterAll, beforeAll, expect, it } from 'vitest';

const ESBUILD = dirname(createRequire(import.meta.url).resolve('esbuild/package.json'));
let folder = '';

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'edgepass-lazy-'));
  const stage = join(import.meta.dirname, '../../../generator/bundle/bundle.ts');
  const contents = `import { bundle } from ${JSON.stringify(stage)};
    const root = ${JSON.stringify(folder)};
    const lambda = { id: 'm.l', module: 'm', name: 'l', entry: root + '/l.ts', kind: 'lambda', memory: 128, timeout: 3 };
    const edge = { id: 'm.e', module: 'm', name: 'e', entry: root + '/e.ts', kind: 'edge-function', flags: {}, settings: { a: 1 } };
    const made = await bundle([lambda, edge], { root, cacheDir: root + '/cache' });
    process.stdout.write(JSON.stringify(made.ok ? made.value.map((b) => b.sha256) : made.diagnostics));`;
  const options = {
    bundle: true,
    platform: 'node',
    format: 'esm',
    external: ['esbuild'],
    logLevel: 'silent',
  } satisfies BuildOptions;
  const stdin = { contents, resolveDir: import.meta.dirname, loader: 'ts' } satisfies BuildOptions['stdin'];
  await build({ ...options, stdin, outfile: join(folder, 'run.mjs') });
  await writeFile(join(folder, 'l.ts'), 'export const handler = async (): Promise<number> => 1;\n');
  await writeFile(
    join(folder, 'e.ts'),
    'export function handler(event) { console.log(SETTINGS.a); return event.request; }\n',
  );
  await mkdir(join(folder, 'node_modules'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

const run = (): string => execFileSync(process.execPath, [join(folder, 'run.mjs')], { stdio: 'pipe' }).toString();

it('works with an esbuild that cannot be loaded, once the cache is filled', async () => {
  const place = join(folder, 'node_modules/esbuild');
  await symlink(ESBUILD, place);
  const first = run();
  expect(JSON.parse(first)).toEqual([expect.stringMatching(/^[0-9a-f]{64}$/), expect.stringMatching(/^[0-9a-f]{64}$/)]);
  await rm(place);
  await mkdir(place);
  await cp(join(ESBUILD, 'package.json'), join(place, 'package.json'));
  expect(run()).toBe(first);
  // Without the cache the same run needs it: that shows that the two lines above prove something.
  await rm(join(folder, 'cache'), { recursive: true });
  expect(run).toThrow(/esbuild/);
});
