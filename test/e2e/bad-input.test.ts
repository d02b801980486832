/** What a hurried, unlucky or hostile user can hand to the command: each ends in a diagnostic, and nothing is written. */
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { example, root } from '../helpers/config.ts';

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'edgepass-e2e-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

function edgepass(...args: string[]): { status: number | null; stdout: string; stderr: string } {
  return spawnSync(process.execPath, [join(root, 'dist/cli.js'), ...args], {
    cwd: folder,
    encoding: 'utf8',
    env: { PATH: process.env.PATH, NO_COLOR: '1' },
  });
}

function expectRefused(result: ReturnType<typeof edgepass>, status: number): void {
  expect(result.status, result.stderr).toBe(status);
  expect(result.stderr).not.toMatch(/\n\s+at .*\(?.*:\d+:\d+\)?/);
  expect(result.stderr).not.toContain('this is a bug');
  expect(result.stderr).toMatch(/hint: \S/);
}

const files = (): string[] =>
  readdirSync(folder, { recursive: true })
    .map(String)
    .filter((name) => !name.startsWith('node_modules'))
    .sort();

describe('generate with bad input', () => {
  it.each<[name: string, text: string | Buffer, code: string]>([
    ['an empty file', '', 'EP1002'],
    ['no YAML', 'project: [', 'EP1003'],
    ['a tab', 'project: a\n\tx: 1\n', 'EP1003'],
    ['a duplicate key', 'project: a\nproject: b\n', 'EP1004'],
    ['an anchor', example(['{domain: origin.example.com}', '&a {domain: origin.example.com}']), 'EP1005'],
    ['5 MB of YAML', `project: a\n${'# filler\n'.repeat(600_000)}`, 'EP1006'],
    ['bytes that are no text', Buffer.from([0xff, 0xfe, 0x00, 0x61, 0x80]), 'EP1001'],
    ['an unknown key', example(['lifetime: 4h', 'lifetme: 4h']), 'EP1101'],
    ['a wrong type', example(['paths: [/live/]', 'paths: /live/']), 'EP1103'],
    ['an unquoted account with a leading zero', example(['"111111111111"', '012345678901']), 'EP1107'],
    ['a stream that shadows another completely', example(['[/vod/]', '[/live/]']), 'EP1202'],
  ])('%s', (_name, text, code) => {
    writeFileSync(join(folder, 'config.yaml'), text);
    const result = edgepass('generate');
    expectRefused(result, 1);
    expect(result.stderr).toContain(code);
    expect(result.stderr).toContain('Nothing was written.');
    expect(files()).toEqual(['config.yaml']);
  });

  it('a missing file, a folder, and a device', () => {
    expectRefused(edgepass('generate'), 1);
    mkdirSync(join(folder, 'config.yaml'));
    expectRefused(edgepass('generate'), 1);
    expectRefused(edgepass('generate', '--config', '/dev/zero'), 1);
    expect(files()).toEqual(['config.yaml']);
  });

  it('an unknown environment', () => {
    writeFileSync(join(folder, 'config.yaml'), example());
    const result = edgepass('generate', '--env', 'prd');
    expectRefused(result, 1);
    expect(result.stderr).toContain('Did you mean `prod`?');
    expect(files()).toEqual(['config.yaml']);
  });

  it.each([
    ['no command', []],
    ['an unknown command', ['generat']],
    ['an unknown option', ['generate', '--evn', 'dev']],
    ['an option without its value', ['generate', '--env']],
    ['an empty value', ['generate', '--env', '']],
    ['an argument too many', ['generate', 'dev']],
    ['an argument too few', ['explain']],
  ])('usage: %s', (_name, args) => {
    writeFileSync(join(folder, 'config.yaml'), example());
    const result = edgepass(...args);
    expect(result.status).toBe(2);
    expect(result.stderr + result.stdout).toMatch(/hint: \S|Usage:/);
    expect(files()).toEqual(['config.yaml']);
  });

  it('an output folder that cannot be written, and one that holds a file of somebody else', () => {
    writeFileSync(join(folder, 'config.yaml'), example());
    writeFileSync(join(folder, 'file'), 'mine');
    expectRefused(edgepass('generate', '--out', 'file'), 1);
    mkdirSync(join(folder, 'out/dev'), { recursive: true });
    writeFileSync(join(folder, 'out/dev/manifest.json'), 'mine');
    const result = edgepass('generate');
    expectRefused(result, 1);
    expect(result.stderr).toContain('EP5003');
    expect(files()).toEqual(['config.yaml', 'file', 'out', 'out/dev', 'out/dev/manifest.json']);
    expect(readFileSync(join(folder, 'out/dev/manifest.json'), 'utf8')).toBe('mine');
  });

  it('keeps the last good output when the configuration breaks', () => {
    writeFileSync(join(folder, 'config.yaml'), example());
    expect(edgepass('generate').status).toBe(0);
    const before = readFileSync(join(folder, 'out/dev/manifest.json'), 'utf8');
    writeFileSync(join(folder, 'config.yaml'), example(['lifetime: 4h', 'lifetime: never']));
    expectRefused(edgepass('generate'), 1);
    expect(readFileSync(join(folder, 'out/dev/manifest.json'), 'utf8')).toBe(before);
  });
});

describe('--json', () => {
  it('prints one document also when something is wrong', () => {
    writeFileSync(join(folder, 'config.yaml'), example(['lifetime: 4h', 'lifetme: 4h']));
    const result = edgepass('validate', '--json');
    expect(result.status).toBe(1);
    expect(JSON.parse(result.stdout)).toMatchObject({
      ok: false,
      diagnostics: [{ code: 'EP1102' }, { code: 'EP1101', place: { line: 6, column: 5 } }],
    });
    expect(result.stderr).toBe('');
  });
});
