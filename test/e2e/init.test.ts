/** Starting a project with the built command, as a process: with options, with nobody there, and at a terminal. */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { root } from '../helpers/config.ts';

const CLI = join(root, 'dist/cli.js');
const env = { PATH: process.env.PATH, NO_COLOR: '1' };

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'edgepass-e2e-init-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

function edgepass(...args: string[]): { status: number | null; stdout: string; stderr: string } {
  return spawnSync(process.execPath, [CLI, ...args], { cwd: folder, encoding: 'utf8', env, input: 'acme\n' });
}

const COMPLETE = ['--project=acme', '--account=012345678901', '--region=eu-west-1', '--origin=a.example.com'];

describe('init as a process', () => {
  it('leaves a project that validates and generates', () => {
    const made = edgepass('init', '.', ...COMPLETE, '--path=/live/', '--lifetime=4h', '--env=dev,prod');
    expect([made.status, made.stdout]).toEqual([0, '']);
    expect(edgepass('validate')).toMatchObject({ status: 0, stderr: expect.stringContaining('nothing to report') });
    expect(edgepass('generate').status).toBe(0);
    expect(readdirSync(join(folder, 'out')).sort()).toEqual(['dev', 'prod']);
    const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { version: string };
    expect(readFileSync(join(folder, 'package.json'), 'utf8')).toContain(`"edgepass": "${version}"`);
  });

  it('asks nobody when input is no terminal, and writes nothing', () => {
    const { status, stderr } = edgepass('init', ...['shop'], ...COMPLETE);
    expect([status, stderr]).toEqual([1, expect.stringContaining('--set streams.live.paths=…')]);
    expect(stderr).not.toContain('question');
    expect(readdirSync(folder)).toEqual([]);
  });
});

/** `script` of util-linux gives a process a terminal. */
const hasScript = /util-linux/.test(spawnSync('script', ['--version'], { encoding: 'utf8' }).stdout ?? '');

describe.runIf(hasScript)('init at a terminal', () => {
  const typed = (input: string): { status: number | null; stdout: string } =>
    spawnSync('script', ['-qec', `'${process.execPath}' '${CLI}' init shop ${COMPLETE.join(' ')}`, '/dev/null'], {
      cwd: folder,
      encoding: 'utf8',
      env: { ...env, SHELL: '/bin/sh' },
      input,
      timeout: 30_000,
    });

  it('asks, and ends by itself when it has its answers', () => {
    const { status, stdout } = typed('4h\nlive\n/live/\ndev\n');
    expect([status, stdout]).toEqual([0, expect.stringContaining('cd shop')]);
    expect(stdout).toContain('Type it like /live/');
    expect(readFileSync(join(folder, 'shop/config.yaml'), 'utf8')).toContain('account: "012345678901"');
  });

  it.each([
    ['Ctrl-D', '\x04'],
    ['Ctrl-C', '\x03'],
  ])('writes nothing after %s', (_name, key) => {
    const { status, stdout } = typed(`4h\n${key}`);
    expect(existsSync(join(folder, 'shop'))).toBe(false);
    // A shell between the two may put the signal in place of the exit code.
    expect([status, stdout]).not.toEqual([0, expect.anything()]);
  });
});
