/** The page in each of its states, in light and dark, on desktop and phone. */
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { complaints, DESKTOP, openBrowser, PHONE, screenshot, seriousFindings } from '../../helpers/browser.ts';
import { root } from '../../helpers/config.ts';
import { describeWith } from '../../helpers/needs.ts';
import { CODE, fakeWorld } from './fake-world.ts';

/** Pictures of the last run, to be looked at. */
const SHOTS = join(root, 'reports/demo');

describeWith(['chromium'], 'every state of the page', () => {
  const variants = [
    { name: 'desktop', phone: false, dark: false },
    { name: 'desktop-dark', phone: false, dark: true },
    { name: 'phone', phone: true, dark: false },
    { name: 'phone-dark', phone: true, dark: true },
  ];

  it.each(variants)(
    'is free of serious findings and of sideways scrolling: $name',
    { timeout: 120_000 },
    async (variant) => {
      const { context, close } = await openBrowser(variant);
      const world = await fakeWorld({ mount: 'local', needsCode: true });
      try {
        const page = await context.newPage();
        const said = complaints(page);
        const findings: string[] = [];
        const look = async (state: string): Promise<void> => {
          findings.push(...(await seriousFindings(page)).map((finding) => `${state} ${finding}`));
          const { width } = variant.phone ? PHONE : DESKTOP;
          const wide = (await page.locator('html').evaluate((html) => html.scrollWidth)) - width;
          if (wide > 0) findings.push(`${state} is ${wide} px too wide`);
          // A dialog covers the window, not the page.
          await screenshot(page, join(SHOTS, `${variant.name}-${state}.png`), { isWhole: state !== 'door' });
        };
        await page.goto(world.url);
        await page.locator('#door[open]').waitFor();
        await look('door');
        await page.fill('#door-code', CODE);
        await page.keyboard.press('Enter');
        await page.locator('html[data-ready]').waitFor();
        await look('ready');
        await page.click('#start');
        await page.locator('#status', { hasText: 'Playing' }).waitFor();
        await page.click('#show-code');
        await look('playing');
        await page.click('#revoke');
        await page.locator('#curtain-reason:not([hidden])').waitFor();
        await look('revoked');
        expect(findings).toEqual([]);
        expect(said).toEqual([]);
      } finally {
        await close();
        await world.close();
      }
    },
  );
});
