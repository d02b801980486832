import { createHash } from 'node:crypto';
import { cp, mkdir, mkdtemp, readdir, rm, symlink, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { unzipSync } from 'fflate';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { BuildMemo } from '../../../generator/bundle/build.ts';
import { bundle } from '../../../generator/bundle/bundle.ts';
import type { Bundle } from '../../../generator/bundle/bundle-types.ts';
import { realPath } from '../../../generator/bundle/paths.ts';
import type { PlannedFunction } from '../../../generator/modules/plan-types.ts';
import type { Diagnostic } from '../../../generator/report/diagnostic.ts';

const EDGE = `import crypto from 'crypto';
declare const SETTINGS: { greeting: string };
declare const FLAG_LOUD: boolean;
const settings = SETTINGS;
interface Event { request: { uri: string } }
function loud(text: string): string { return 'branch-loud ' + text; }
export async function handler(event: Event): Promise<{ uri: string }> {
  const digest = crypto.createHash('sha256').update(event.request.uri).digest('hex');
  console.log(FLAG_LOUD ? loud(settings.greeting) : settings.greeting + digest);
  return event.request;
}
`;

let root = '';
beforeEach(async () => {
  root = await realPath(await mkdtemp(join(tmpdir(), 'edgepass-bundle-')));
  await source('runtime/base/validator.ts', EDGE);
  await source('runtime/base/worker.ts', 'export const handler = async (): Promise<number> => 1;\n');
});
afterEach(() => rm(root, { recursive: true, force: true }));

async function source(path: string, text: string): Promise<void> {
  await mkdir(dirname(join(root, path)), { recursive: true });
  await writeFile(join(root, path), text);
  await utimes(join(root, path), 1_000_000, 1_000_000);
}

const lambda = (id: string, entry = 'runtime/base/worker.ts'): PlannedFunction => ({
  ...{ id, module: 'base', name: id.slice(5), entry: join(root, entry) },
  ...{ kind: 'lambda', memory: 128, timeout: 3 },
});
const edge = (
  id: string,
  over: { entry?: string; settings?: { greeting: string }; loud?: boolean } = {},
): PlannedFunction => ({
  ...{ id, module: 'base', name: id.slice(5), entry: join(root, over.entry ?? 'runtime/base/validator.ts') },
  ...{ kind: 'edge-function', flags: { LOUD: over.loud ?? false }, settings: over.settings ?? { greeting: 'hello' } },
});

async function bundles(
  functions: PlannedFunction[],
  options: { cacheDir?: string; memo?: BuildMemo } = {},
): Promise<Bundle[]> {
  const result = await bundle(functions, { root, ...options });
  expect(result.diagnostics).toEqual([]);
  return result.ok ? result.value : [];
}

async function faults(functions: PlannedFunction[]): Promise<Diagnostic[]> {
  const result = await bundle(functions, { root });
  expect(result.ok).toBe(false);
  return result.diagnostics;
}

const text = (b: Bundle | undefined): string => Buffer.from(b?.bytes ?? []).toString();

describe('bundles', () => {
  it('are sorted, named and have the digest of their bytes', async () => {
    const made = await bundles([lambda('base.worker'), edge('base.validator')]);
    expect(made.map(({ id, kind, file }) => [id, kind, file])).toEqual([
      ['base.validator', 'edge-function', 'base.validator.js'],
      ['base.worker', 'lambda', 'base.worker.zip'],
    ]);
    for (const b of made) expect(b.sha256).toBe(createHash('sha256').update(b.bytes).digest('hex'));
  });
  it('of Lambda functions hold one module', async () => {
    const [made] = await bundles([lambda('base.worker')]);
    const files = unzipSync(made?.bytes ?? new Uint8Array());
    expect(Object.keys(files)).toEqual(['index.mjs']);
    expect(Buffer.from(files['index.mjs'] ?? []).toString()).toContain('handler');
  });
  it('of edge functions have the settings and flags of each', async () => {
    const quiet = edge('base.a', { settings: { greeting: 'bonjour' } });
    const [a, b] = await bundles([quiet, edge('base.b', { loud: true })]);
    expect(text(a)).toContain('bonjour');
    expect(text(a)).not.toContain('branch-loud');
    expect(text(b)).toContain('branch-loud');
    expect(text(a) + text(b)).not.toContain('SETTINGS');
  });
  it('are the same in every folder and through a link', async () => {
    const functions = (): PlannedFunction[] => [lambda('base.worker'), edge('base.validator')];
    const here = await bundles(functions());
    const home = root;
    const other = await realPath(await mkdtemp(join(tmpdir(), 'edgepass-elsewhere-')));
    await cp(home, join(other, 'tree'), { recursive: true });
    await symlink(join(other, 'tree'), join(other, 'link'));
    for (const folder of ['tree', 'link']) {
      root = join(other, folder);
      expect((await bundles(functions())).map((b) => b.sha256)).toEqual(here.map((b) => b.sha256));
    }
    root = home;
    await rm(other, { recursive: true });
  });
});

describe('builds are shared', () => {
  it('between environments of one run', async () => {
    const memo: BuildMemo = new Map();
    const first = await bundles([lambda('base.worker'), edge('base.validator')], { memo });
    // Were anything built again, it would fail now.
    await rm(join(root, 'runtime'), { recursive: true });
    const [a, b] = await bundles([edge('base.validator', { settings: { greeting: 'again' } }), lambda('base.worker')], {
      memo,
    });
    expect(text(a)).toContain('again');
    expect(b?.sha256).toBe(first[1]?.sha256);
    // Two builds, and a proof for each of the two texts.
    expect(memo.size).toBe(4);
  });
  it('however the tree is reached', async () => {
    const cacheDir = join(root, '.cache');
    const link = `${root}-link`;
    await symlink(root, link);
    const fn = lambda('base.worker');
    await bundle([fn], { root: link, cacheDir });
    await bundle([{ ...fn, entry: fn.entry.replace(root, link) }], { root, cacheDir });
    expect((await readdir(cacheDir)).length).toBe(1);
    await rm(link);
  });
  it('between runs, until a source changes', async () => {
    const cacheDir = join(root, '.cache');
    const run = (): Promise<Bundle[]> => bundles([lambda('base.worker'), edge('base.validator')], { cacheDir });
    const first = await run();
    // Two builds and the proof of one text.
    expect((await readdir(cacheDir)).length).toBe(3);
    expect((await run()).map((b) => b.sha256)).toEqual(first.map((b) => b.sha256));
    await source('runtime/base/worker.ts', 'export const handler = async (): Promise<number> => 2;\n');
    const [sameEdge, otherLambda] = await run();
    expect([sameEdge?.sha256 === first[0]?.sha256, otherLambda?.sha256 === first[1]?.sha256]).toEqual([true, false]);
  });
});

describe('faults', () => {
  it('of all functions are reported together, at their places', async () => {
    await source('runtime/base/broken.ts', 'export const handler = ;\n');
    await source(
      'runtime/base/modern.ts',
      'const settings = SETTINGS;\nexport function handler(event) { for (const a of settings.list) event.a = a; return event; }\n',
    );
    const secret = createHash('sha256').update('k').digest('base64url');
    const found = await faults([
      edge('base.secret', { settings: { greeting: secret } }),
      edge('base.long', { settings: { greeting: 'x'.repeat(10_300) } }),
      lambda('base.broken', 'runtime/base/broken.ts'),
      lambda('base.gone', 'runtime/base/gone.ts'),
      edge('base.modern', { entry: 'runtime/base/modern.ts' }),
    ]);
    expect(found.map((d) => `${d.code} ${d.place?.file.slice(root.length + 1)}:${d.place?.line ?? '-'}`)).toEqual([
      'EP3001 runtime/base/broken.ts:1',
      'EP3002 runtime/base/gone.ts:-',
      'EP3011 runtime/base/validator.ts:-',
      'EP3014 runtime/base/modern.ts:2',
      'EP3018 runtime/base/validator.ts:-',
    ]);
    expect(found.every((d) => d.severity === 'error' && (d.hint ?? '').length > 5)).toBe(true);
    expect(JSON.stringify(found)).not.toContain(secret);
  });
  it('of an entry that several functions share are reported once', async () => {
    await source('runtime/base/broken.ts', 'export const handler = ;\n');
    const broken = 'runtime/base/broken.ts';
    expect((await faults([lambda('base.a', broken), lambda('base.b', broken)])).length).toBe(1);
  });
  it('found by the proof carry the function and the place in the emitted text', async () => {
    await source('runtime/base/fetching.ts', 'export function handler(event) { fetch(SETTINGS.url); return event; }\n');
    expect(await faults([edge('base.fetching', { entry: 'runtime/base/fetching.ts' })])).toMatchObject([
      {
        code: 'EP3016',
        message: expect.stringMatching(/^base\.fetching: .*fetch.*\(line 1, column \d+ of the emitted function\)$/),
      },
    ]);
  });
  it.each([
    ['does not export handler', 'export function other(event) { return SETTINGS; }\n'],
    ['exports more', 'export const a = 1;\nexport function handler(event) { return SETTINGS; }\n'],
  ])('of an entry that %s', async (_name, code) => {
    await source('runtime/base/shape.ts', code);
    expect(await faults([edge('base.shape', { entry: 'runtime/base/shape.ts' })])).toMatchObject([{ code: 'EP3013' }]);
  });
  it('of ours are thrown', async () => {
    const broken: PlannedFunction = {
      ...(edge('base.x') as Extract<PlannedFunction, { kind: 'edge-function' }>),
      settings: undefined as never,
    };
    await expect(bundle([broken], { root })).rejects.toThrow(TypeError);
  });
});
