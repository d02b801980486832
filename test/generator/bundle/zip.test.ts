import { execFileSync } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { build } from 'esbuild';
import { unzipSync } from 'fflate';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { zip } from '../../../generator/bundle/zip.ts';
import { describeWith } from '../../helpers/needs.ts';

const bytes = (text: string): Uint8Array => Buffer.from(text);
const files = { 'index.mjs': bytes('export const handler = async () => 1;\n'.repeat(50)), 'data/a.json': bytes('{}') };

/** Whether a command is there; archives are opened by programs that are not ours. */

describe('zip', () => {
  it('does not depend on the order in which files are named', () => {
    const [[a, b], [c, d]] = Object.entries(files) as [[string, Uint8Array], [string, Uint8Array]];
    expect(Buffer.from(zip({ [c]: d, [a]: b }))).toEqual(Buffer.from(zip({ [a]: b, [c]: d })));
  });
  it('depends on content and names', () => {
    const digest = (content: Record<string, Uint8Array>): string => Buffer.from(zip(content)).toString('hex');
    const all = [digest({ a: bytes('1') }), digest({ a: bytes('2') }), digest({ b: bytes('1') })];
    expect(new Set(all).size).toBe(3);
  });
  it('gives back what went in', () => {
    const back = unzipSync(zip(files));
    expect(Object.keys(back)).toEqual(['data/a.json', 'index.mjs']);
    expect(Buffer.from(back['index.mjs'] ?? []).toString()).toBe(Buffer.from(files['index.mjs']).toString());
  });
  it('compresses', () => expect(zip(files).length).toBeLessThan(files['index.mjs'].length / 2));
  it.each(['/etc/passwd', '../up', 'a/../../b', 'a//b', './a', 'a/', '', 'a\\b'])('refuses the name %j', (name) =>
    expect(() => zip({ [name]: bytes('x') })).toThrow('not a name'),
  );
  it.each(['.hidden', 'a.b/c..d', '...'])('takes the name %j', (name) =>
    expect(Object.keys(unzipSync(zip({ [name]: bytes('x') })))).toEqual([name]),
  );
});

describe('zip on other machines', () => {
  let folder = '';
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'edgepass-zip-'));
    const source = `import { zip } from ${JSON.stringify(join(import.meta.dirname, '../../../generator/bundle/zip.ts'))};
      const out = zip({ 'index.mjs': Buffer.from('a'.repeat(100)), 'z/a.txt': Buffer.from('b') });
      process.stdout.write(new Date(0).getHours() + ' ' + Buffer.from(out).toString('base64'));`;
    const options = {
      bundle: true,
      platform: 'node',
      format: 'esm',
      outfile: join(folder, 'run.mjs'),
      logLevel: 'silent',
    } as const;
    await build({ ...options, stdin: { contents: source, resolveDir: import.meta.dirname, loader: 'ts' } });
  });
  afterAll(() => rm(folder, { recursive: true, force: true }));

  it('has the same bytes in every time zone and language', () => {
    const zones = ['UTC', 'Asia/Tokyo', 'America/New_York', 'Pacific/Apia', 'Africa/Monrovia', 'Asia/Kathmandu'];
    const runs = zones.map((TZ, i) => {
      const LANG = i % 2 === 0 ? 'C' : 'de_DE.UTF-8';
      return execFileSync(process.execPath, [join(folder, 'run.mjs')], { env: { TZ, LANG, LC_ALL: LANG } }).toString();
    });
    // The zones must differ, or equal bytes would prove nothing.
    expect(new Set(runs.map((line) => line.split(' ')[0])).size).toBeGreaterThan(3);
    expect(new Set(runs.map((line) => line.split(' ')[1])).size).toBe(1);
  });

  describeWith(['unzip'], 'opens with unzip', () => {
    it('reads every entry', async () => {
      const file = join(folder, 'a.zip');
      await writeFile(file, zip(files));
      expect(execFileSync('unzip', ['-t', file]).toString()).toContain('No errors detected');
    });
  });

  describeWith(['python3'], 'opens with Python, which sees the fixed date, mode and system', () => {
    it('reads every entry', async () => {
      const file = join(folder, 'b.zip');
      await writeFile(file, zip(files));
      const script = `import zipfile,json,sys
z=zipfile.ZipFile(sys.argv[1]); assert z.testzip() is None
print(json.dumps([[i.filename,list(i.date_time),oct(i.external_attr>>16),i.create_system,i.compress_type] for i in z.infolist()]))`;
      const list: unknown = JSON.parse(execFileSync('python3', ['-c', script, file]).toString());
      expect(list).toEqual(
        ['data/a.json', 'index.mjs'].map((name) => [name, [1980, 1, 1, 12, 0, 0], '0o100644', 3, 8]),
      );
    });
  });
});
