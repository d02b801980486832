/** The question for the access code, in a browser. */
import { afterAll, afterEach, beforeAll, expect, it } from 'vitest';
import { type Browser, openBrowser, type Page } from '../../helpers/browser.ts';
import { describeWith } from '../../helpers/needs.ts';
import { CODE, type FakeWorld, fakeWorld } from './fake-world.ts';

describeWith(['chromium'], 'the door of the page', () => {
  let browser: Browser;
  let world: FakeWorld;
  let page: Page;

  beforeAll(async () => {
    browser = await openBrowser();
  }, 60_000);
  afterAll(() => browser.close());
  afterEach(async () => {
    await page.close();
    await world.close();
  });

  async function open(): Promise<void> {
    world = await fakeWorld({ needsCode: true });
    page = await browser.context.newPage();
    await page.goto(world.url);
    await page.locator('#door[open]').waitFor();
  }

  it('asks for the code until it is right, and keeps it in the tab only', async () => {
    await open();
    await page.fill('#door-code', 'wrong');
    await page.keyboard.press('Enter');
    await page.locator('#door-fault', { hasText: 'not the code' }).waitFor();
    await page.fill('#door-code', CODE);
    await page.keyboard.press('Enter');
    await page.locator('html[data-ready]').waitFor();
    await page.click('#start');
    await page.locator('#status', { hasText: 'Playing' }).waitFor();
    expect(await page.locator('body').innerText()).not.toContain(CODE);
    expect(world.requests.every(({ url }) => !url.includes('code'))).toBe(true);
    expect(await page.evaluate('[localStorage.length, document.cookie]')).toEqual([0, '']);
    await page.reload();
    await page.locator('html[data-ready]').waitFor();
  });

  it('does not let anybody past the question for the code', async () => {
    await open();
    const isOpen = () => page.locator('#door[open]').isVisible();
    // Chromium lets a page prevent the first only.
    for (let press = 0; press < 3; press += 1) {
      await page.keyboard.press('Escape');
      await page.waitForTimeout(50);
      expect(await isOpen()).toBe(true);
    }
    // As a browser does that does not know `closedby`.
    await page.locator('#door').evaluate((door) => (door as unknown as { close(): void }).close());
    await expect.poll(isOpen).toBe(true);
    await page.fill('#door-code', CODE);
    await page.keyboard.press('Enter');
    await page.locator('html[data-ready]').waitFor();
    expect(await isOpen()).toBe(false);
  });

  it('says that there were too many wrong codes though one is kept', async () => {
    await open();
    await page.fill('#door-code', CODE);
    await page.keyboard.press('Enter');
    await page.locator('html[data-ready]').waitFor();
    await page.route('**/api/assets*', (route) => route.fulfill({ status: 429, json: { title: 'Too many.' } }));
    await page.reload();
    await page.locator('#door-fault', { hasText: 'Too many wrong codes' }).waitFor();
    await page.unroute('**/api/assets*');
    await page.fill('#door-code', CODE);
    await page.keyboard.press('Enter');
    await page.locator('html[data-ready]').waitFor();
  });
});
