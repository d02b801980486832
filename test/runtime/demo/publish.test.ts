/** Bringing the site into its bucket, with S3 played by a map. */
import { zipSync } from 'fflate';
import { expect, it } from 'vitest';
import type { SiteBucket } from '../../../runtime/demo/bucket.ts';
import { clearSite, publishSite } from '../../../runtime/demo/publication.ts';
import { siteFiles } from './site-files.ts';

const DAY = 86_400_000;
const NOW = 1_800_000_000_000;

interface Stored {
  bytes: Uint8Array;
  type: string;
  cached: string;
  written: number;
}

function fakeBucket({ now = (): number => NOW, failAt = '' } = {}) {
  const files = new Map<string, Stored>();
  /** What was done, in order. */
  const done: string[] = [];
  const bucket: SiteBucket = {
    async put({ path, ...file }) {
      if (path.includes(failAt) && failAt !== '') throw new Error('no more');
      done.push(`put ${path}`);
      files.set(path, { ...file, written: now() });
    },
    list: async () => [...files].map(([path, { written }]) => ({ path, written })),
    async remove(paths) {
      done.push(...paths.map((path) => `remove ${path}`));
      for (const path of paths) files.delete(path);
    },
  };
  return { bucket, files, done };
}

const old = (written: number): Stored => ({ bytes: new Uint8Array(), type: '', cached: '', written });

it('writes every file of the package as it says, pages last', async () => {
  const { index, zipped, files: packed } = await siteFiles();
  const { bucket, files, done } = fakeBucket();
  expect(await publishSite({ packed: zipped, bucket, now: NOW })).toEqual({ written: index.files.length, removed: 0 });
  expect(done.at(-1)).toBe('put index.html');
  expect([...files.keys()].sort()).toEqual([...packed.keys()].filter((name) => name !== 'site.json').sort());
  expect(files.get('index.html')).toMatchObject({ type: 'text/html; charset=utf-8', cached: 'no-cache' });
  const script = [...files].find(([path]) => path.endsWith('.js'))?.[1];
  expect(script).toMatchObject({ cached: 'public, max-age=31536000, immutable' });
  expect(Buffer.from(files.get('index.html')?.bytes ?? []).equals(Buffer.from(packed.get('index.html') ?? []))).toBe(
    true,
  );
});

it('leaves the page of before whole when it fails half-way', async () => {
  const { zipped } = await siteFiles();
  const { bucket, files, done } = fakeBucket({ failAt: 'assets/player' });
  files.set('index.html', old(NOW - 9 * DAY));
  files.set('assets/main-OLD.js', old(NOW - 9 * DAY));
  await expect(publishSite({ packed: zipped, bucket, now: NOW })).rejects.toThrow('no more');
  expect(done.filter((one) => !one.startsWith('put assets/'))).toEqual([]);
  expect(files.get('index.html')?.written).toBe(NOW - 9 * DAY);
  expect(files.has('assets/main-OLD.js')).toBe(true);
});

it('removes what left: pages at once, their files when nobody can have them open, and after everything was written', async () => {
  const { zipped } = await siteFiles();
  let now = NOW;
  const { bucket, files, done } = fakeBucket({ now: () => now });
  // The website of nine days ago, and what had left it by then.
  for (const path of ['index.html', 'old.html', 'assets/main-BEFORE.js']) files.set(path, old(NOW - 9 * DAY));
  files.set('assets/main-LONGAGO.js', old(NOW - 20 * DAY));
  const publish = () => publishSite({ packed: zipped, bucket, now });
  await publish();
  expect(done.slice(-2).sort()).toEqual(['remove assets/main-LONGAGO.js', 'remove old.html']);
  now += DAY - 1;
  await publish();
  expect(files.has('assets/main-BEFORE.js')).toBe(true);
  now += DAY + 1;
  await publish();
  expect(files.has('assets/main-BEFORE.js')).toBe(false);
});

it('refuses a package that lacks a file, before the page is touched', async () => {
  const files = [{ path: 'a.js', headers: { 'content-type': 'x', 'cache-control': 'y' } }];
  const packed = zipSync({ 'site.json': Buffer.from(JSON.stringify({ files })) });
  const { bucket, done } = fakeBucket();
  await expect(publishSite({ packed, bucket, now: NOW })).rejects.toThrow('a.js');
  expect(done).toEqual([]);
});

it('empties the bucket, pages first', async () => {
  const { bucket, files, done } = fakeBucket();
  files.set('assets/main.js', old(0));
  files.set('index.html', old(0));
  await clearSite(bucket);
  expect(done).toEqual(['remove index.html', 'remove assets/main.js']);
  await clearSite(bucket);
  expect(done.length).toBe(2);
});
