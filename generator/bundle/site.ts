/**
 * The recipe for websites: a page, and what it names by relative paths, as files whose names hold the digest of their
 * content. Such a file never changes, so browsers and CloudFront may keep it for ever, and a page that was loaded before
 * a deployment still finds its own files.
 */
import { readFile } from 'node:fs/promises';
import { basename, dirname, extname, join } from 'node:path';
import type { BuildOptions } from 'esbuild';
import type { Diagnostic } from '../report/diagnostic.ts';
import { buildFaults } from './build-faults.ts';
import { stableJson } from './cache.ts';
import { inputsOf } from './lambda.ts';
import { relativeTo } from './paths.ts';
import { references } from './site-page.ts';

/** Options that do not depend on the site. Notices of licences stay: here the code is given to others. */
export const SITE_OPTIONS = {
  bundle: true,
  splitting: true,
  format: 'esm',
  platform: 'browser',
  target: 'es2022',
  minify: true,
  sourcemap: false,
  legalComments: 'eof',
  charset: 'utf8',
  entryNames: 'assets/[name]-[hash]',
  chunkNames: 'assets/[name]-[hash]',
  assetNames: 'assets/[name]-[hash]',
  loader: { '.svg': 'copy', '.png': 'copy', '.woff2': 'copy' },
  tsconfigRaw: {},
} as const satisfies BuildOptions;

/** Name of the file that says how the others are served. */
export const SITE_INDEX = 'site.json';

/** How a site is served: whoever publishes it needs to know no file type, and no order. */
export interface SiteIndex {
  /** Headers of every answer, of a site whose media is on its own origin. */
  headers: Record<string, string>;
  /** In the order to be published: pages last, so that no page is there before what it loads. */
  files: { path: string; headers: { 'content-type': string; 'cache-control': string } }[];
}

const TYPES: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.woff2': 'font/woff2',
};

export interface SiteBundle {
  /** JSON of file name → base64; the index is among them. */
  text: string;
  /** Absolute. */
  inputs: string[];
  warnings: Diagnostic[];
}

export interface SiteOptions {
  /** The page; like `root` absolute and without symbolic links. */
  entry: string;
  root: string;
  headers: Readonly<Record<string, string>>;
}

/** Bundles a site. Throws esbuild's BuildFailure (see `build-faults.ts`) if something cannot be bundled. */
export async function bundleSite({ entry, root, headers }: SiteOptions): Promise<SiteBundle> {
  const page = await readFile(entry, 'utf8');
  const folder = dirname(entry);
  const place = (reference: string): string => relativeTo(root, join(folder, reference));
  const { build } = await import('esbuild');
  const result = await build({
    ...SITE_OPTIONS,
    loader: { ...SITE_OPTIONS.loader },
    absWorkingDir: root,
    entryPoints: references(page).map((reference) => `./${place(reference)}`),
    outdir: '.',
    // Without it esbuild takes the folder that all entries share, and one entry more would rename the others.
    outbase: dirname(place('.')),
    write: false,
    metafile: true,
    logLevel: 'silent',
  });
  const named = new Map(
    Object.entries(result.metafile.outputs).flatMap(([path, { entryPoint }]) =>
      entryPoint === undefined ? [] : [[entryPoint, path]],
    ),
  );
  const files = new Map<string, Uint8Array>(
    result.outputFiles.map(({ path, contents }) => [relativeTo(root, path), contents]),
  );
  const html = page.replace(/(\s(?:src|href)=")(\.\/[^"]+)(?=")/g, (_whole, before: string, reference: string) => {
    return before + (named.get(place(reference)) ?? reference);
  });
  files.set(basename(entry), Buffer.from(html));
  const index: SiteIndex = { headers: { ...headers }, files: [...files.keys()].sort(pagesLast).map(served) };
  files.set(SITE_INDEX, Buffer.from(`${JSON.stringify(index, null, 2)}\n`));
  const packed = [...files].map(([path, bytes]): [string, string] => [path, Buffer.from(bytes).toString('base64')]);
  return {
    text: stableJson(Object.fromEntries(packed)),
    inputs: [entry, ...inputsOf(result.metafile, root)],
    warnings: buildFaults(result.warnings, { severity: 'warning', entry, root }),
  };
}

/** The files of a bundled site by name. */
export function siteFiles(text: string): Record<string, Uint8Array> {
  const packed = JSON.parse(text) as Record<string, string>;
  return Object.fromEntries(Object.entries(packed).map(([path, bytes]) => [path, Buffer.from(bytes, 'base64')]));
}

function served(path: string): SiteIndex['files'][number] {
  const cached = isPage(path) ? 'no-cache' : 'public, max-age=31536000, immutable';
  return {
    path,
    headers: { 'content-type': TYPES[extname(path)] ?? 'application/octet-stream', 'cache-control': cached },
  };
}

const isPage = (path: string): boolean => extname(path) === '.html';

function pagesLast(a: string, b: string): number {
  return Number(isPage(a)) - Number(isPage(b)) || (a < b ? -1 : 1);
}
