/** Debian's Chromium, driven by playwright-core: no browser is downloaded. */
import { mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { type BrowserContext, chromium, type Page } from 'playwright-core';
import { toolPath } from './needs.ts';

export type { BrowserContext, Page } from 'playwright-core';

/** Widths that the page is made for. */
export const DESKTOP = { width: 1280, height: 900 };
export const PHONE = { width: 390, height: 844 };

const FLAGS = [
  ...['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking'],
  ...['--disable-component-update', '--disable-sync', '--autoplay-policy=no-user-gesture-required'],
];

export interface Browser {
  context: BrowserContext;
  close(): Promise<void>;
}

/** A browser that has never been used before. */
export async function openBrowser(
  options: { userAgent?: string; phone?: boolean; dark?: boolean } = {},
): Promise<Browser> {
  const executablePath = toolPath('chromium');
  if (executablePath === undefined) throw new Error('chromium is not installed');
  const folder = mkdtempSync(join(tmpdir(), 'edgepass-chromium-'));
  const context = await chromium.launchPersistentContext(folder, {
    executablePath,
    headless: true,
    args: FLAGS,
    viewport: options.phone ? PHONE : DESKTOP,
    hasTouch: options.phone === true,
    isMobile: options.phone === true,
    deviceScaleFactor: 1,
    colorScheme: options.dark ? 'dark' : 'light',
    ...(options.userAgent && { userAgent: options.userAgent }),
  });
  return {
    context,
    close: async () => {
      await context.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** What a page complained about: errors of scripts, and whatever its content security policy refused. */
export function complaints(page: Page): string[] {
  const found: string[] = [];
  page.on('pageerror', (error) => found.push(String(error)));
  page.on('console', (message) => {
    // Refused media is what the page is about; the browser reports each.
    if (message.type() === 'error' && !/the server responded with a status of/.test(message.text()))
      found.push(message.text());
  });
  return found;
}

const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

/** Findings of axe-core that are serious or worse: rule and place. */
export async function seriousFindings(page: Page): Promise<string[]> {
  await page.evaluate(axe);
  return page.evaluate(async () => {
    type Violation = { id: string; impact: string; nodes: { target: string[] }[] };
    const { axe } = globalThis as unknown as { axe: { run(): Promise<{ violations: Violation[] }> } };
    const { violations } = await axe.run();
    return violations
      .filter(({ impact }) => impact === 'serious' || impact === 'critical')
      .flatMap(({ id, nodes }) => nodes.map(({ target }) => `${id}: ${target.join(' ')}`));
  });
}

/** The page as PNG, or only what is in the window. */
export async function screenshot(page: Page, file: string, { isWhole = true } = {}): Promise<void> {
  mkdirSync(dirname(file), { recursive: true });
  await page.screenshot({ path: file, fullPage: isWhole, animations: 'disabled' });
}
