/** The same input gives the same bytes: in another folder, time zone and locale, with and without a cache. */
import { execFileSync } from 'node:child_process';
import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { sha256 } from '../../generator/output/manifest.ts';
import { root } from '../helpers/config.ts';

const folders: string[] = [];
afterAll(() => {
  for (const folder of folders) rmSync(folder, { recursive: true, force: true });
});

/** A copy of the checkout as far as `generate` reads it, with `node_modules` that hold no cache of ours. */
function copy(prefix: string): string {
  const folder = mkdtempSync(join(tmpdir(), prefix));
  folders.push(folder);
  for (const name of ['config.yaml', 'package.json', 'dist', 'schema', 'templates', 'runtime'])
    cpSync(join(root, name), join(folder, name), { recursive: true });
  cpSync(join(root, 'generator/modules'), join(folder, 'generator/modules'), { recursive: true });
  cpSync(join(root, 'tsconfig.json'), join(folder, 'tsconfig.json'));
  const modules = join(folder, 'node_modules');
  execFileSync('mkdir', [modules]);
  for (const name of readdirSync(join(root, 'node_modules')))
    if (!name.startsWith('.cache')) symlinkSync(join(root, 'node_modules', name), join(modules, name));
  return folder;
}

function generate(folder: string, env: Record<string, string>): Record<string, string> {
  execFileSync(process.execPath, ['dist/cli.js', 'generate'], {
    cwd: folder,
    env: { PATH: process.env.PATH, ...env },
    stdio: 'pipe',
  });
  const out = join(folder, 'out');
  const files = readdirSync(out, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
  return Object.fromEntries(
    files
      .map((entry) => join(entry.parentPath, entry.name))
      .map((file) => [file.slice(out.length + 1), sha256(readFileSync(file))]),
  );
}

describe('generate', () => {
  it('is deterministic', () => {
    const here = copy('edgepass-one-');
    const first = generate(here, { TZ: 'Pacific/Auckland', LANG: 'tr_TR.UTF-8' });
    const second = generate(copy('edgepass-a-much-longer-name-'), { TZ: 'America/New_York', LC_ALL: 'C' });
    expect(Object.keys(first)).toContain('prod/manifest.json');
    expect(second).toEqual(first);
    rmSync(join(here, 'out'), { recursive: true });
    expect(generate(here, { TZ: 'UTC' }), 'from the cache').toEqual(first);
  });
});
