import { execFileSync } from 'node:child_process';
import { cp, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { buildErrors, buildFaults } from '../../../generator/bundle/build-faults.ts';
import { bundleLambda } from '../../../generator/bundle/lambda.ts';
import { checkLambdaSize, LARGE_ZIP_BYTES, MAX_UNZIPPED_BYTES } from '../../../generator/bundle/lambda-size.ts';
import { realPath } from '../../../generator/bundle/paths.ts';
import type { Diagnostic } from '../../../generator/report/diagnostic.ts';

const SOURCES = {
  'runtime/base/worker.ts': `import { double } from '../shared/double.ts';
import legacy from 'legacy';
import '@aws-sdk/fake';
export class StaleStateError extends Error { reason = 'stale'; }
const unused = 'this constant is never used';
/** @license kept nowhere */
export const handler = async (event: { n: number }): Promise<string> => \`\${double(event.n)} \${legacy()} \${StaleStateError.name} \${globalThis.sdk}\`;
`,
  'runtime/shared/double.ts': 'export const double = (n: number): number => n * 2;\n',
  'node_modules/legacy/package.json': '{"name":"legacy","version":"1.0.0","main":"index.js"}',
  'node_modules/legacy/index.js':
    "var path = require('path');\nmodule.exports = function () { return path.basename('/a/b') + typeof require; };\n",
  'node_modules/@aws-sdk/fake/package.json':
    '{"name":"@aws-sdk/fake","version":"1.0.0","main":"cjs.js","module":"esm.js"}',
  'node_modules/@aws-sdk/fake/cjs.js': "globalThis.sdk = 'cjs';",
  'node_modules/@aws-sdk/fake/esm.js': "globalThis.sdk = 'esm';",
};

let folder = '';
beforeAll(async () => {
  folder = await realPath(await mkdtemp(join(tmpdir(), 'edgepass-lambda-')));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

async function tree(name: string, files: Record<string, string> = SOURCES): Promise<string> {
  const root = join(folder, name);
  for (const [path, text] of Object.entries(files)) {
    await mkdir(dirname(join(root, path)), { recursive: true });
    await writeFile(join(root, path), text);
  }
  return root;
}

const bundled = (root: string) => bundleLambda({ root, entry: join(root, 'runtime/base/worker.ts') });

describe('a Lambda bundle', () => {
  it('is one file that runs, with everything in it', async () => {
    const root = await tree('one');
    const { text, warnings } = await bundled(root);
    expect(warnings).toEqual([]);
    const file = join(folder, 'run', 'index.mjs');
    await mkdir(dirname(file), { recursive: true });
    await writeFile(file, text);
    const call = `import(${JSON.stringify(file)}).then((m) => m.handler({ n: 21 })).then((v) => console.log(v));`;
    expect(execFileSync(process.execPath, ['-e', call]).toString()).toBe('42 bfunction StaleStateError esm\n');
    expect(text).not.toMatch(/never used|license|double\.ts"|sourceMappingURL/);
    expect(text.split('\n').length).toBeLessThan(10);
  });

  it('names every file it read', async () => {
    const root = await tree('inputs');
    const { inputs } = await bundled(root);
    const read = [
      'node_modules/@aws-sdk/fake/esm.js',
      'node_modules/legacy/index.js',
      'runtime/base/worker.ts',
      'runtime/shared/double.ts',
    ];
    expect(inputs).toEqual(read.map((path) => join(root, path)));
  });

  it('has the same bytes in every folder, also below a tsconfig.json', async () => {
    const here = await tree('here');
    const elsewhere = join(folder, 'quite/another/place');
    await cp(here, elsewhere, { recursive: true });
    await writeFile(
      join(folder, 'quite/tsconfig.json'),
      '{"compilerOptions":{"target":"es5","useDefineForClassFields":false}}',
    );
    const texts = await Promise.all([here, elsewhere].map(async (root) => (await bundled(root)).text));
    expect(new Set(texts).size).toBe(1);
    expect(texts[0]).not.toContain(folder);
  });

  it('gets a require only where a package needs one', async () => {
    const plain = await tree('plain', {
      'runtime/base/worker.ts': "import path from 'node:path';\nexport const handler = () => path.sep;\n",
    });
    expect((await bundled(plain)).text).not.toContain('createRequire');
    expect((await bundled(await tree('cjs'))).text).toContain('createRequire');
  });
});

describe('code that cannot be bundled', () => {
  async function faults(files: Record<string, string>): Promise<Diagnostic[]> {
    const root = await tree(`bad-${Object.keys(files).length}-${Math.abs(JSON.stringify(files).length)}`, files);
    const entry = join(root, 'runtime/base/worker.ts');
    try {
      await bundleLambda({ root, entry });
      return [];
    } catch (error) {
      const found = buildFaults(buildErrors(error) ?? [], { severity: 'error', entry, root });
      return found.map((d) => ({
        ...d,
        place: { file: '', ...d.place, ...(d.place && { file: d.place.file.slice(root.length + 1) }) },
      }));
    }
  }

  it('is reported where the syntax is wrong, in characters', async () => {
    const [fault, ...others] = await faults({
      'runtime/base/worker.ts': "export const a = 1;\nexport const b = 'é€' + ;\n",
    });
    expect(others).toEqual([]);
    expect(fault).toMatchObject({
      code: 'EP3001',
      severity: 'error',
      place: { file: 'runtime/base/worker.ts', line: 2, column: 25 },
    });
    expect(fault?.place?.sourceLine).toBe("export const b = 'é€' + ;");
  });
  it('is reported where an import cannot be found, all of them', async () => {
    const found = await faults({
      'runtime/base/worker.ts': "import './gone.ts';\nimport nope from 'nope';\nexport const handler = () => nope;\n",
    });
    expect(found.map((d) => `${d.code} ${d.place?.file}:${d.place?.line}:${d.place?.column}`)).toEqual([
      'EP3002 runtime/base/worker.ts:1:8',
      'EP3002 runtime/base/worker.ts:2:18',
    ]);
    expect(found.map((d) => d.hint).join()).toMatch(/extension.*npm install nope/);
  });
  it('is reported where the entry does not exist', async () => {
    const found = await faults({ 'runtime/other.ts': '' });
    expect(found).toMatchObject([
      { code: 'EP3002', message: 'The entry of a function does not exist.', place: { file: 'runtime/base/worker.ts' } },
    ]);
  });
  it('is told from bugs', () => {
    expect(buildErrors(new TypeError('a bug'))).toBeUndefined();
    expect(buildErrors('a text')).toBeUndefined();
  });
  it('gives warnings for what is doubtful', async () => {
    const root = await tree('warn', {
      'runtime/base/worker.ts': 'export const handler = (a: number): boolean => a === -0 || typeof a === "nmber";\n',
    });
    const { warnings } = await bundled(root);
    expect(warnings.length).toBeGreaterThan(0);
    expect(warnings.every((w) => w.severity === 'warning' && w.place?.line === 1)).toBe(true);
  });
});

describe('sizes', () => {
  const check = (zipped: number, unzipped: number): string[] =>
    checkLambdaSize({ zipped, unzipped }, { id: 'base.worker', entry: 'w.ts' }).map((d) => `${d.code} ${d.severity}`);
  it('are fine up to the limits', () => expect(check(LARGE_ZIP_BYTES, MAX_UNZIPPED_BYTES)).toEqual([]));
  it('are doubtful above 50 MiB', () =>
    expect(check(LARGE_ZIP_BYTES + 1, MAX_UNZIPPED_BYTES)).toEqual(['EP3004 warning']));
  it('are refused above 250 MiB unpacked', () => expect(check(1, MAX_UNZIPPED_BYTES + 1)).toEqual(['EP3003 error']));
});
