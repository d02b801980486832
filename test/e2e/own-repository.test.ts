/** An operator's own repository: only `config.yaml` and the installed package, exactly as it would be published. */
import { execFileSync, spawnSync } from 'node:child_process';
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { root } from '../helpers/config.ts';

let folder = '';

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'edgepass-own-'));
  // `--ignore-scripts`: the build has been made, and packing must not make it again under the feet of other tests.
  const packed = execFileSync('npm', ['pack', '--json', '--ignore-scripts', '--pack-destination', folder], {
    cwd: root,
    encoding: 'utf8',
  });
  const [{ filename = '' } = {}] = JSON.parse(packed) as { filename?: string }[];
  mkdirSync(join(folder, 'node_modules'));
  execFileSync('tar', ['-xzf', join(folder, filename), '-C', folder]);
  cpSync(join(folder, 'package'), join(folder, 'node_modules/edgepass'), { recursive: true });
  rmSync(join(folder, 'package'), { recursive: true });
  // Dependencies beside it, as npm would place them; development dependencies are not there.
  const { dependencies } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { dependencies: object };
  const locked = Object.entries(
    (
      JSON.parse(readFileSync(join(root, 'package-lock.json'), 'utf8')) as {
        packages: Record<string, { dev?: boolean }>;
      }
    ).packages,
  );
  const production = locked
    .filter(([path, entry]) => path.startsWith('node_modules/') && entry.dev !== true)
    .map(([path]) =>
      path
        .split('/')
        .slice(1, path.split('/')[1]?.startsWith('@') ? 3 : 2)
        .join('/'),
    );
  for (const name of new Set([...Object.keys(dependencies), ...production])) {
    if (!existsSync(join(root, 'node_modules', name)) || existsSync(join(folder, 'node_modules', name))) continue;
    if (name.startsWith('@')) mkdirSync(join(folder, 'node_modules', name.split('/')[0] ?? ''), { recursive: true });
    symlinkSync(join(root, 'node_modules', name), join(folder, 'node_modules', name));
  }
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function edgepass(...args: string[]): { status: number | null; stdout: string; stderr: string } {
  return spawnSync(process.execPath, ['node_modules/edgepass/dist/cli.js', ...args], {
    cwd: folder,
    encoding: 'utf8',
    env: { PATH: process.env.PATH, NO_COLOR: '1' },
  });
}

describe('an operator’s own repository', () => {
  it('generates from the example of a module', () => {
    cpSync(join(root, 'templates/base/example.yaml'), join(folder, 'config.yaml'));
    const result = edgepass('generate');
    expect(result.stderr).not.toContain('error');
    expect(result.status).toBe(0);
    const environments = Object.keys(
      (parse(readFileSync(join(folder, 'config.yaml'), 'utf8')) as { environments: object }).environments,
    );
    for (const name of environments) expect(readdirSync(join(folder, 'out', name))).toContain('manifest.json');
  });

  it('starts with init', () => {
    const options = ['--account=111111111111', '--region=eu-west-1', '--origin=a.example.com', '--path=/live/'];
    expect(edgepass('init', 'started', '--project=acme', '--lifetime=4h', ...options)).toMatchObject({ status: 0 });
    const result = edgepass('generate', '--config', 'started/config.yaml', '--out', 'started/out');
    expect([result.status, result.stderr]).toEqual([0, expect.not.stringContaining('EP')]);
    expect(readdirSync(join(folder, 'started/out/dev'))).toContain('manifest.json');
  });

  it('has the schema where the editor looks for it', () => {
    expect(existsSync(join(folder, 'node_modules/edgepass/schema/config.schema.json'))).toBe(true);
  });

  it('discovers a module of its own, and composes a schema that knows it', () => {
    expect(edgepass('new-module', 'watermark').status).toBe(0);
    const text = readFileSync(join(folder, 'config.yaml'), 'utf8');
    const config = parse(text) as { modules?: Record<string, object> };
    const modules = { ...config.modules, watermark: {} };
    writeFileSync(
      join(folder, 'config.yaml'),
      `${text.replace(/^modules:[\s\S]*?(?=^\S|$(?![\s\S]))/m, '')}\nmodules: ${JSON.stringify(modules)}\n`,
    );
    const result = edgepass('generate');
    expect(result.stderr).not.toContain('error');
    expect(result.status).toBe(0);
    expect(edgepass('schema').status).toBe(0);
    expect(readFileSync(join(folder, 'schema/config.schema.json'), 'utf8')).toContain('"watermark"');
    expect(readdirSync(join(folder, 'schema'))).toEqual(['config.schema.json']);
  });

  it('compares with an output folder of before', () => {
    expect(edgepass('diff', '--against', 'out').stdout).toContain('No changes');
  });
});
