/** Size of the demo page on the wire, and the time until it can be used: a fresh browser, nothing cached, from a local server. */
import { gzipSync } from 'node:zlib';
import { openBrowser } from '../helpers/browser.ts';
import { fakeWorld } from '../runtime/demo/fake-world.ts';
import { siteFiles } from '../runtime/demo/site-files.ts';

const ROUNDS = 9;

export async function main(): Promise<void> {
  const { files, index } = await siteFiles();
  const sizes = index.files.map(({ path }) => ({ path, size: gzipSync(files.get(path) ?? '', { level: 9 }).length }));
  for (const { path, size } of sizes) print(`${path.padEnd(34)} ${kb(size)}`);
  print(`${'all, gzipped'.padEnd(34)} ${kb(sizes.reduce((sum, { size }) => sum + size, 0))}   (aim: 350.0 KB)`);
  const times: number[] = [];
  for (let round = 0; round < ROUNDS; round += 1) times.push(await untilUsable());
  times.sort((a, b) => a - b);
  const [median = 0, worst = 0] = [times[Math.floor(ROUNDS / 2)], times.at(-1)];
  print(`usable after ${Math.round(median)} ms (median of ${ROUNDS}; worst ${Math.round(worst)} ms)   (aim: 1,500 ms)`);
}

/** Milliseconds from the beginning of the navigation until `Play` can be pressed. */
async function untilUsable(): Promise<number> {
  const world = await fakeWorld();
  const { context, close } = await openBrowser();
  try {
    const page = await context.newPage();
    await page.goto(world.url);
    await page.locator('html[data-ready]').waitFor({ state: 'attached' });
    return await page.evaluate<number>('performance.getEntriesByName("usable")[0].startTime');
  } finally {
    await close();
    await world.close();
  }
}

const kb = (bytes: number): string => `${(bytes / 1000).toFixed(1)} KB`.padStart(9);

function print(line: string): void {
  process.stdout.write(`${line}\n`);
}
