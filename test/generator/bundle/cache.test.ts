import { mkdir, mkdtemp, readdir, readFile, rename, rm, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { cached, stableJson } from '../../../generator/bundle/cache.ts';
import { esbuildVersion, ownVersion } from '../../../generator/bundle/versions.ts';
import type { Json } from '../../../generator/modules/contract.ts';

let root = '';
let dir = '';
let builds = 0;
beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'edgepass-cache-'));
  dir = join(root, 'deep/cache');
  builds = 0;
  await source('a.ts', 'one');
  await source('b.ts', 'two');
});
afterEach(() => rm(root, { recursive: true, force: true }));

/** Writes a source that is older than any build of the test. */
async function source(name: string, text: string): Promise<void> {
  await writeFile(join(root, name), text);
  await utimes(join(root, name), 1_000_000, 1_000_000);
}

interface Attempt {
  key?: Json;
  dir?: string | undefined;
  root?: string;
  inputs?: string[];
  cacheable?: boolean;
  output?: string | Uint8Array;
  during?: () => Promise<void>;
}

function attempt({
  key = 'key',
  inputs = ['a.ts', 'b.ts'],
  output,
  during,
  cacheable,
  ...over
}: Attempt = {}): Promise<string | Uint8Array> {
  const build = async () => {
    builds++;
    await during?.();
    return { output: output ?? `built ${builds}`, inputs, ...(cacheable !== undefined && { cacheable }) };
  };
  return cached<string | Uint8Array>({ dir, root, key, build, ...over });
}

const records = async (): Promise<string[]> => readdir(dir).catch(() => []);
const record = async (): Promise<string> => join(dir, (await records())[0] ?? 'none');

describe('a build is remembered', () => {
  it('while its inputs are as they were', async () => {
    expect([await attempt(), await attempt()]).toEqual(['built 1', 'built 1']);
    expect(await records()).toEqual([expect.stringMatching(/^[0-9a-f]{64}\.json$/)]);
  });
  it('byte for byte', async () => {
    const output = new Uint8Array([0, 255, 128, 10]);
    await attempt({ output });
    const again = await attempt({ output: 'other' });
    expect(again).toBeInstanceOf(Uint8Array);
    expect([...again]).toEqual([...output]);
  });
  it('when its tree was moved, because records have no absolute path', async () => {
    await attempt({ inputs: [join(root, 'a.ts'), 'b.ts'] });
    expect(await readFile(await record(), 'utf8')).not.toContain(root);
    const moved = `${root}-moved`;
    await rename(root, moved);
    expect(await attempt({ root: moved, dir: join(moved, 'deep/cache') })).toBe('built 1');
    await rm(moved, { recursive: true });
  });
  it('when members of its key change places', async () => {
    await attempt({ key: { a: 1, b: { c: true, d: [1, 2] } } });
    expect(await attempt({ key: { b: { d: [1, 2], c: true }, a: 1 } })).toBe('built 1');
  });
});

describe('a build is done again', () => {
  it.each(['a.ts', 'b.ts'])('when %s changes', async (name) => {
    await attempt();
    await source(name, 'changed');
    expect(await attempt()).toBe('built 2');
    expect(await attempt()).toBe('built 2');
  });
  it('when an input is gone', async () => {
    await attempt();
    await rm(join(root, 'b.ts'));
    expect(await attempt()).toBe('built 2');
  });
  it('when the key changes', async () => {
    await attempt({ key: { flags: { a: true } } });
    expect(await attempt({ key: { flags: { a: false } } })).toBe('built 2');
    expect(await attempt({ key: { flags: { a: true } } })).toBe('built 1');
  });
  it('when an input was saved while it ran', async () => {
    await attempt({
      during: () => new Promise((done) => setTimeout(done, 20)).then(() => writeFile(join(root, 'b.ts'), 'saved late')),
    });
    expect(await records()).toEqual([]);
    await source('b.ts', 'saved late');
    expect(await attempt()).toBe('built 2');
  });
  it('when it must not be kept', async () => {
    await attempt({ cacheable: false });
    expect(await records()).toEqual([]);
    expect(await attempt()).toBe('built 2');
  });
  it('when there is no folder', async () => {
    await attempt({ dir: undefined });
    expect(await attempt({ dir: undefined })).toBe('built 2');
  });
  it.each<[string, (text: string) => string]>([
    ['cut off', (text) => text.slice(0, -5)],
    ['empty', () => ''],
    ['of another form', () => '[]'],
    ['null', () => 'null'],
    ['without inputs', (text) => text.replace(/"inputs":\[.*\]\],/, '"inputs":[],')],
    ['with another output', (text) => text.replace('built 1', 'built x')],
    ['of an unknown kind', (text) => text.replace('"kind":"text"', '"kind":"other"')],
    ['with an input that is no pair', (text) => text.replace('"inputs":[', '"inputs":["a.ts",')],
  ])('when its record is %s', async (_name, spoil) => {
    await attempt();
    const before = await readFile(await record(), 'utf8');
    expect(spoil(before)).not.toBe(before);
    await writeFile(await record(), spoil(before));
    expect(await attempt()).toBe('built 2');
  });
});

describe('the cache never stands in the way', () => {
  it('when the folder is a file', async () => {
    await writeFile(join(root, 'file'), '');
    expect(await attempt({ dir: join(root, 'file') })).toBe('built 1');
  });
  it('when a record is a folder', async () => {
    await attempt();
    const path = await record();
    await rm(path);
    await mkdir(join(path, 'full'), { recursive: true });
    expect(await attempt()).toBe('built 2');
    expect((await records()).filter((name) => name.endsWith('.tmp'))).toEqual([]);
  });
  it('when the folder cannot be made', async () => {
    expect(await attempt({ dir: '/dev/null/cache' })).toBe('built 1');
  });
  it('but passes on what the build throws, and leaves nothing behind', async () => {
    const failing = attempt({ during: () => Promise.reject(new Error('broken source')) });
    await expect(failing).rejects.toThrow('broken source');
    expect(await records()).toEqual([]);
  });
  it('when many ask at once', async () => {
    const results = await Promise.all(Array.from({ length: 8 }, () => attempt({ output: 'same' })));
    expect(new Set(results)).toEqual(new Set(['same']));
    expect((await records()).length).toBe(1);
  });
});

describe('keys', () => {
  it('hold the versions of what builds', () => {
    expect(esbuildVersion()).toMatch(/^\d+\.\d+\.\d+/);
    expect(ownVersion()).toMatch(/^\d+\.\d+\.\d+/);
  });
  it('are JSON with sorted members and lists as they are', () =>
    expect(stableJson({ b: [2, 1, { z: null, y: 'x' }], a: true })).toBe('{"a":true,"b":[2,1,{"y":"x","z":null}]}'));
});
