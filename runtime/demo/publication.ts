/**
 * Brings a packaged site into its bucket. Whoever loads the page at any moment gets a whole one: files that a page loads are there
 * before the page, and those of the page before stay for at least a day, for who has it open.
 */
import { unzipSync } from 'fflate';
import type { SiteBucket, StoredFile } from './bucket.ts';

/** The file of a package that says how the others are served; see `generator/bundle/site.ts`. */
interface SiteIndex {
  files: { path: string; headers: { 'content-type': string; 'cache-control': string } }[];
}

const INDEX = 'site.json';
const DAY = 86_400_000;
/** Longest that a publication can take, as no function runs for longer. */
const WRITING = 900_000;

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
  const isOver = endOf(before, now);
  const gone = before.filter((file) => !current.has(file.path) && (isPage(file.path) || isOver(file)));
  if (gone.length > 0) await bucket.remove(gone.map(({ path }) => path));
  return { written: files.length, removed: gone.length };
}

/**
 * Tells files that left the website a day ago. Every publication writes all that is current, its pages last: what is older than
 * the pages had left by then, and what is not leaves only now.
 */
function endOf(before: readonly StoredFile[], now: number): (file: StoredFile) => boolean {
  const published = Math.max(0, ...before.filter(({ path }) => isPage(path)).map(({ written }) => written));
  return ({ written }) => written < published - WRITING && published < now - DAY;
}

/** A bucket can be deleted when it is empty, and what it had is in the package. */
export async function clearSite(bucket: SiteBucket): Promise<void> {
  const files = await bucket.list();
  // Pages first: none must be left without its files.
  const paths = files.map(({ path }) => path).sort((a, b) => Number(isPage(b)) - Number(isPage(a)));
  if (paths.length > 0) await bucket.remove(paths);
}

const isPage = (path: string): boolean => path.endsWith('.html');
