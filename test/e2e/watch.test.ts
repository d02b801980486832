/** `generate --watch` makes the output again when a source changes, survives a mistake, and ends when interrupted. */
import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { example, root } from '../helpers/config.ts';

it('generate --watch', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'edgepass-watch-'));
  const config = join(folder, 'config.yaml');
  writeFileSync(config, example());
  const child = spawn(process.execPath, [join(root, 'dist/cli.js'), 'generate', '--watch'], {
    cwd: folder,
    env: { PATH: process.env.PATH, NO_COLOR: '1' },
  });
  let said = '';
  child.stderr.on('data', (chunk: Buffer) => {
    said += chunk.toString();
  });
  const ended = new Promise<number | null>((done) => child.once('exit', done));
  const until = async (words: string): Promise<void> => {
    for (let i = 0; i < 400 && !said.includes(words); i++) await new Promise((next) => setTimeout(next, 50));
    expect(said).toContain(words);
    said = '';
  };
  const manifest = (): string => readFileSync(join(folder, 'out/dev/manifest.json'), 'utf8');
  try {
    await until('Ctrl-C ends.');
    const first = manifest();
    writeFileSync(config, example(['lifetime: 4h', 'lifetime: for ever']));
    await until('Nothing was written.');
    expect(manifest()).toBe(first);
    writeFileSync(config, example(['lifetime: 4h', 'lifetime: 5h']));
    await until('out/dev  written');
    expect(manifest()).not.toBe(first);
    child.kill('SIGINT');
    expect(await ended).toBe(0);
  } finally {
    child.kill('SIGKILL');
    rmSync(folder, { recursive: true, force: true });
  }
});
