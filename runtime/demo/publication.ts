/**
 * Brings a packaged site into its bucket. Whoever loads the page at any moment gets a whole one: files that a page loads are there
 * before the page, and those of the page before are there for a day, for who has it open.
 */
import { unzipSync } from 'fflate';
import type { SiteBucket } from './bucket.ts';

/** The file of a package that says how the others are served; see `generator/bundle/site.ts`. */
interface SiteIndex {
  files: { path: string; headers: { 'content-type': string; 'cache-control': string } }[];
}

const INDEX = 'site.json';
const DAY = 86_400_000;

export interface Published {
  written: number;
  removed: number;
}

export interface Publication {
  packed: Uint8Array;
  bucket: SiteBucket;
  /** Milliseconds since 1970. */
  now: number;
}

export async function publishSite({ packed, bucket, now }: Publication): Promise<Published> {
  const contents = unzipSync(packed);
  const { files } = JSON.parse(new TextDecoder().decode(contents[INDEX])) as SiteIndex;
  const before = await bucket.list();
  // One after the other, in the order of the package: its pages are last.
  for (const { path, headers } of files) {
    const bytes = contents[path];
    if (bytes === undefined) throw new Error(`the package lacks ${path}`);
    await bucket.put({ path, bytes, type: headers['content-type'], cached: headers['cache-control'] });
  }
  const current = new Set(files.map(({ path }) => path));
  const gone = before.filter(({ path, written }) => !current.has(path) && (isPage(path) || written < now - DAY));
  if (gone.length > 0) await bucket.remove(gone.map(({ path }) => path));
  return { written: files.length, removed: gone.length };
}

/** A bucket can be deleted when it is empty, and what it had is in the package. */
export async function clearSite(bucket: SiteBucket): Promise<void> {
  const files = await bucket.list();
  // Pages first: none must be left without its files.
  const paths = files.map(({ path }) => path).sort((a, b) => Number(isPage(b)) - Number(isPage(a)));
  if (paths.length > 0) await bucket.remove(paths);
}

const isPage = (path: string): boolean => path.endsWith('.html');
