import { mkdir, mkdtemp, readdir, readFile, readlink, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { MANIFEST_FILE, type Manifest, type OutputTree, sha256 } from '../../../generator/output/manifest.ts';
import { write } from '../../../generator/output/writer.ts';

let folder = '';
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'edgepass-writer-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

/** A tree as `outputTree` would make it, from plain texts. */
function tree(environment: string, files: Record<string, string>): OutputTree {
  const list = Object.entries(files).map(([path, text]) => ({ path, sha256: sha256(text), size: text.length }));
  const manifest = {
    version: 1,
    environment,
    files: list,
    digest: sha256(JSON.stringify(list)),
  } as unknown as Manifest;
  const bytes = new Map(Object.entries(files).map(([path, text]): [string, Uint8Array] => [path, Buffer.from(text)]));
  bytes.set(MANIFEST_FILE, Buffer.from(JSON.stringify(manifest)));
  return { environment, files: bytes, manifest };
}

const out = (): { folder: string; shown: string } => ({ folder: join(folder, 'out'), shown: 'out' });
const read = (path: string): Promise<string> => readFile(join(folder, 'out', path), 'utf8');
const listing = async (): Promise<string[]> =>
  (await readdir(join(folder, 'out'), { recursive: true, withFileTypes: true }))
    .filter((entry) => !entry.isDirectory())
    .map((entry) => join(entry.parentPath, entry.name).slice(join(folder, 'out').length + 1))
    .sort();

describe('write', () => {
  it('writes every file and leaves nothing else behind', async () => {
    const result = await write([tree('dev', { 'a.yaml': 'A', 'functions/f.js': 'F' })], out());
    expect(result.ok && result.value).toMatchObject([{ environment: 'dev', folder: 'out/dev', changed: true }]);
    expect(await listing()).toEqual(['dev/a.yaml', 'dev/functions/f.js', 'dev/manifest.json']);
    expect(await read('dev/functions/f.js')).toBe('F');
    expect(await readdir(join(folder, 'out'))).toEqual(['dev']);
  });

  it('does not touch what is already right', async () => {
    await write([tree('dev', { 'a.yaml': 'A' })], out());
    const again = await write([tree('dev', { 'a.yaml': 'A' })], out());
    expect(again.ok && again.value[0]?.changed).toBe(false);
  });

  it('removes its own files that are no longer generated', async () => {
    await write([tree('dev', { 'a.yaml': 'A', 'functions/old.js': 'O' })], out());
    await write([tree('dev', { 'a.yaml': 'A' })], out());
    expect(await listing()).toEqual(['dev/a.yaml', 'dev/manifest.json']);
  });

  it('keeps files, links and folders that are not its own', async () => {
    await write([tree('dev', { 'a.yaml': 'A' })], out());
    await mkdir(join(folder, 'out/dev/mine/empty'), { recursive: true });
    await writeFile(join(folder, 'out/dev/mine/notes.txt'), 'keep me');
    await symlink('nowhere', join(folder, 'out/dev/link'));
    await write([tree('dev', { 'a.yaml': 'B' })], out());
    expect(await read('dev/a.yaml')).toBe('B');
    expect(await read('dev/mine/notes.txt')).toBe('keep me');
    expect(await readlink(join(folder, 'out/dev/link'))).toBe('nowhere');
    expect(await readdir(join(folder, 'out/dev/mine'))).toEqual(['empty', 'notes.txt']);
  });

  it('refuses to overwrite a file it did not write, and then writes nothing at all', async () => {
    await mkdir(join(folder, 'out/prod'), { recursive: true });
    await writeFile(join(folder, 'out/prod/a.yaml'), 'by hand');
    const result = await write([tree('dev', { 'a.yaml': 'A' }), tree('prod', { 'a.yaml': 'A' })], out());
    expect(result.ok).toBe(false);
    expect(result.diagnostics.map((d) => [d.code, d.place?.file])).toEqual([['EP5003', 'out/prod/a.yaml']]);
    expect(await listing()).toEqual(['prod/a.yaml']);
    expect(await read('prod/a.yaml')).toBe('by hand');
  });

  it('does not take a foreign manifest for its own', async () => {
    await mkdir(join(folder, 'out/dev'), { recursive: true });
    await writeFile(join(folder, 'out/dev/manifest.json'), '{"name": "my web app"}');
    const result = await write([tree('dev', { 'a.yaml': 'A' })], out());
    expect(result.diagnostics.map((d) => d.code)).toEqual(['EP5003']);
    expect(await read('dev/manifest.json')).toBe('{"name": "my web app"}');
  });

  it('says when it writes over an edit, and keeps an edited file that is no longer generated', async () => {
    await write([tree('dev', { 'a.yaml': 'A', 'b.yaml': 'B' })], out());
    await writeFile(join(folder, 'out/dev/a.yaml'), 'edited');
    await writeFile(join(folder, 'out/dev/b.yaml'), 'edited');
    const result = await write([tree('dev', { 'a.yaml': 'A' })], out());
    expect(result.diagnostics.map((d) => [d.code, d.severity, d.place?.file])).toEqual([
      ['EP5004', 'warning', 'out/dev/a.yaml'],
      ['EP5004', 'warning', 'out/dev/b.yaml'],
    ]);
    expect(await read('dev/a.yaml')).toBe('A');
    expect(await read('dev/b.yaml')).toBe('edited');
  });

  it.each<[string, () => Promise<unknown>]>([
    ['the output folder is a file', () => writeFile(join(folder, 'out'), 'x')],
    [
      'an environment’s folder is a file',
      async () => {
        await mkdir(join(folder, 'out'));
        await writeFile(join(folder, 'out/dev'), 'x');
      },
    ],
    ['a folder stands where a file belongs', () => mkdir(join(folder, 'out/dev/a.yaml/inside'), { recursive: true })],
  ])('ends in a diagnostic and changes nothing when %s', async (_name, prepare) => {
    await prepare();
    const before = await snapshot();
    const result = await write([tree('dev', { 'a.yaml': 'A' })], out());
    expect(result.ok).toBe(false);
    expect(result.diagnostics[0]?.code).toMatch(/^EP500[13]$/);
    expect(await snapshot()).toEqual(before);
  });
});

async function snapshot(): Promise<string[]> {
  return (await readdir(folder, { recursive: true })).sort();
}
