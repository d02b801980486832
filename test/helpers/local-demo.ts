/** `edgepass dev` as a process, in an empty folder with the repository's configuration, and its page in a browser. */
import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Document, parseDocument } from 'yaml';
import type { Page } from './browser.ts';
import { root } from './config.ts';

export interface LocalDemo {
  url: string;
  close(): Promise<void>;
}

/** Both streams enforce, so that on either one a refusal is seen. */
function configuration(change: (config: Document) => void): string {
  const config = parseDocument(
    readFileSync(join(root, 'config.yaml'), 'utf8').replace('mode: report', 'mode: enforce'),
  );
  change(config);
  return config.toString();
}

export async function localDemo(change: (config: Document) => void = () => {}): Promise<LocalDemo> {
  const folder = mkdtempSync(join(tmpdir(), 'edgepass-local-demo-'));
  writeFileSync(join(folder, 'config.yaml'), configuration(change));
  const child = spawn(process.execPath, [join(root, 'dist/cli.js'), 'dev', '--port', '0', '--json'], { cwd: folder });
  try {
    const { url } = await firstLine(child);
    return {
      url,
      close: async () => {
        await ended(child);
        rmSync(folder, { recursive: true, force: true });
      },
    };
  } catch (error) {
    await ended(child);
    rmSync(folder, { recursive: true, force: true });
    throw error;
  }
}

function firstLine(child: ChildProcess): Promise<{ url: string }> {
  return new Promise((resolve, reject) => {
    let [out, faults] = ['', ''];
    child.stderr?.on('data', (part) => {
      faults += part;
    });
    child.stdout?.on('data', (part) => {
      out += part;
      const [line, ...rest] = out.split('\n');
      if (rest.length > 0) resolve(JSON.parse(line ?? '') as { url: string });
    });
    child.once('exit', (code) => reject(new Error(`edgepass dev ended with ${code}: ${out}${faults}`)));
  });
}

function ended(child: ChildProcess): Promise<void> {
  return new Promise((resolve) => {
    if (child.exitCode !== null) return resolve();
    child.once('exit', () => resolve());
    child.kill('SIGINT');
  });
}

export interface Sent {
  userAgent: string;
  /** An address of this machine to come from: all of 127.0.0.0/8 is. */
  from?: string;
}

/** Status and reason of a request that no browser makes. */
export function askEdge(url: string, { userAgent, from = '127.0.0.1' }: Sent): Promise<string> {
  return new Promise((resolve, reject) => {
    const asked = request(url, { localAddress: from, headers: { 'user-agent': userAgent } }, (response) => {
      response.resume();
      const reason = response.headers['x-edgepass-reason'];
      response.on('end', () => resolve(`${response.statusCode}${reason === undefined ? '' : ` ${reason}`}`));
    });
    asked.on('error', reject);
    asked.end();
  });
}

/** What a person does with the page. */
export function atPage(page: Page) {
  const status = (text: string) => page.locator('#status', { hasText: text }).waitFor({ timeout: 30_000 });
  const time = (): Promise<number> =>
    page.locator('#video').evaluate((video) => (video as unknown as { currentTime: number }).currentTime);
  return {
    text: (id: string): Promise<string> => page.locator(`#${id}`).innerText(),
    ready: () => page.locator('html[data-ready]').waitFor({ state: 'attached', timeout: 30_000 }),
    status,
    async start(asset: string) {
      await page.selectOption('#asset', asset);
      await page.click('#start');
      await status('Playing');
    },
    /** Waits until so many seconds of media were shown. A recording begins again, so steps are added up. */
    async playsFor(seconds: number) {
      let [played, last] = [0, await time()];
      for (let turn = 0; played < seconds; turn += 1) {
        if (turn > 300) throw new Error(`only ${played} s were played`);
        await page.waitForTimeout(200);
        const now = await time();
        // A jump is no playing.
        if (now > last && now < last + 2) played += now - last;
        last = now;
      }
    },
    async ended(timeout = 30_000): Promise<string> {
      await page.locator('#curtain-reason:not([hidden])').waitFor({ timeout });
      return page.locator('#curtain-reason').innerText();
    },
  };
}
