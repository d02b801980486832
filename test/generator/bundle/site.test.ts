import { cp, mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { unzipSync } from 'fflate';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { bundle } from '../../../generator/bundle/bundle.ts';
import { realPath } from '../../../generator/bundle/paths.ts';
import type { SiteIndex } from '../../../generator/bundle/site.ts';
import type { PlannedFunction } from '../../../generator/modules/plan-types.ts';
import type { Diagnostic } from '../../../generator/report/diagnostic.ts';

const PAGE = `<!doctype html>
<html lang="en">
<head><title>Shop</title>
<link rel="icon" href="./icon.svg">
<link rel="stylesheet" href="./look.css">
<script type="module" src="./main.ts"></script></head>
<body><a href="https://example.com/">elsewhere</a> <!-- <script>no</script> --></body>
</html>
`;

const SOURCES: Record<string, string> = {
  'index.html': PAGE,
  'main.ts':
    "import { name } from './name.ts';\ndocument.title = name satisfies string;\nawait import('./later.ts');\n",
  'later.ts': "import { name } from './name.ts';\nconsole.log(`later ${name}`);\n",
  'name.ts': "export const name: string = 'the name é';\n",
  'look.css': 'body { color: rebeccapurple; background: url(./icon.svg); }\n',
  'icon.svg': '<svg xmlns="http://www.w3.org/2000/svg"/>\n',
};

let root = '';
beforeEach(async () => {
  root = await realPath(await mkdtemp(join(tmpdir(), 'edgepass-site-')));
  for (const [name, text] of Object.entries(SOURCES)) await source(name, text);
});
afterEach(() => rm(root, { recursive: true, force: true }));

async function source(name: string, text: string): Promise<void> {
  const file = join(root, 'runtime/shop/site', name);
  await mkdir(dirname(file), { recursive: true });
  await writeFile(file, text);
}

const site = (headers: Record<string, string> = {}): PlannedFunction => ({
  ...{ id: 'shop.site', module: 'shop', name: 'site', kind: 'site', headers },
  entry: join(root, 'runtime/shop/site/index.html'),
});

async function made(fn = site(), cacheDir?: string) {
  const result = await bundle([fn], { root, ...(cacheDir && { cacheDir }) });
  expect(result.diagnostics).toEqual([]);
  const [one] = result.ok ? result.value : [];
  if (one === undefined) throw new Error('no bundle');
  const files = Object.fromEntries(
    Object.entries(unzipSync(one.bytes)).map(([name, bytes]) => [name, Buffer.from(bytes).toString()]),
  );
  const index = JSON.parse(files['site.json'] ?? '') as SiteIndex;
  return { one, files, index, html: files['index.html'] ?? '' };
}

async function faults(page: string): Promise<Diagnostic[]> {
  await source('index.html', page);
  return (await bundle([site()], { root })).diagnostics;
}

describe('a site', () => {
  it('is a zip with the page, and what it loads under names that hold a digest', async () => {
    const { one, files, html } = await made();
    expect([one.kind, one.file]).toEqual(['site', 'shop.site.zip']);
    const loaded = [...html.matchAll(/(?:src|href)="(assets\/(\w+)-[A-Z0-9]{8}\.\w+)"/g)];
    expect(loaded.map(([, , name]) => name)).toEqual(['icon', 'look', 'main']);
    for (const [, name = ''] of loaded) expect(files).toHaveProperty([name]);
    expect(html).not.toContain('"./');
    expect(html).toContain('href="https://example.com/"');
    const text = Object.values(files).join('\n');
    expect(text).toContain('the name é');
    expect(text).not.toMatch(/satisfies|sourceMappingURL/);
  });

  it('loads in parts: what is imported later is a file of its own', async () => {
    const { files } = await made();
    const scripts = Object.keys(files).filter((name) => name.endsWith('.js'));
    expect(scripts.some((name) => name.startsWith('assets/later-'))).toBe(true);
    expect(scripts.length).toBe(3);
  });

  it('says how each file is served, pages last', async () => {
    const { files, index } = await made(site({ 'x-frame-options': 'DENY' }));
    expect(index.headers).toEqual({ 'x-frame-options': 'DENY' });
    expect(index.files.map(({ path }) => path).sort()).toEqual(
      Object.keys(files)
        .filter((name) => name !== 'site.json')
        .sort(),
    );
    expect(index.files.at(-1)).toEqual({
      path: 'index.html',
      headers: { 'content-type': 'text/html; charset=utf-8', 'cache-control': 'no-cache' },
    });
    // By its name this one would be first.
    await source('a.html', PAGE);
    const other = await made({ ...site(), entry: join(root, 'runtime/shop/site/a.html') });
    expect(other.index.files.at(-1)?.path).toBe('a.html');
    const [first] = index.files;
    expect(first?.headers['cache-control']).toBe('public, max-age=31536000, immutable');
    expect(new Set(index.files.map(({ headers }) => headers['content-type']))).not.toContain(
      'application/octet-stream',
    );
  });

  it('has the same bytes in every folder and through a link', async () => {
    const here = (await made()).one.sha256;
    const home = root;
    const other = await realPath(await mkdtemp(join(tmpdir(), 'edgepass-a-site-elsewhere-')));
    await cp(home, join(other, 'tree'), { recursive: true });
    await symlink(join(other, 'tree'), join(other, 'link'));
    for (const folder of ['tree', 'link']) {
      root = join(other, folder);
      expect((await made()).one.sha256).toBe(here);
    }
    root = home;
    await rm(other, { recursive: true });
  });

  it('renames what changed and nothing else, also from the cache', async () => {
    const cacheDir = join(root, '.cache');
    const before = await made(site(), cacheDir);
    await source('look.css', 'body { color: teal; }\n');
    const after = await made(site(), cacheDir);
    const names = (files: Record<string, string>, kind: string) => Object.keys(files).filter((n) => n.endsWith(kind));
    expect(names(after.files, '.js')).toEqual(names(before.files, '.js'));
    expect(names(after.files, '.css')).not.toEqual(names(before.files, '.css'));
    await source('index.html', PAGE.replace('Shop', 'Store'));
    expect((await made(site(), cacheDir)).html).toContain('Store');
  });
});

describe('a page that its own policy would refuse', () => {
  it.each([
    ['<script>alert(1)</script>', 'script without `src`'],
    ['<style>body{}</style>', 'element `style`'],
    ['<p style="color:red">', 'attribute `style`'],
    ['<button onclick="go()">', 'event handler'],
    ['<a href="javascript:go()">', 'script in it'],
    ['<script src="https://cdn.example/x.js"></script>', 'from elsewhere'],
    ['<link rel="stylesheet" href="//fonts.example/x.css">', 'from elsewhere'],
  ])('is a fault: %s', async (markup, what) => {
    const [fault, ...others] = await faults(PAGE.replace('<body>', `<body>\n  ${markup}`));
    expect(others).toEqual([]);
    expect(fault).toMatchObject({ code: 'EP3021', severity: 'error', place: { line: 8 } });
    expect(fault?.message).toContain(what);
  });

  it('is told of a file that is not there, and of a page that is not there', async () => {
    expect(await faults(PAGE.replace('./look.css', './lok.css'))).toMatchObject([{ code: 'EP3002' }]);
    await rm(join(root, 'runtime/shop/site/index.html'));
    expect((await bundle([site()], { root })).diagnostics).toMatchObject([{ code: 'EP3002' }]);
  });
});
